package doppio.internal;

import static doppio.internal.VectorOuterTiles.ROWS;

/** A product whose samples are packed for {@link VectorOuterTiles}. */
final class VectorProduct extends Product {
  private double[] panels = {};

  @Override
  void keep(double[] x) {
    int size = VectorPanels.width(in) * n;
    if (panels.length < size) {
      panels = new double[size];
    }
    VectorPanels.packSamples(x, n, in, panels);
  }

  @Override
  void formMatrix(double[] gw) {
    VectorWeightGradient.packed(gy, panels, gw, n, in, out, false);
  }

  @Override
  void matrixParts(Kernels.Part part) {
    Parallel.run(
        VectorWeightGradient.groups(out),
        (long) n * in * out + (long) in * out * WORK_OF_UPDATE,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] gw = scratch.results(ROWS * in);
          for (int group = from; group < to; group++) {
            int o0 = group * ROWS;
            int length = Math.min(ROWS, out - o0) * in;
            VectorWeightGradient.rows(gy, o0, panels, n, in, out, gw, 0, false, scratch);
            part.accept(gw, 0, o0 * in, length);
          }
          scratch.give();
        });
  }
}
