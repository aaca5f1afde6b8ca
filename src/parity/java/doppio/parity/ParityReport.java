package doppio.parity;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.choice.KernelChoice;
import doppio.loss.Loss;
import doppio.nn.Layer;
import doppio.optim.Optimizer;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Runs after all others, and says what they have compared. */
@Order(Integer.MAX_VALUE)
class ParityReport {
  private static final int AT_LEAST = 2000;

  @Test
  void everyLayerLossAndOptimizerHasBeenCompared() throws Exception {
    System.out.printf(
        "%d comparisons with libtorch %s (%s), Doppio with %s on Java %s:%n%s",
        Tally.total(),
        torch.TORCH_VERSION,
        torch.get_cpu_capability().getString(),
        KernelChoice.kernels().getClass().getSimpleName(),
        System.getProperty("java.version"),
        Tally.report());
    assertThat(Tally.total()).isGreaterThanOrEqualTo(AT_LEAST);
    assertThat(Tally.by("ConvolutionParity")).as("images").isGreaterThanOrEqualTo(5000);
    assertThat(Tally.by("RecurrentParity", "AttentionParity"))
        .as("sequences")
        .isGreaterThanOrEqualTo(3000);
    for (Class<?> base : List.of(Layer.class, Loss.class, Optimizer.class)) {
      assertThat(Tally.covered()).containsAll(concrete(base));
    }
  }

  /** The classes of the base's package that extend it and can be made. */
  private static List<Class<?>> concrete(Class<?> base) throws IOException, URISyntaxException {
    Path root = Path.of(base.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path folder = root.resolve(base.getPackageName().replace('.', '/'));
    try (Stream<Path> files = Files.list(folder)) {
      List<Class<?>> classes =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".class") && !name.contains("package-info"))
              .<Class<?>>map(name -> load(base.getPackageName() + "." + name.replace(".class", "")))
              .filter(type -> base.isAssignableFrom(type))
              .filter(type -> !Modifier.isAbstract(type.getModifiers()))
              .toList();
      assertThat(classes).isNotEmpty();
      return classes;
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
