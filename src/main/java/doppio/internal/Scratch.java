package doppio.internal;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Working arrays of a matrix product, borrowed for the length of one call. They come back to a
 * small pool, so that a steady stream of calls allocates nothing, from however many threads,
 * without a thread-local that would outlive its use.
 */
final class Scratch {
  private static final int SLOTS = 256;

  /** As deep as calls nest, and one more. */
  private static final int PROBES = 4;

  private static final AtomicReferenceArray<Scratch> POOL = new AtomicReferenceArray<>(SLOTS);

  /** Partial sums of a tile. */
  final double[] sums = new double[6 * 4 * Sums.PARTS];

  /** A tile of results that does not lie whole inside the matrix. */
  final double[] tile = new double[6 * 4 * Sums.PARTS];

  /** Parts of vectors that several passes work on. */
  final Chunk chunk = new Chunk();

  private final double[][][] matrices = {{}, {}, {}};
  private double[] panels = {};
  private double[] others = {};
  private double[] results = {};

  private Scratch() {}

  /** A set of arrays that nobody else has, the caller's caller included. Their contents are old. */
  static Scratch take() {
    int first = slot();
    for (int i = 0; i < PROBES; i++) {
      Scratch found = POOL.getAndSet((first + i) & (SLOTS - 1), null);
      if (found != null) {
        return found;
      }
    }
    return new Scratch();
  }

  /** Hands the arrays back, to a free slot near by or else to the garbage collector. */
  void give() {
    int first = slot();
    for (int i = 0; i < PROBES; i++) {
      if (POOL.compareAndSet((first + i) & (SLOTS - 1), null, this)) {
        return;
      }
    }
  }

  /**
   * At least so many rows, each an array of its own with at least so many columns, and no more than
   * twice as many, for the rows to lie close together.
   */
  double[][] rows(int count, int columns) {
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
  double[] panels(int size) {
    if (panels.length < size) {
      panels = new double[size];
    }
    return panels;
  }

  /** An array of at least the given size for the other operand. */
  double[] others(int size) {
    if (others.length < size) {
      others = new double[size];
    }
    return others;
  }

  /** An array of at least the given size for results that are passed on. */
  double[] results(int size) {
    if (results.length < size) {
      results = new double[size];
    }
    return results;
  }

  private static int slot() {
    return (int) Thread.currentThread().getId() * PROBES;
  }
}
