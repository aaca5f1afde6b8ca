package doppio.parity;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.mse_loss;

import doppio.golden.LossCase;
import doppio.loss.Reduction;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** The losses by libtorch. */
final class TorchLosses {
  /** libtorch's numbers for the ways of reduction. */
  private static final int MEAN = 1;

  private static final int SUM = 2;

  private TorchLosses() {}

  /** The value and the gradient. */
  static Map<String, doppio.Tensor> results(LossCase c) {
    Tensor prediction = Torch.leaf(c.prediction());
    Tensor value = value(c, prediction);
    value.backward();
    Map<String, doppio.Tensor> results = new LinkedHashMap<>();
    results.put("value", Torch.from(value));
    results.put("gradient", Torch.gradient(prediction));
    return results;
  }

  /** The mean cross-entropy for class indices. */
  static Tensor crossEntropy(Tensor logits, doppio.Tensor targets) {
    return cross_entropy_loss(logits, Torch.indices(targets));
  }

  private static Tensor value(LossCase c, Tensor prediction) {
    int reduction = c.reduction() == Reduction.MEAN ? MEAN : SUM;
    return switch (c.kind()) {
      case MSE -> mse_loss(prediction, Torch.of(c.target()), reduction);
      case HALF_MSE -> mse_loss(prediction, Torch.of(c.target()), reduction).mul(new Scalar(0.5));
      case HINGE -> {
        Tensor product = prediction.mul(Torch.of(c.target()));
        Tensor losses = product.neg().add(new Scalar(1.0)).relu();
        yield reduction == MEAN ? losses.mean() : losses.sum();
      }
      case CROSS_ENTROPY -> {
        // libtorch has the classes second, so it gets rows whatever the rank.
        int classes = c.prediction().dim(-1);
        boolean indices = c.target().rank() < c.prediction().rank();
        Tensor target =
            indices
                ? Torch.indices(c.target()).reshape(-1)
                : Torch.of(c.target()).reshape(-1, classes);
        yield cross_entropy_loss(
            prediction.reshape(-1, classes),
            target,
            c.weights() == null ? new TensorOptional() : new TensorOptional(Torch.of(c.weights())),
            reduction,
            c.ignored(),
            c.smoothing());
      }
    };
  }
}
