package doppio.internal;

import static doppio.TensorAssertions.assertSame;
import static doppio.internal.Implementations.SCALAR;
import static doppio.internal.Implementations.VECTOR;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.nn.Softmax;
import doppio.nn.Tanh;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sample has the same bits whatever batch it sits in. */
class BatchInvarianceTest {
  private static final int LARGEST = 70;

  /** Inputs and outputs, around the widths that have loops of their own. */
  private static final int[][] LAYERS = {
    {1, 1}, {2, 5}, {5, 16}, {7, 3}, {8, 8}, {13, 6}, {17, 2}, {33, 19}, {512, 10}, {300, 401}
  };

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void linearGivesEachSampleTheBitsOfItsBatch(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    for (int[] layer : LAYERS) {
      int in = layer[0];
      int out = layer[1];
      double[] w = Values.ORDINARY.array(out * in, 1);
      double[] bias = Values.ORDINARY.array(out, 2);
      double[] x = Values.ORDINARY.array(LARGEST * in, 3);
      double[] gy = Values.TINY.array(LARGEST * out, 4);
      double[] y = new double[LARGEST * out];
      double[] gx = new double[LARGEST * in];
      kernels.linear(x, 0, w, 0, bias, 0, y, 0, LARGEST, in, out);
      kernels.linearInputGradient(gy, 0, w, 0, gx, 0, LARGEST, in, out);
      for (int n = 1; n < LARGEST; n++) {
        // The last n samples, so that each is seen at every place of a batch.
        double[] some = new double[n * out];
        kernels.linear(last(x, n * in), 0, w, 0, bias, 0, some, 0, n, in, out);
        assertThat(some).as("y of %d, %d → %d", n, in, out).isEqualTo(last(y, n * out));
        double[] gradient = new double[n * in];
        kernels.linearInputGradient(last(gy, n * out), 0, w, 0, gradient, 0, n, in, out);
        assertThat(gradient).as("gx of %d, %d → %d", n, in, out).isEqualTo(last(gx, n * in));
      }
    }
  }

  @Test
  void aNetworkGivesEachSampleTheBitsOfItsBatch() {
    Module network =
        new Sequential(
                new Linear(19, 37, new Generator(1)),
                new Tanh(),
                new Linear(37, 130, new Generator(2)),
                new ReLU(),
                new Linear(130, 5, new Generator(3)),
                new Sigmoid(),
                new Linear(5, 11, new Generator(4)),
                new Softmax())
            .eval();
    Tensor x = RandomTensors.normal(5, LARGEST, 19);
    Tensor gy = RandomTensors.normal(6, LARGEST, 11);
    Tensor y = network.forward(x);
    Tensor gx = network.backward(gy);
    for (int n = 1; n < LARGEST; n++) {
      Tensor some = lastRows(x, n);
      assertSame(network.infer(some), lastRows(y, n));
      assertSame(network.forward(some), lastRows(y, n));
      assertSame(network.backward(lastRows(gy, n)), lastRows(gx, n));
    }
    for (int row = 0; row < LARGEST; row++) {
      Tensor single = Tensor.wrap(Arrays.copyOfRange(x.data(), row * 19, row * 19 + 19), 19);
      assertThat(network.infer(single).data())
          .isEqualTo(Arrays.copyOfRange(y.data(), row * 11, row * 11 + 11));
    }
  }

  private static double[] last(double[] a, int size) {
    return Arrays.copyOfRange(a, a.length - size, a.length);
  }

  private static Tensor lastRows(Tensor t, int n) {
    return Tensor.wrap(last(t.data(), n * t.dim(1)), n, t.dim(1));
  }
}
