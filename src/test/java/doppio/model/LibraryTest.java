package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LibraryTest {
  @Test
  void everyModuleOfTheLibraryHasANameInFiles() throws Exception {
    assertThat(modules())
        .contains(Linear.class, Sequential.class)
        .allSatisfy(
            type ->
                assertThat(Library.MODULES.of(type))
                    .as("the row of %s in Library", type.getSimpleName())
                    .isNotNull()
                    .extracting(Registry.Entry::name)
                    .isEqualTo(type.getSimpleName()));
  }

  /** Those that can be made, found where the library's classes lie. */
  private static List<Class<?>> modules() throws IOException, URISyntaxException {
    Path classes = Path.of(Layer.class.getResource("Layer.class").toURI()).getParent();
    try (Stream<Path> files = Files.list(classes)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
          .<Class<?>>map(name -> load("doppio.nn." + name.replace(".class", "")))
          .filter(Module.class::isAssignableFrom)
          .filter(type -> !Modifier.isAbstract(type.getModifiers()))
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
