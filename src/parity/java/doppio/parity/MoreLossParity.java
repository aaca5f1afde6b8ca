package doppio.parity;

import static org.bytedeco.pytorch.global.torch.binary_cross_entropy_with_logits;
import static org.bytedeco.pytorch.global.torch.huber_loss;
import static org.bytedeco.pytorch.global.torch.l1_loss;
import static org.bytedeco.pytorch.global.torch.nll_loss;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.BCEWithLogits;
import doppio.loss.Huber;
import doppio.loss.L1;
import doppio.loss.Loss;
import doppio.loss.NLL;
import doppio.loss.Reduction;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.TensorOptional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Losses of random shapes, weights and settings against libtorch. */
@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
class MoreLossParity {
  private static final int SHAPES = 100;
  private static final int IGNORED = -100;

  private final Generator g = new Generator(3);

  @ParameterizedTest
  @EnumSource(Reduction.class)
  void valuesAndGradients(Reduction reduction) {
    long number = reduction == Reduction.MEAN ? 1 : 2;
    for (int i = 0; i < SHAPES; i++) {
      try (PointerScope scope = new PointerScope()) {
        int[] shape = new int[1 + i % 3];
        Arrays.setAll(shape, d -> 1 + below(9));
        Tensor x = normal(shape);
        Tensor y = normal(shape);
        compare(new L1(reduction), x, y, p -> l1_loss(p, Torch.of(y), number));
        double delta = 0.1 + g.uniform();
        compare(new Huber(delta, reduction), x, y, p -> huber_loss(p, Torch.of(y), number, delta));
        binary(reduction, number, x, i % 2 == 0);
        classes(reduction, number, x.reshape(x.size() / x.dim(-1), x.dim(-1)), i % 2 == 0);
      }
    }
  }

  private void binary(Reduction reduction, long number, Tensor x, boolean weighted) {
    Tensor y = Tensor.zeros(x.shape());
    g.uniform(y.data(), 0, 1);
    y.data()[0] = 1;
    double[] weights = weights(x.dim(-1));
    BCEWithLogits loss = new BCEWithLogits(reduction);
    compare(
        weighted ? loss.positiveWeight(weights) : loss,
        x,
        y,
        p ->
            binary_cross_entropy_with_logits(
                p, Torch.of(y), new TensorOptional(), optional(weighted, weights), number));
  }

  private void classes(Reduction reduction, long number, Tensor x, boolean weighted) {
    Tensor y = Tensor.zeros(x.dim(0));
    for (int row = 0; row < y.size(); row++) {
      y.data()[row] = row % 3 == 2 ? IGNORED : below(x.dim(1));
    }
    double[] weights = weights(x.dim(1));
    NLL loss = new NLL(reduction).ignoreIndex(IGNORED);
    compare(
        weighted ? loss.weights(weights) : loss,
        x,
        y,
        p -> nll_loss(p, Torch.indices(y), optional(weighted, weights), number, IGNORED));
  }

  private static void compare(
      Loss loss, Tensor x, Tensor y, UnaryOperator<org.bytedeco.pytorch.Tensor> twin) {
    org.bytedeco.pytorch.Tensor leaf = Torch.leaf(x);
    org.bytedeco.pytorch.Tensor value = twin.apply(leaf);
    value.backward();
    String what = loss + " on " + Arrays.toString(x.shape());
    Tally.compare(what, Tensor.full(loss.forward(x, y)), Torch.from(value), Tally.Bound.ONE_PASS);
    Tally.compare(what + " gradient", loss.backward(), Torch.gradient(leaf), Tally.Bound.ONE_PASS);
    Tally.covers(loss);
  }

  private static TensorOptional optional(boolean weighted, double[] weights) {
    return weighted ? new TensorOptional(Torch.of(Tensor.of(weights))) : new TensorOptional();
  }

  private double[] weights(int n) {
    double[] weights = new double[n];
    g.uniform(weights, 0.1, 3);
    return weights;
  }

  private Tensor normal(int[] shape) {
    Tensor t = Tensor.zeros(shape);
    g.normal(t.data(), 0, 2);
    return t;
  }

  private int below(int n) {
    return (int) (g.random32() % n);
  }
}
