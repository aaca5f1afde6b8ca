package doppio.internal;

import static doppio.internal.Fma.fma;

/**
 * The optimizers' rules, one pass over memory each, in plain Java.
 *
 * <p>The JIT vectorises a loop whose arrays all have the same index. Where the gradient's differs
 * from the value's, parts that fit the first-level cache are first copied to the gradient's side.
 */
class Updates {
  private static final int CHUNK = Chunk.SIZE;

  /** w ← w − rate · (g + coupled · w) − decoupled · w; g[at + i] belongs to w[from + i]. */
  void sgd(
      double[] w,
      double[] g,
      int at,
      int from,
      int length,
      double rate,
      double coupled,
      double decoupled) {
    if (at == from) {
      sgd(w, g, from, from + length, rate, coupled, decoupled);
      return;
    }
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    for (int i = 0; i < length; i += CHUNK) {
      int n = Math.min(CHUNK, length - i);
      System.arraycopy(w, from + i, c.x, 0, n);
      System.arraycopy(g, at + i, c.y, 0, n);
      sgd(c.x, c.y, 0, n, rate, coupled, decoupled);
      System.arraycopy(c.x, 0, w, from + i, n);
    }
    scratch.give();
  }

  private static void sgd(
      double[] w, double[] g, int from, int to, double rate, double coupled, double decoupled) {
    if (coupled == 0 && decoupled == 0) {
      for (int i = from; i < to; i++) {
        w[i] = fma(-rate, g[i], w[i]);
      }
    } else {
      for (int i = from; i < to; i++) {
        w[i] = fma(-rate, fma(coupled, w[i], g[i]), fma(-decoupled, w[i], w[i]));
      }
    }
  }

  /** The same for the part of w from {@code from} on, where g = factor · x. */
  void sgdMultiple(
      double[] w,
      double factor,
      double[] x,
      int from,
      double rate,
      double coupled,
      double decoupled,
      double[] array) {
    if (coupled == 0 && decoupled == 0) {
      System.arraycopy(w, from, array, 0, x.length);
      for (int i = 0; i < x.length; i++) {
        array[i] = fma(-rate, fma(factor, x[i], 0), array[i]);
      }
      System.arraycopy(array, 0, w, from, x.length);
    } else {
      Kernels.multiply(factor, x, array);
      sgd(w, array, 0, from, x.length, rate, coupled, decoupled);
    }
  }

  /**
   * With h = g + coupled · w: v ← momentum · v + h, w ← w − rate · u − decoupled · w, where u is v
   * or h + momentum · v.
   */
  void momentum(
      double[] w,
      double[] g,
      int at,
      double[] v,
      int from,
      int length,
      double rate,
      double momentum,
      boolean nesterov,
      double coupled,
      double decoupled) {
    if (at == from) {
      momentum(w, g, v, from, from + length, rate, momentum, nesterov, coupled, decoupled);
      return;
    }
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    for (int i = 0; i < length; i += CHUNK) {
      int n = Math.min(CHUNK, length - i);
      System.arraycopy(w, from + i, c.x, 0, n);
      System.arraycopy(g, at + i, c.y, 0, n);
      System.arraycopy(v, from + i, c.s, 0, n);
      momentum(c.x, c.y, c.s, 0, n, rate, momentum, nesterov, coupled, decoupled);
      System.arraycopy(c.x, 0, w, from + i, n);
      System.arraycopy(c.s, 0, v, from + i, n);
    }
    scratch.give();
  }

  private static void momentum(
      double[] w,
      double[] g,
      double[] v,
      int from,
      int to,
      double rate,
      double momentum,
      boolean nesterov,
      double coupled,
      double decoupled) {
    if (nesterov) {
      for (int i = from; i < to; i++) {
        double h = fma(coupled, w[i], g[i]);
        v[i] = fma(momentum, v[i], h);
        w[i] = fma(-rate, fma(momentum, v[i], h), fma(-decoupled, w[i], w[i]));
      }
    } else {
      for (int i = from; i < to; i++) {
        v[i] = fma(momentum, v[i], fma(coupled, w[i], g[i]));
        w[i] = fma(-rate, v[i], fma(-decoupled, w[i], w[i]));
      }
    }
  }

  /**
   * With h = g + coupled · w: m ← m + (1 − beta1) · (h − m), v ← beta2 · v + (1 − beta2) · h², w ←
   * w − rate · m / (√v / root + epsilon) − decoupled · w.
   */
  void adam(
      double[] w,
      double[] g,
      int at,
      double[] m,
      double[] v,
      int from,
      int length,
      double rate,
      double root,
      double beta1,
      double beta2,
      double epsilon,
      double coupled,
      double decoupled) {
    if (at == from) {
      adam(w, g, m, v, from, from + length, rate, root, beta1, beta2, epsilon, coupled, decoupled);
      return;
    }
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    for (int i = 0; i < length; i += CHUNK) {
      int n = Math.min(CHUNK, length - i);
      System.arraycopy(w, from + i, c.x, 0, n);
      System.arraycopy(g, at + i, c.y, 0, n);
      System.arraycopy(m, from + i, c.s, 0, n);
      System.arraycopy(v, from + i, c.t, 0, n);
      adam(c.x, c.y, c.s, c.t, 0, n, rate, root, beta1, beta2, epsilon, coupled, decoupled);
      System.arraycopy(c.x, 0, w, from + i, n);
      System.arraycopy(c.s, 0, m, from + i, n);
      System.arraycopy(c.t, 0, v, from + i, n);
    }
    scratch.give();
  }

  private static void adam(
      double[] w,
      double[] g,
      double[] m,
      double[] v,
      int from,
      int to,
      double rate,
      double root,
      double beta1,
      double beta2,
      double epsilon,
      double coupled,
      double decoupled) {
    for (int i = from; i < to; i++) {
      double h = fma(coupled, w[i], g[i]);
      m[i] = fma(1 - beta1, h - m[i], m[i]);
      v[i] = fma(beta2, v[i], (1 - beta2) * h * h);
      double u = m[i] / (Math.sqrt(v[i]) / root + epsilon);
      w[i] = fma(-rate, u, fma(-decoupled, w[i], w[i]));
    }
  }
}
