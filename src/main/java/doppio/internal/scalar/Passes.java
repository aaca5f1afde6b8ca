package doppio.internal.scalar;

import doppio.internal.Chunk;
import doppio.internal.Scratch;

/**
 * A function as a row of passes over a chunk that stays in the first-level cache, because the JIT
 * vectorises several small loops and not one large one. The passes are called through an array, at
 * one place for all of them, so that the JIT does not put them together again.
 */
final class Passes {
  /** One loop over the first n elements of a chunk's arrays. */
  interface Pass {
    void run(Chunk c, int n);
  }

  private Passes() {}

  /**
   * y[y0 + i] from x[x0 + i] for the i &lt; length: what the passes make of a chunk's x is its y.
   */
  static void run(Pass[] passes, double[] x, int x0, double[] y, int y0, int length) {
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    for (int i = 0; i < length; i += Chunk.SIZE) {
      int n = Math.min(Chunk.SIZE, length - i);
      System.arraycopy(x, x0 + i, c.x, 0, n);
      for (Pass pass : passes) {
        pass.run(c, n);
      }
      System.arraycopy(c.y, 0, y, y0 + i, n);
    }
    scratch.give();
  }
}
