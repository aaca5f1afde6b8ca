package doppio.table;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A private record of a program that is a module, beside the library as a module. */
@Tag("jvm")
class NamedModuleTest {
  private static final String PROGRAM =
      """
      package shop.orders;

      import doppio.table.Encoder;
      import java.util.List;

      public final class Main {
        private record Order(double price, String city) {}

        public static void main(String[] args) {
          try {
            List<Order> rows = List.of(new Order(1, "Rome"), new Order(2, "Rome"));
            System.out.println(Encoder.of(Order.class).fit(rows).names());
          } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
          }
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void aRecordThatIsNotOpenIsRefusedWithTheLineThatOpensIt() throws Exception {
    assertThat(run("module shop { requires doppio; }"))
        .containsExactly(
            "shop.orders.Main$Order cannot be read; say in the module-info.java of shop: opens"
                + " shop.orders to doppio;");
  }

  @Test
  void withThatLineItIsRead() throws Exception {
    assertThat(run("module shop { requires doppio; opens shop.orders to doppio; }"))
        .containsExactly("[price, city = Rome, city is another]");
  }

  private List<String> run(String module) throws Exception {
    Path classes =
        Path.of(Encoder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path out = folder.resolve("out");
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "--release",
                "17",
                "-proc:none",
                "-p",
                classes.toString(),
                "-d",
                out.toString(),
                write("module-info.java", module),
                write("Main.java", PROGRAM));
    assertThat(exit).isZero();
    ChildJvm.Result result =
        ChildJvm.run(
            Encoder.class,
            List.of("-p", classes + File.pathSeparator + out, "-m", "shop/shop.orders.Main"));
    assertThat(result.exit()).as("%s", result.errors()).isZero();
    return result.output();
  }

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return file.toString();
  }
}
