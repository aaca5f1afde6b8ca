package doppio.internal.layer;

import static doppio.internal.Fma.fma;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.RandomTensors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What normalisations add up, element by element in the order that is stated. The last sizes are
 * large enough for threads to share them.
 */
class NormSumsTest {
  private static final int CHAIN = 256;

  @ParameterizedTest
  @CsvSource({
    "1, 2, 3",
    "256, 3, 1",
    "257, 3, 1",
    "300, 2, 19",
    "5, 4, 8",
    "600, 97, 5",
    "3000, 90, 1"
  })
  void aChannelsSumsHaveTheBitsOfTheirOrder(int n, int channels, int m) {
    double[] x = far(1, n * channels * m);
    double[] gy = normal(2, n * channels * m);
    double[] mean = new double[channels];
    double[] variance = new double[channels];
    double[] sums = new double[channels];
    double[] products = new double[channels];
    Channels all = new Channels(n, channels, m);
    all.moments(x, mean, variance);
    all.gradients(x, mean, gy, sums, products);
    for (int c = 0; c < channels; c++) {
      double count = (double) n * m;
      assertThat(mean[c]).isEqualTo(channel(n, channels, m, c, x, 0, null, 0) / count);
      assertThat(variance[c]).isEqualTo(channel(n, channels, m, c, x, mean[c], x, mean[c]) / count);
      assertThat(sums[c]).isEqualTo(channel(n, channels, m, c, gy, 0, null, 0));
      assertThat(products[c]).isEqualTo(channel(n, channels, m, c, x, mean[c], gy, 0));
    }
  }

  /** Σ (a − a0) · (b − b0) over a channel; b may be ones. */
  private static double channel(
      int n, int channels, int m, int c, double[] a, double a0, double[] b, double b0) {
    double[] samples = new double[n];
    for (int i = 0; i < n; i++) {
      samples[i] = row(a, a0, b, b0, (i * channels + c) * m, m);
    }
    return chains(samples);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "256, 3", "257, 20", "600, 9", "3000, 100"})
  void aRowsNumbersAndTheSumsOverRowsHaveTheBitsOfTheirOrder(int n, int size) {
    double[] x = far(3, n * size);
    double[] gy = normal(4, n * size);
    double[] gamma = normal(5, size);
    double[] beta = normal(6, size);
    double[] y = new double[n * size];
    double[] gx = new double[n * size];
    double[] means = new double[n];
    double[] inverses = new double[n];
    Rows rows = new Rows(n, size);
    rows.normalise(x, y, gamma, beta, 1e-3, means, inverses);
    rows.denormalise(x, gy, gx, gamma, means, inverses);
    double[] scaled = new double[n * size];
    for (int i = 0; i < n; i++) {
      int at = i * size;
      double mean = row(x, 0, null, 0, at, size) / size;
      double inverse = 1 / Math.sqrt(row(x, mean, x, mean, at, size) / size + 1e-3);
      assertThat(means[i]).isEqualTo(mean);
      assertThat(inverses[i]).isEqualTo(inverse);
      for (int j = 0; j < size; j++) {
        scaled[at + j] = gamma[j] * gy[at + j];
      }
      double less = row(scaled, 0, null, 0, at, size) / size;
      double tilt = row(scaled, 0, x, mean, at, size) / size * inverse * inverse;
      for (int j = 0; j < size; j++) {
        double centred = x[at + j] - mean;
        assertThat(y[at + j]).isEqualTo(fma(centred * inverse, gamma[j], beta[j]));
        assertThat(gx[at + j]).isEqualTo(inverse * fma(-centred, tilt, scaled[at + j] - less));
      }
    }
    double[] sums = normal(7, size);
    double[] products = normal(8, size);
    for (boolean add : new boolean[] {false, true}) {
      double[] before = sums.clone();
      double[] productsBefore = products.clone();
      rows.sums(gy, sums, add);
      rows.products(x, means, inverses, gy, products, add);
      for (int j = 0; j < size; j++) {
        double[] column = new double[n];
        for (int i = 0; i < n; i++) {
          column[i] = gy[i * size + j];
        }
        assertThat(sums[j]).isEqualTo(chains(add ? before[j] : 0, column));
        assertThat(products[j])
            .isEqualTo(
                productChains(add ? productsBefore[j] : 0, column, x, means, inverses, size, j));
      }
    }
  }

  private static double productChains(
      double first, double[] gy, double[] x, double[] means, double[] inverses, int size, int j) {
    double total = first;
    for (int start = 0; start < gy.length; start += CHAIN) {
      double chain = 0;
      for (int i = start; i < Math.min(start + CHAIN, gy.length); i++) {
        chain = fma(gy[i], (x[i * size + j] - means[i]) * inverses[i], chain);
      }
      total += chain;
    }
    return total;
  }

  @Test
  void withoutRowsTheSumsAreZerosOrWhatTheyWere() {
    Rows none = new Rows(0, 2);
    double[] sums = {3, 4};
    none.sums(new double[0], sums, true);
    none.products(new double[0], new double[0], new double[0], new double[0], sums, true);
    assertThat(sums).containsExactly(3, 4);
    double[] products = {5, 6};
    none.sums(new double[0], sums, false);
    none.products(new double[0], new double[0], new double[0], new double[0], products, false);
    assertThat(sums).containsExactly(0, 0);
    assertThat(products).containsExactly(0, 0);
  }

  /** Eight partial sums, added as a tree; each product is added unrounded. */
  private static double row(double[] a, double a0, double[] b, double b0, int at, int length) {
    double[] s = new double[8];
    for (int i = 0; i < length; i++) {
      s[i % 8] = b == null ? s[i % 8] + a[at + i] : fma(a[at + i] - a0, b[at + i] - b0, s[i % 8]);
    }
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
  }

  private static double chains(double[] terms) {
    return chains(0, terms);
  }

  /** A chain for every 256 terms, each begun at 0, and the chains in their order. */
  private static double chains(double first, double[] terms) {
    double total = first;
    for (int start = 0; start < terms.length; start += CHAIN) {
      total +=
          Arrays.stream(terms, start, Math.min(start + CHAIN, terms.length)).reduce(0, Double::sum);
    }
    return total;
  }

  private static double[] normal(int seed, int size) {
    return RandomTensors.normal(seed, size).data();
  }

  /** Numbers far from 0, whose squares are not those of what is left without their mean. */
  private static double[] far(int seed, int size) {
    return Arrays.stream(normal(seed, size)).map(v -> 1e4 + v).toArray();
  }
}
