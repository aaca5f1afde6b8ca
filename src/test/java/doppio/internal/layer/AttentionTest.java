package doppio.internal.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionTest {
  private static final int N = 3;
  private static final int HEADS = 2;
  private static final int WIDTH = 5;
  private static final int ROW = HEADS * WIDTH;

  @ParameterizedTest
  @CsvSource({"1, true", "9, true", "64, true", "65, true", "200, true", "9, false", "130, false"})
  void weightsThatAreKeptAndThoseComputedAgainGiveTheSameGradients(int steps, boolean causal) {
    double[] qkv = normal(1, steps, 3);
    double[] gy = normal(2, steps, 1);
    double[] weights = new double[N * HEADS * steps * steps];
    boolean[] some = someOf(weights.length);
    for (boolean[] kept : new boolean[][] {null, some}) {
      Attention keeping = new Attention(steps, HEADS, WIDTH, causal, qkv);
      Attention again = new Attention(steps, HEADS, WIDTH, causal, qkv);
      keeping.keep(weights);
      keeping.drop(kept, 0.8);
      again.drop(kept, 0.8);
      assertThat(forward(keeping, steps)).isEqualTo(forward(again, steps));
      assertThat(backward(keeping, gy, steps)).isEqualTo(backward(again, gy, steps));
    }
  }

  /** Some weights are dropped, in more than one block. */
  @ParameterizedTest
  @CsvSource({"5, true", "5, false", "70, true", "70, false"})
  void gradientsAreDifferencesWhereWeightsAreDropped(int steps, boolean causal) {
    double[] qkv = normal(1, steps, 3);
    double[] gy = normal(2, steps, 1);
    boolean[] some = someOf(N * HEADS * steps * steps);
    Attention attention = new Attention(steps, HEADS, WIDTH, causal, qkv);
    attention.drop(some, 0.8);
    double[] gradients = backward(attention, gy, steps);
    double h = 1e-5;
    for (int i = 0; i < qkv.length; i += qkv.length / 60 + 2) {
      double x = qkv[i];
      qkv[i] = x + h;
      double above = product(forward(attention, steps), gy);
      qkv[i] = x - h;
      double below = product(forward(attention, steps), gy);
      qkv[i] = x;
      assertThat(gradients[i]).isCloseTo((above - below) / (2 * h), within(1e-6));
    }
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Where a head has a number that is none, its queries go one by one, there and back. */
  @Test
  void keptWeightsAreNotReadWhereABlockHadToBeTakenApart() {
    int steps = 70;
    double[] gy = normal(2, steps, 1);
    for (int at : new int[] {0, ROW, 2 * ROW, 40 * 3 * ROW + 2 * ROW + 3}) {
      double[] qkv = normal(1, steps, 3);
      qkv[at] = Double.POSITIVE_INFINITY;
      double[] weights = new double[N * HEADS * steps * steps];
      Attention keeping = of(qkv, steps);
      Attention again = of(qkv, steps);
      keeping.keep(weights);
      Arrays.fill(weights, 77);
      assertThat(forward(keeping, steps)).isEqualTo(forward(again, steps));
      assertThat(backward(keeping, gy, steps)).isEqualTo(backward(again, gy, steps));
    }
  }

  /** A query's gradient knows nothing of the infinite one of a later output. */
  @Test
  void aGradientThatIsNoNumberStaysInItsRow() {
    int steps = 7;
    double[] qkv = normal(1, steps, 3);
    double[] gy = normal(2, steps, 1);
    double[] expected = backward(of(qkv, steps), gy, steps);
    gy[3 * ROW] = Double.NaN;
    double[] actual = backward(of(qkv, steps), gy, steps);
    for (int step = 0; step < steps; step++) {
      int query = step * 3 * ROW;
      boolean spoilt = Double.isNaN(actual[query]);
      assertThat(spoilt).as("step %d", step).isEqualTo(step == 3);
      if (step != 3) {
        assertThat(actual[query]).isCloseTo(expected[query], within(1e-14));
      }
      // Its keys and values are those that the third output asked.
      assertThat(Double.isNaN(actual[query + ROW])).isEqualTo(step <= 3);
      assertThat(Double.isNaN(actual[query + 2 * ROW])).isEqualTo(step <= 3);
    }
  }

  @Test
  void oneStepAfterTheOtherHasTheBitsOfAll() {
    int steps = 150;
    double[] qkv = normal(3, steps, 3);
    double[] y = forward(of(qkv, steps), steps);
    int room = 160;
    double[] keys = new double[HEADS * room * WIDTH];
    double[] values = new double[HEADS * room * WIDTH];
    for (int step = 0; step < steps; step++) {
      double[] row = Arrays.copyOfRange(qkv, step * 3 * ROW, (step + 1) * 3 * ROW);
      for (int head = 0; head < HEADS; head++) {
        int to = (head * room + step) * WIDTH;
        System.arraycopy(row, ROW + head * WIDTH, keys, to, WIDTH);
        System.arraycopy(row, 2 * ROW + head * WIDTH, values, to, WIDTH);
      }
      double[] next = new double[ROW];
      of(row, 1).next(keys, values, room, step + 1, next);
      assertThat(next)
          .as("step %d", step)
          .isEqualTo(Arrays.copyOfRange(y, step * ROW, (step + 1) * ROW));
    }
  }

  private static Attention of(double[] qkv, int steps) {
    return new Attention(steps, HEADS, WIDTH, true, qkv);
  }

  private static double[] forward(Attention attention, int steps) {
    double[] y = new double[N * steps * ROW];
    attention.forward(N, y);
    return y;
  }

  private static double[] backward(Attention attention, double[] gy, int steps) {
    double[] gqkv = new double[N * steps * 3 * ROW];
    attention.backward(N, gy, gqkv);
    return gqkv;
  }

  private static double[] normal(int seed, int steps, int parts) {
    return RandomTensors.normal(seed, N * steps * parts * ROW).data();
  }

  private static boolean[] someOf(int size) {
    Generator random = new Generator(1);
    boolean[] some = new boolean[size];
    for (int i = 0; i < size; i++) {
      some[i] = random.uniform() < 0.8;
    }
    return some;
  }
}
