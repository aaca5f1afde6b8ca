package doppio.internal.onnx.load;

import doppio.Tensor;

/** The sizes of the argument, or some of them, as numbers. */
final class ShapeOf extends Function {
  private final long start;
  private final long end;

  ShapeOf(long start, long end) {
    this.start = start;
    this.end = end;
  }

  @Override
  int[] shape(Argument[] in) {
    return new int[] {known(in).length};
  }

  @Override
  double[] known(Argument[] in) {
    int[] shape = in[0].shape();
    int first = place(start, shape.length);
    int last = place(end, shape.length);
    double[] sizes = new double[Math.max(0, last - first)];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape[first + i];
    }
    return sizes;
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    double[] sizes = known(Argument.of(in));
    System.arraycopy(sizes, 0, y.data(), 0, sizes.length);
  }

  private static int place(long at, int rank) {
    return (int) Math.max(0, Math.min(at < 0 ? at + rank : at, rank));
  }
}
