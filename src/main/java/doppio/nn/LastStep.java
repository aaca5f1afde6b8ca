package doppio.nn;

import doppio.Tensor;

/**
 * The last step of each sequence: what a recurrent layer made of all of it.
 *
 * <p>Shapes: input {@code [n, t, f]}, output {@code [n, f]}; one sequence {@code [t, f]} gives
 * {@code [f]}. No parameters; the same in training and evaluation.
 *
 * <p>Gradient: g in the last step, zeros in all others.
 *
 * <p>Source: {@code output[:, -1]} of a recurrent layer of PyTorch.
 */
public final class LastStep extends Layer {
  /** The last step. */
  public LastStep() {}

  @Override
  public Description<LastStep> describe() {
    return Description.of(parts -> new LastStep());
  }

  /** Each step is the last one so far. */
  @Override
  protected Steps steps() {
    return Steps.alone(new Sequential());
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    SequenceShape.check(this, -1, inputShape);
    return SequenceShape.withoutSteps(inputShape);
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    int f = x.dim(-1);
    int length = x.dim(-2) * f;
    for (int i = 0; i < SequenceShape.samples(x); i++) {
      System.arraycopy(x.data(), (i + 1) * length - f, y.data(), i * f, f);
    }
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    int f = x.dim(-1);
    int length = x.dim(-2) * f;
    gx.fill(0);
    for (int i = 0; i < SequenceShape.samples(x); i++) {
      System.arraycopy(gy.data(), i * f, gx.data(), (i + 1) * length - f, f);
    }
  }
}
