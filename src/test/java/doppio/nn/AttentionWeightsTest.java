package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.internal.layer.Attention;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which weights wait for the way back: seen where queries and keys change before it. */
class AttentionWeightsTest {
  /** 2 · 1024² are 2²¹. */
  @ParameterizedTest
  @CsvSource({"1, 3, true", "2, 1024, true", "1, 1449, false"})
  void asManyAsTwoMillionAreKept(int heads, int steps, boolean kept) {
    int dim = heads;
    double[] qkv = new double[3 * dim * steps];
    new Generator(1).normal(qkv, 0, 1);
    Attention attention = new Attention(steps, heads, 1, false, qkv);
    new AttentionWeights().keep(attention, heads, steps);
    attention.forward(1, new double[dim * steps]);
    double[] gy = new double[dim * steps];
    gy[0] = 1;
    double[] before = new double[qkv.length];
    attention.backward(1, gy, before);
    double[] now = new double[qkv.length];
    Arrays.fill(qkv, 0);
    attention.backward(1, gy, now);
    // ∂v = Pᵀ g, for the first query its weights: all equal where there is nothing to attend to.
    for (int step = 0; step < steps; step += 500) {
      double weight = now[3 * dim * step + 2 * dim];
      assertThat(weight).isEqualTo(kept ? before[3 * dim * step + 2 * dim] : 1.0 / steps);
    }
  }
}
