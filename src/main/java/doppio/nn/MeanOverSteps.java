package doppio.nn;

import doppio.Tensor;
import doppio.internal.choice.KernelChoice;

/**
 * The mean over the steps of each sequence, feature by feature. A sum is one chain from the first
 * step to the last.
 *
 * <p>Shapes: input {@code [n, t, f]}, output {@code [n, f]}; one sequence {@code [t, f]} gives
 * {@code [f]}. No parameters; the same in training and evaluation.
 *
 * <p>Gradient: g / t in every step.
 *
 * <p>Source: {@code x.mean(1)} in PyTorch.
 */
public final class MeanOverSteps extends Layer {
  /** The mean over the steps. */
  public MeanOverSteps() {}

  @Override
  public Description<MeanOverSteps> describe() {
    return Description.of(parts -> new MeanOverSteps());
  }

  @Override
  protected Steps steps() {
    throw new Unsteppable(this, "it is a mean over all steps of a sequence");
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    SequenceShape.check(this, -1, inputShape);
    return SequenceShape.withoutSteps(inputShape);
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    int steps = x.dim(-2);
    int f = x.dim(-1);
    for (int i = 0; i < SequenceShape.samples(x); i++) {
      KernelChoice.kernels().columnSums(x.data(), i * steps * f, y.data(), i * f, steps, f, false);
    }
    for (int k = 0; k < y.size(); k++) {
      y.data()[k] /= steps;
    }
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    int steps = x.dim(-2);
    int f = x.dim(-1);
    for (int i = 0, at = 0; i < SequenceShape.samples(x); i++) {
      for (int step = 0; step < steps; step++) {
        for (int k = 0; k < f; k++, at++) {
          gx.data()[at] = gy.data()[i * f + k] / steps;
        }
      }
    }
  }
}
