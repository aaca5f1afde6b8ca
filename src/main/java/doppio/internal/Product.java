package doppio.internal;

/**
 * The gradient of a linear layer's weight, Σₙ gy[n,o] · x[n,i], kept as its two factors until
 * somebody needs it: together they are often smaller, and an optimizer can use each part of the
 * matrix while it is in the cache.
 */
public abstract class Product {
  /** What an optimizer does with one element, in multiply-adds: it waits for memory. */
  static final int WORK_OF_UPDATE = 16;

  int n;
  int in;
  int out;
  double[] gy = {};

  /** The only sample, where there is one: it is kept as it is. */
  private double[] single = {};

  /** Takes copies of gy [n, out] and x [n, in]. */
  public final void set(double[] gy, double[] x, int n, int in, int out) {
    this.n = n;
    this.in = in;
    this.out = out;
    // Arrays grow only, so that a smaller last batch leaves them for the next epoch.
    if (this.gy.length < gy.length) {
      this.gy = new double[gy.length];
    }
    System.arraycopy(gy, 0, this.gy, 0, gy.length);
    if (n == 1) {
      if (single.length != in) {
        single = new double[in];
      }
      System.arraycopy(x, 0, single, 0, in);
    } else {
      keep(x);
    }
  }

  /** Writes the matrix to gw [out, in]. */
  public final void form(double[] gw) {
    if (n == 1) {
      parts((row, at, from, length) -> System.arraycopy(row, at, gw, from, length));
    } else {
      formMatrix(gw);
    }
  }

  /** Hands the matrix on in parts that cover it once, by several threads at once. */
  public final void parts(Kernels.Part part) {
    if (n == 1) {
      outerParts(part);
    } else {
      matrixParts(part);
    }
  }

  abstract void keep(double[] x);

  abstract void formMatrix(double[] gw);

  abstract void matrixParts(Kernels.Part part);

  /** For a single sample each row is a multiple of x. */
  private void outerParts(Kernels.Part part) {
    Parallel.run(
        out,
        (long) WORK_OF_UPDATE * in * out,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] row = scratch.results(in);
          for (int o = from; o < to; o++) {
            part.acceptMultiple(gy[o], single, o * in, row);
          }
          scratch.give();
        });
  }
}
