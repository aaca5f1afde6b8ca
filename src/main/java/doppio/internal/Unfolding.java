package doppio.internal;

/**
 * Which elements of images each result of a convolution meets, and in which blocks the results are
 * computed: some whole images, some rows of one or a part of a row, whose {@link Patches} need
 * little memory.
 */
public final class Unfolding {
  /** Elements of a block's part of the images: 512 KB. */
  private static final int BAND = 1 << 16;

  /** Elements of a part of a row, which is cut where it would have more: 2 MB. */
  private static final int PART = 1 << 18;

  /** Results of a block of small images. */
  private static final int RESULTS = 1024;

  final int planes;
  final int imageStride;
  final Axis down;
  final Axis right;
  final int placeImage;
  final int placeRow;
  final int n;

  /** Images of a block. */
  final int images;

  /** Rows of results of a block. */
  final int rows;

  /** Results of a row that a block has: all, unless it has one row. */
  final int columns;

  private final int bands;

  /** Blocks of a row. */
  private final int parts;

  private Unfolding(
      int planes,
      int imageStride,
      Axis down,
      Axis right,
      int placeImage,
      int placeRow,
      int n,
      int shares) {
    this.planes = planes;
    this.imageStride = imageStride;
    this.down = down;
    this.right = right;
    this.placeImage = placeImage;
    this.placeRow = placeRow;
    this.n = n;
    long results = (long) down.count() * right.count();
    long row = (long) planes * right.extent(right.count());
    long image = row * down.extent(down.count());
    int parts = 1;
    if (results == 0) {
      images = 1;
      rows = 1;
    } else if (n >= shares && image <= BAND) {
      long fit = Math.min(BAND / image, RESULTS / results);
      images = (int) Math.max(1, Math.min(fit, n / shares));
      rows = down.count();
    } else {
      images = 1;
      long more = (BAND / row - down.extent(1)) / down.step();
      int perShare = (down.count() - 1) / ((shares - 1) / Math.max(n, 1) + 1) + 1;
      rows = (int) Math.max(1, Math.min(more + 1, perShare));
      // Where each result stands takes as much as an element.
      long size = row * down.extent(rows) + right.count();
      parts = (int) Math.min(right.count(), (size - 1) / PART + 1);
    }
    columns = Math.max(1, (right.count() - 1) / parts + 1);
    this.parts = Math.max(1, (right.count() - 1) / columns + 1);
    bands = results == 0 ? 0 : (down.count() - 1) / rows + 1;
  }

  /**
   * The elements of one group's channels that each output meets, in the order of its weights.
   *
   * @param shares at least so many blocks, where the results allow it
   */
  public static Unfolding ofInputs(Convolution c, int n, int shares) {
    return new Unfolding(
        c.groupChannels(),
        c.channels() * c.pixels(),
        c.down(),
        c.right(),
        c.out() * c.positions(),
        c.outWidth(),
        n,
        shares);
  }

  /**
   * The elements of one group's outputs that an input goes into, for the inputs of every stride-th
   * row and column from the given ones on.
   */
  public static Unfolding ofOutputs(Convolution c, int row, int column, int n, int shares) {
    return new Unfolding(
        c.groupOut(),
        c.out() * c.positions(),
        c.up(row),
        c.left(column),
        c.channels() * c.pixels(),
        c.width(),
        n,
        shares);
  }

  /** How many blocks the results of all images make. */
  public int blocks() {
    return parts * bands * ((n + images - 1) / images);
  }

  /** Terms of a result. */
  public int depth() {
    return planes * down.taps() * right.taps();
  }

  /** Whether so many results of a row always lie side by side, as do their terms. */
  public boolean hasRuns(int length) {
    int last = right.count() - (parts - 1) * columns;
    return right.step() == 1 && right.placeStep() == 1 && last >= length;
  }

  /** Multiply-adds for so many planes of results. */
  public long work(int resultPlanes) {
    return (long) n * down.count() * right.count() * depth() * resultPlanes;
  }

  /** The first image of a block. */
  int image(int block) {
    return block / parts / bands * images;
  }

  /** The first row of results of a block. */
  int row(int block) {
    return block / parts % bands * rows;
  }

  /** The first of a row's results that a block has. */
  int column(int block) {
    return block % parts * columns;
  }

  /**
   * Copies the weights [planes, results, kernel…] that belong to the terms of some results:
   * [result, term].
   */
  public void weights(double[] w, int w0, Convolution c, int from, int to, double[] terms) {
    int kernel = c.kernelHeight() * c.kernelWidth();
    int at = 0;
    for (int r = from; r < to; r++) {
      for (int plane = 0; plane < planes; plane++) {
        int start = w0 + (plane * c.groupChannels() + r) * kernel;
        for (int i = 0; i < down.taps(); i++) {
          int line = start + (down.kernelFirst() + i * down.kernelStep()) * c.kernelWidth();
          for (int j = 0; j < right.taps(); j++) {
            terms[at++] = w[line + right.kernelFirst() + j * right.kernelStep()];
          }
        }
      }
    }
  }
}
