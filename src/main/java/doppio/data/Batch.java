package doppio.data;

import doppio.Tensor;
import doppio.internal.Shapes;
import java.util.Objects;

/**
 * Some rows of a data set, in the order in which a {@link DataLoader} took them.
 *
 * @param inputs the samples {@code [n, ...]}
 * @param targets what they should give, {@code [n]} or {@code [n, ...]}
 */
public record Batch(Tensor inputs, Tensor targets) {
  /**
   * Pairs the tensors, which are not copied.
   *
   * @throws NullPointerException if one of them is null
   */
  public Batch {
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(targets, "targets");
  }

  /** {@return a batch of zeros: n samples and targets of the given shapes} */
  static Batch of(int n, int[] inputShape, int[] targetShape) {
    return new Batch(rows(n, inputShape), rows(n, targetShape));
  }

  private static Tensor rows(int n, int[] shape) {
    int[] all = new int[shape.length + 1];
    all[0] = n;
    System.arraycopy(shape, 0, all, 1, shape.length);
    return Tensor.zeros(all);
  }

  /**
   * {@return the number of samples}
   *
   * @throws doppio.ShapeException if the inputs are of rank 0, which a loader never gives
   */
  public int size() {
    return inputs.dim(0);
  }

  /** The shapes of inputs and targets. */
  @Override
  public String toString() {
    return "Batch(inputs " + Shapes.text(inputs) + ", targets " + Shapes.text(targets) + ")";
  }
}
