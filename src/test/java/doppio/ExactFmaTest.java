package doppio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExactFmaTest {
  private static final double[] EDGES = {
    0,
    -0.0,
    1,
    -1,
    3,
    0.1,
    1 + 0x1p-52,
    1 - 0x1p-53,
    0x1p27 + 1,
    Double.MIN_VALUE,
    3 * Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Double.MIN_NORMAL - Double.MIN_VALUE,
    0x1p-480,
    0x1p-500,
    0x1p480,
    0x1p500,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  @Test
  void isRoundedOnceAtTheEdges() {
    for (double a : EDGES) {
      for (double b : EDGES) {
        for (double c : EDGES) {
          same(ExactFma.fma(a, b, c), Math.fma(a, b, c));
          float x = (float) a;
          float y = (float) b;
          float z = (float) c;
          same(ExactFma.fma(x, y, z), Math.fma(x, y, z));
        }
      }
    }
  }

  @Test
  void isRoundedOnceWhereverTheSumFalls() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 1_000_000; i++) {
      double a = number(random, 40);
      double b = number(random, 40);
      double c = i % 3 == 0 ? -(a * b) * (1 + random.nextInt(5) * 0x1p-52) : number(random, 120);
      same(ExactFma.fma(a, b, c), Math.fma(a, b, c));
    }
  }

  /** Products and sums that overflow on the way or end among the numbers with fewer bits, too. */
  @Test
  void isRoundedOnceWhateverTheSizes() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 1_000_000; i++) {
      double a = number(random, 1070);
      double b = number(random, 1070);
      double product = i % 4 == 0 ? Math.scalb(number(random, 1), -1022) : a * b;
      double c =
          Math.scalb(number(random, 1), Math.getExponent(product) + random.nextInt(240) - 120);
      b = i % 4 == 0 ? product / a : b;
      c = i % 5 == 0 ? -a * b * (1 + random.nextInt(5) * 0x1p-52) : c;
      same(ExactFma.fma(a, b, c), Math.fma(a, b, c));
    }
  }

  /**
   * Where the processor has no instruction for it Math.fma takes a microsecond and more. Only who
   * has looked for the instruction calls it, and the vector kernels, which are not taken without.
   */
  @Test
  void noCodeCallsTheOneInSoftware() throws IOException {
    Path sources = Path.of("src/main/java/doppio");
    try (Stream<Path> files = Files.walk(sources)) {
      List<String> callers =
          files
              .filter(Files::isRegularFile)
              .filter(file -> text(file).matches("(?s).*Math\\s*(\\.|::)\\s*fma\\b(?!\\}).*"))
              .map(file -> sources.relativize(file).toString().replace('\\', '/'))
              .filter(file -> !file.startsWith("internal/vector/"))
              .sorted()
              .toList();
      assertThat(callers).containsExactly("internal/Fma.java", "internal/source/ElementText.java");
    }
    Matcher calls =
        Pattern.compile("Math\\.fma\\(")
            .matcher(text(sources.resolve("internal/source/ElementText.java")));
    assertThat(calls.results().count()).as("as the library's, and to look for it").isEqualTo(2);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).replaceAll("(?m)^ *(/?\\*|//).*", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A float's rounding meets ties that a double's has decided already. */
  @Test
  void isRoundedOnceToAFloat() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 1_000_000; i++) {
      float a = (float) number(random, 20);
      float b = (float) number(random, 20);
      float c = i % 3 == 0 ? -a * b : (float) number(random, 60);
      same(ExactFma.fma(a, b, c), Math.fma(a, b, c));
    }
  }

  /** (1 + 2⁻⁴⁰)(1 − 2⁻⁴⁰) is 2⁻⁸⁰ below 1; of numbers this small no double holds the difference. */
  @Test
  void aTieIsDecidedByAnErrorBelowAllDoubles() {
    double odd = Math.nextUp(0x1p-946);
    assertThat(ExactFma.fma((1 + 0x1p-40) * 0x1p-500, (1 - 0x1p-40) * 0x1p-499, odd))
        .isEqualTo(odd);
  }

  /** A hair above the tie between 1 and the next float, and a hair below the next double. */
  @Test
  void aFloatsTieIsDecidedByWhatADoubleCutsOff() {
    assertThat(ExactFma.fma(0x1.1ce1d2p0f, 0x1.cc1792p-25f, 1f)).isEqualTo(Math.nextUp(1f));
    assertThat(ExactFma.fma(0x1.6ffaeep0f, 0x1.64316ep-25f, 1f)).isEqualTo(Math.nextUp(1f));
  }

  private static void same(double actual, double expected) {
    assertThat(Double.doubleToLongBits(actual)).isEqualTo(Double.doubleToLongBits(expected));
  }

  /** Few bits at times: ties are rare among numbers of 53. */
  private static double number(SplittableRandom random, int exponents) {
    double mantissa = random.nextDouble(-1, 1);
    if (random.nextBoolean()) {
      mantissa = Math.rint(mantissa * 0x1p27) * 0x1p-27;
    }
    return Math.scalb(mantissa, random.nextInt(-exponents, exponents));
  }
}
