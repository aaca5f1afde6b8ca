package doppio.internal;

import java.util.Arrays;
import java.util.function.Supplier;

/** Working arrays of a matrix product, borrowed from a {@link Pool} for the length of one call. */
public final class Scratch extends Pool.Shared {
  /** A class of its own: the first lambda of an application costs it 20 ms. */
  private static final Pool<Scratch> POOL =
      new Pool<>(
          new Supplier<Scratch>() {
            @Override
            public Scratch get() {
              return new Scratch();
            }
          });

  /** Partial sums of a tile. */
  public final double[] sums = new double[6 * 4 * Sums.PARTS];

  /** A tile of results that does not lie whole inside the matrix. */
  public final double[] tile = new double[6 * 4 * Sums.PARTS];

  /** Parts of images that a convolution works on. */
  public final Patches patches = new Patches();

  /** Parts of vectors that several passes work on. */
  public final Chunk chunk = new Chunk();

  private final double[][][] matrices = {{}, {}, {}};
  private double[] panels = {};
  private double[] others = {};
  private double[] results = {};
  private int[] indices = {};

  private Scratch() {}

  /** A set of arrays that nobody else has, the caller's caller included. Their contents are old. */
  public static Scratch take() {
    return POOL.take();
  }

  /**
   * At least so many rows, each an array of its own with at least so many columns, and no more than
   * twice as many, so that the rows lie close together.
   */
  public double[][] rows(int count, int columns) {
    int kind = columns <= 64 ? 0 : columns <= 128 ? 1 : 2;
    double[][] rows = matrices[kind];
    if (rows.length < count) {
      int old = rows.length;
      rows = Arrays.copyOf(rows, count);
      for (int i = old; i < count; i++) {
        rows[i] = new double[64 << kind];
      }
      matrices[kind] = rows;
    }
    return rows;
  }

  /** An array of at least the given size for packed operands. */
  public double[] panels(int size) {
    if (panels.length < size) {
      panels = new double[size];
    }
    return panels;
  }

  /** An array of at least the given size for the other operand. */
  public double[] others(int size) {
    if (others.length < size) {
      others = new double[size];
    }
    return others;
  }

  /** An array of at least the given size for results that are passed on. */
  public double[] results(int size) {
    if (results.length < size) {
      results = new double[size];
    }
    return results;
  }

  /** An array of at least the given size for places in others. */
  public int[] indices(int size) {
    if (indices.length < size) {
      indices = new int[size];
    }
    return indices;
  }
}
