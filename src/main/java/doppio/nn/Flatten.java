package doppio.nn;

import doppio.Tensor;

/**
 * Lays the dimensions behind the first one after the other.
 *
 * <p>Shapes: input {@code [n, ..]} with at least one dimension more, output {@code [n, f]}, f the
 * product of the others. The first dimension is the batch, always: a single sample comes as {@code
 * [1, ..]}. No parameters; the same in training and evaluation.
 *
 * <p>Gradient: the same numbers in the input's shape.
 *
 * <p>Source: {@code torch.nn.Flatten} with its start_dim = 1.
 */
public final class Flatten extends Layer {
  /** Keeps the first dimension. */
  public Flatten() {}

  @Override
  public Description<Flatten> describe() {
    return Description.of(parts -> new Flatten());
  }

  @Override
  protected Steps steps() {
    throw new Unsteppable(this, "it joins all steps");
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    if (inputShape.length < 2) {
      throw refuse("[n, ..] with a batch as its first dimension", inputShape);
    }
    double features = 1;
    for (int d = 1; d < inputShape.length; d++) {
      features *= inputShape[d];
    }
    if (features > Integer.MAX_VALUE) {
      throw refuse("[n, ..] of at most " + Integer.MAX_VALUE + " features", inputShape);
    }
    return new int[] {inputShape[0], (int) features};
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    System.arraycopy(x.data(), 0, y.data(), 0, x.size());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
  }
}
