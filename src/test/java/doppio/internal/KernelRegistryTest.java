package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A new kernel is more than its loops: this test names every test that does not know it yet. */
class KernelRegistryTest {
  private static final Path TESTS = Path.of("src/test/java/doppio/internal");

  @Test
  void everyKernelIsTestedOnBothImplementations() throws IOException {
    List<String> missing = new ArrayList<>();
    int kernels = 0;
    for (Class<?> words : List.of(Kernels.class, ConvolutionKernels.class)) {
      for (Method kernel : kernels(words)) {
        kernels++;
        missing.addAll(missing(words, kernel.getName()));
      }
    }
    assertThat(kernels).isGreaterThan(20);
    assertThat(missing).as("what new kernels lack; .github/CONTRIBUTING.md explains").isEmpty();
  }

  @Test
  void aKernelThatNoTestKnowsIsToldWhereOneBelongs() throws IOException {
    assertThat(missing(Kernels.class, "noSuchKernel"))
        .containsExactly(
            "Kernels.noSuchKernel: compare both implementations with a formula, to the bit, in a"
                + " *KernelsTest of "
                + TESTS,
            "Kernels.noSuchKernel: let parts begin anywhere in an array, in "
                + TESTS.resolve("OffsetsTest.java"));
  }

  private static List<Method> kernels(Class<?> words) {
    return Arrays.stream(words.getDeclaredMethods())
        .filter(m -> !Modifier.isStatic(m.getModifiers()) && !m.isSynthetic())
        .filter(m -> Arrays.asList(m.getParameterTypes()).contains(double[].class))
        .toList();
  }

  private static List<String> missing(Class<?> words, String kernel) throws IOException {
    List<String> missing = new ArrayList<>();
    String name = words.getSimpleName() + "." + kernel + ": ";
    if (!isNamedIn(".*KernelsTest\\.java", kernel)) {
      missing.add(
          name
              + "compare both implementations with a formula, to the bit, in a *KernelsTest of "
              + TESTS);
    }
    // An optimizer's kernel begins anywhere in its own test.
    if (!isNamedIn("UpdateKernelsTest\\.java", kernel)
        && !isNamedIn("OffsetsTest\\.java", kernel)) {
      missing.add(
          name + "let parts begin anywhere in an array, in " + TESTS.resolve("OffsetsTest.java"));
    }
    return missing;
  }

  private static boolean isNamedIn(String files, String kernel) throws IOException {
    Pattern call = Pattern.compile("(\\.|::)" + kernel + "\\b");
    try (Stream<Path> tests = Files.list(TESTS)) {
      for (Path test : tests.filter(f -> f.getFileName().toString().matches(files)).toList()) {
        if (call.matcher(Files.readString(test)).find()) {
          return true;
        }
      }
    }
    return false;
  }
}
