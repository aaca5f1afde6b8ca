package doppio.nn;

import doppio.Tensor;

/** The shape of an input of sequences: {@code [n, t, features]}, or one of them. */
final class SequenceShape {
  private SequenceShape() {}

  /**
   * Refuses another shape, and sequences without a step.
   *
   * @param features how many there have to be; negative if any number will do
   */
  static void check(Layer layer, int features, int[] shape) {
    int rank = shape.length;
    if ((rank != 2 && rank != 3)
        || shape[rank - 2] == 0
        || (features >= 0 && shape[rank - 1] != features)) {
      String f = features < 0 ? "f" : Integer.toString(features);
      throw layer.refuse("[n, t, " + f + "] or [t, " + f + "] of at least one step", shape);
    }
  }

  /** The number of sequences. */
  static int samples(Tensor x) {
    return x.rank() == 2 ? 1 : x.dim(0);
  }

  /** The shape with another last dimension. */
  static int[] withFeatures(int features, int[] shape) {
    int[] other = shape.clone();
    other[shape.length - 1] = features;
    return other;
  }

  /** The shape without steps. */
  static int[] withoutSteps(int[] shape) {
    return shape.length == 2 ? new int[] {shape[1]} : new int[] {shape[0], shape[2]};
  }
}
