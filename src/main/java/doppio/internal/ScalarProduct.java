package doppio.internal;

/** A product whose samples are rows of their own, as the {@link ScalarTiles} need them. */
final class ScalarProduct extends Product {
  private static final int ROWS = ScalarTiles.ROWS;
  private static final int WIDTH = ScalarTiles.WIDTH;

  /** Columns of a block are some of each sample's; blocks follow each other. */
  private double[][] rows = {};

  @Override
  void keep(double[] x) {
    int width = Math.min(WIDTH, in);
    int count = blocks() * n;
    if (rows.length < count || (count > 0 && rows[0].length < width)) {
      rows = new double[count][width];
    }
    for (int block = 0; block < blocks(); block++) {
      ScalarOuterProducts.copyRows(x, block * WIDTH, in, n, columns(block), rows, block * n);
    }
  }

  @Override
  void formMatrix(double[] gw) {
    matrixParts((part, at, from, length) -> System.arraycopy(part, at, gw, from, length));
  }

  @Override
  void matrixParts(Kernels.Part part) {
    Parallel.run(
        (out + ROWS - 1) / ROWS,
        (long) n * in * out + (long) in * out * WORK_OF_UPDATE,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] gw = scratch.results(ROWS * in);
          for (int o0 = from * ROWS; o0 < Math.min(out, to * ROWS); o0 += ROWS) {
            int count = Math.min(ROWS, out - o0);
            for (int block = 0; block < blocks(); block++) {
              ScalarOuterProducts.four(
                  gy,
                  o0,
                  1,
                  out,
                  count,
                  rows,
                  block * n,
                  n,
                  gw,
                  block * WIDTH,
                  in,
                  columns(block),
                  false);
            }
            part.accept(gw, 0, o0 * in, count * in);
          }
          scratch.give();
        });
  }

  private int blocks() {
    return (in + WIDTH - 1) / WIDTH;
  }

  private int columns(int block) {
    return Math.min(WIDTH, in - block * WIDTH);
  }
}
