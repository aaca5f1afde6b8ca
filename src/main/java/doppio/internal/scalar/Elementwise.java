package doppio.internal.scalar;

import doppio.internal.Chunk;
import doppio.internal.Scratch;
import doppio.internal.threads.Parallel;

/**
 * A function of each element by itself, over parts of arrays that threads share.
 *
 * <p>The JIT vectorises a loop whose arrays all have the same index. Where the parts begin at
 * different places, chunks that fit the first-level cache are first copied side by side.
 */
abstract class Elementwise {
  private final long cost;

  /** One whose elements cost so many multiply-adds each. */
  Elementwise(long cost) {
    this.cost = cost;
  }

  /** c[i] from a[i] and b[i]; the factor is a setting of those that have one. */
  abstract void loop(double factor, double[] a, double[] b, double[] c, int from, int to);

  /** y[y0 + i] from x[x0 + i] for the i &lt; length. */
  final void run(double factor, double[] x, int x0, double[] y, int y0, int length) {
    run(factor, x, x0, x, x0, y, y0, length);
  }

  /**
   * c[c0 + i] from a[a0 + i] and b[b0 + i] for the i &lt; length; a part that is written is one of
   * those that are read, or overlaps none.
   */
  final void run(
      double factor, double[] a, int a0, double[] b, int b0, double[] c, int c0, int length) {
    long work = cost * length;
    if (Parallel.alone(work)) {
      part(factor, a, a0, b, b0, c, c0, length);
    } else {
      Parallel.run(
          length,
          work,
          (from, to) -> part(factor, a, a0 + from, b, b0 + from, c, c0 + from, to - from));
    }
  }

  private void part(
      double factor, double[] a, int a0, double[] b, int b0, double[] c, int c0, int length) {
    if (a0 == b0 && b0 == c0) {
      loop(factor, a, b, c, a0, a0 + length);
      return;
    }
    Scratch scratch = Scratch.take();
    Chunk chunk = scratch.chunk;
    for (int i = 0; i < length; i += Chunk.SIZE) {
      int n = Math.min(Chunk.SIZE, length - i);
      System.arraycopy(a, a0 + i, chunk.x, 0, n);
      System.arraycopy(b, b0 + i, chunk.y, 0, n);
      loop(factor, chunk.x, chunk.y, chunk.p, 0, n);
      System.arraycopy(chunk.p, 0, c, c0 + i, n);
    }
    scratch.give();
  }
}
