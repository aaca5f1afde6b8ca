package doppio.internal.onnx.save;

/**
 * A value in the graph that is written.
 *
 * @param name its name
 * @param shape its shape for a batch of one
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Value(String name, int[] shape) {
  int rank() {
    return shape.length;
  }

  int dim(int d) {
    return shape[d];
  }
}
