package doppio.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Working arrays of a matrix product, borrowed for the length of one call. They come back to a
 * small pool, so that a steady stream of calls allocates nothing, from however many threads,
 * without a thread-local that would outlive its use.
 */
final class Scratch {
  private static final int SLOTS = 64;
  private static final AtomicReferenceArray<Scratch> POOL = new AtomicReferenceArray<>(SLOTS);

  /** Partial sums of a tile. */
  final double[] sums = new double[6 * 4 * Sums.PARTS];

  /** A tile of results that does not lie whole inside the matrix. */
  final double[] tile = new double[6 * 4 * Sums.PARTS];

  /** Parts of vectors that several passes work on. */
  final Chunk chunk = new Chunk();

  private double[] panels = {};
  private double[] rows = {};
  private double[] results = {};

  private Scratch() {}

  /** A set of arrays that no other thread has. Their contents are old. */
  static Scratch take() {
    Scratch found = POOL.getAndSet(slot(), null);
    return found == null ? new Scratch() : found;
  }

  /** Hands the arrays back. */
  void give() {
    POOL.set(slot(), this);
  }

  /** An array of at least the given size for packed operands. */
  double[] panels(int size) {
    if (panels.length < size) {
      panels = new double[size];
    }
    return panels;
  }

  /** An array of at least the given size for the other operand. */
  double[] rows(int size) {
    if (rows.length < size) {
      rows = new double[size];
    }
    return rows;
  }

  /** An array of at least the given size for results that are passed on. */
  double[] results(int size) {
    if (results.length < size) {
      results = new double[size];
    }
    return results;
  }

  private static int slot() {
    long id = Thread.currentThread().getId();
    return (int) (id ^ (id >>> 6)) & (SLOTS - 1);
  }
}
