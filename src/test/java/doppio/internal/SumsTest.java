package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Numbers of which no addition in another order has the same bits. */
class SumsTest {
  @Test
  void theRestGoesToThePartsInItsOrder() {
    double[] parts = {-1, 1, 2, 3, 4, 5, 6, 7, 8};
    double[] a = {0, 0, 0, 10, 20, 30};
    double[] b = {0, 0, 7, 7, 2, 3, 4};
    Sums.addRest(parts, 1, a, 1, b, 2, 2, 5);
    assertThat(parts).containsExactly(-1, 1 + 20, 2 + 60, 3 + 120, 4, 5, 6, 7, 8);
  }

  @Test
  void noRestChangesNothing() {
    double[] parts = {1, 2};
    Sums.addRest(parts, 0, new double[8], 0, new double[8], 0, 8, 8);
    assertThat(parts).containsExactly(1, 2);
  }

  @Test
  void theEightPartsAreAddedAsTheTreeHasThem() {
    double[] parts = new double[24];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = (i % 3 - 1.1) / (i * i + 3) * Math.pow(10, i % 5);
    }
    double[] sums = {0, 0, 99};
    Sums.addParts(parts, sums, 2);
    for (int e = 0; e < 2; e++) {
      double[] s = Arrays.copyOfRange(parts, 8 * e, 8 * e + 8);
      double even = (s[0] + s[4]) + (s[2] + s[6]);
      double odd = (s[1] + s[5]) + (s[3] + s[7]);
      assertThat(sums[e]).isEqualTo(even + odd);
    }
    assertThat(sums[2]).isEqualTo(99);
    double first = sums[0];
    Sums.addParts(parts, parts, 1);
    assertThat(parts[0]).isEqualTo(first);
  }
}
