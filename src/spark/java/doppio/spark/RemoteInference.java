package doppio.spark;

import doppio.Tensor;
import doppio.nn.Module;
import java.io.Serializable;

/** A trained model as other JVMs get it, loaded once in each, for any number of tasks at once. */
final class RemoteInference implements Serializable {
  private static final long serialVersionUID = 1L;

  private final PackedModel packed;
  private final int[] inputShape;
  private transient Module model;

  /**
   * A model.
   *
   * @param inputShape of one input; null for a vector
   */
  RemoteInference(PackedModel packed, int[] inputShape) {
    this.packed = packed;
    this.inputShape = inputShape;
  }

  /** The outputs for rows of numbers, as a batch. */
  Tensor infer(double[][] rows) {
    Tensor batch = Tensor.of(rows);
    if (inputShape != null) {
      int[] shape = new int[inputShape.length + 1];
      shape[0] = rows.length;
      System.arraycopy(inputShape, 0, shape, 1, inputShape.length);
      batch = batch.reshape(shape);
    }
    return model().infer(batch);
  }

  private synchronized Module model() {
    if (model == null) {
      model = packed.unpack();
    }
    return model;
  }
}
