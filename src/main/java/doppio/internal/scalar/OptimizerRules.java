package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.AdagradStep;
import doppio.internal.AdamStep;
import doppio.internal.Chunk;
import doppio.internal.Kernels;
import doppio.internal.MomentumStep;
import doppio.internal.RmspropStep;
import doppio.internal.Scratch;
import doppio.internal.SgdStep;

/**
 * The optimizers' rules with both weight decays, coupled (λw is added to g) and decoupled (δw), one
 * pass over memory each, in plain Java; g[at + i] belongs to w[from + i].
 *
 * <p>The JIT vectorises a loop whose arrays all have the same index. Where the gradient's differs
 * from the value's, parts that fit the first-level cache are first copied to the gradient's side.
 */
public class OptimizerRules {
  private static final int CHUNK = Chunk.SIZE;

  /** {@link SgdStep}. */
  protected void sgd(SgdStep step, double[] w, double[] g, int at, int from, int length) {
    if (at == from) {
      sgd(step, w, g, from, from + length);
      return;
    }
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    for (int i = 0; i < length; i += CHUNK) {
      int n = Math.min(CHUNK, length - i);
      System.arraycopy(w, from + i, c.x, 0, n);
      System.arraycopy(g, at + i, c.y, 0, n);
      sgd(step, c.x, c.y, 0, n);
      System.arraycopy(c.x, 0, w, from + i, n);
    }
    scratch.give();
  }

  private static void sgd(SgdStep step, double[] w, double[] g, int from, int to) {
    double eta = step.eta();
    double lambda = step.lambda();
    double delta = step.delta();
    if (step.decays()) {
      for (int i = from; i < to; i++) {
        w[i] = fma(-eta, fma(lambda, w[i], g[i]), fma(-delta, w[i], w[i]));
      }
    } else {
      for (int i = from; i < to; i++) {
        w[i] = fma(-eta, g[i], w[i]);
      }
    }
  }

  /** The same for the part of w from {@code from} on, where g = factor · x. */
  protected void sgdMultiple(
      SgdStep step, double[] w, double factor, double[] x, int from, double[] array) {
    if (step.decays()) {
      Kernels.multiply(factor, x, array);
      sgd(step, w, array, 0, from, x.length);
    } else {
      double eta = step.eta();
      System.arraycopy(w, from, array, 0, x.length);
      for (int i = 0; i < x.length; i++) {
        array[i] = fma(-eta, fma(factor, x[i], 0), array[i]);
      }
      System.arraycopy(array, 0, w, from, x.length);
    }
  }

  /** {@link MomentumStep}. */
  protected void momentum(
      MomentumStep step, double[] w, double[] v, double[] g, int at, int from, int length) {
    if (at == from) {
      momentum(step, w, v, g, from, from + length);
      return;
    }
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    for (int i = 0; i < length; i += CHUNK) {
      int n = Math.min(CHUNK, length - i);
      System.arraycopy(w, from + i, c.x, 0, n);
      System.arraycopy(g, at + i, c.y, 0, n);
      System.arraycopy(v, from + i, c.s, 0, n);
      momentum(step, c.x, c.s, c.y, 0, n);
      System.arraycopy(c.x, 0, w, from + i, n);
      System.arraycopy(c.s, 0, v, from + i, n);
    }
    scratch.give();
  }

  private static void momentum(
      MomentumStep step, double[] w, double[] v, double[] g, int from, int to) {
    double eta = step.eta();
    double mu = step.mu();
    double lambda = step.lambda();
    double delta = step.delta();
    if (step.nesterov()) {
      for (int i = from; i < to; i++) {
        double h = fma(lambda, w[i], g[i]);
        v[i] = fma(mu, v[i], h);
        w[i] = fma(-eta, fma(mu, v[i], h), fma(-delta, w[i], w[i]));
      }
    } else {
      for (int i = from; i < to; i++) {
        v[i] = fma(mu, v[i], fma(lambda, w[i], g[i]));
        w[i] = fma(-eta, v[i], fma(-delta, w[i], w[i]));
      }
    }
  }

  /** {@link AdamStep}. */
  protected void adam(
      AdamStep step, double[] w, double[] m, double[] v, double[] g, int at, int from, int length) {
    if (at == from) {
      adam(step, w, m, v, g, from, from + length);
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
      adam(step, c.x, c.s, c.t, c.y, 0, n);
      System.arraycopy(c.x, 0, w, from + i, n);
      System.arraycopy(c.s, 0, m, from + i, n);
      System.arraycopy(c.t, 0, v, from + i, n);
    }
    scratch.give();
  }

  private static void adam(
      AdamStep step, double[] w, double[] m, double[] v, double[] g, int from, int to) {
    double eta = step.eta();
    double root = step.root();
    double beta1 = step.beta1();
    double beta2 = step.beta2();
    double epsilon = step.epsilon();
    double lambda = step.lambda();
    double delta = step.delta();
    for (int i = from; i < to; i++) {
      double h = fma(lambda, w[i], g[i]);
      m[i] = fma(1 - beta1, h - m[i], m[i]);
      v[i] = fma(beta2, v[i], (1 - beta2) * h * h);
      double u = m[i] / (Math.sqrt(v[i]) / root + epsilon);
      w[i] = fma(-eta, u, fma(-delta, w[i], w[i]));
    }
  }

  /** {@link RmspropStep}; m is null where it is not centered, b where it has no momentum. */
  final void rmsprop(
      RmspropStep step,
      double[] w,
      double[] v,
      double[] m,
      double[] b,
      double[] g,
      int at,
      int from,
      int length) {
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    for (int i = 0; i < length; i += CHUNK) {
      int n = Math.min(CHUNK, length - i);
      System.arraycopy(w, from + i, c.x, 0, n);
      System.arraycopy(g, at + i, c.y, 0, n);
      System.arraycopy(v, from + i, c.s, 0, n);
      meanSquare(step, c.x, c.y, c.s, n);
      if (m == null) {
        ratio(step.epsilon(), c.y, c.s, c.k, n);
      } else {
        System.arraycopy(m, from + i, c.t, 0, n);
        centeredRatio(step, c.y, c.s, c.t, c.k, n);
        System.arraycopy(c.t, 0, m, from + i, n);
      }
      if (b != null) {
        System.arraycopy(b, from + i, c.p, 0, n);
        velocity(step.mu(), c.p, c.k, n);
        System.arraycopy(c.p, 0, b, from + i, n);
      }
      subtract(step.eta(), step.delta(), c.x, c.k, n);
      System.arraycopy(c.x, 0, w, from + i, n);
      System.arraycopy(c.s, 0, v, from + i, n);
    }
    scratch.give();
  }

  /** h ← h + λw, where h was g; v ← αv + (1 − α)h². */
  private static void meanSquare(RmspropStep step, double[] w, double[] h, double[] v, int n) {
    double alpha = step.alpha();
    double lambda = step.lambda();
    for (int i = 0; i < n; i++) {
      h[i] = fma(lambda, w[i], h[i]);
      v[i] = fma(alpha, v[i], (1 - alpha) * h[i] * h[i]);
    }
  }

  /** u = h / (√v + ε). */
  private static void ratio(double epsilon, double[] h, double[] v, double[] u, int n) {
    for (int i = 0; i < n; i++) {
      u[i] = h[i] / (Math.sqrt(v[i]) + epsilon);
    }
  }

  /**
   * m ← m + (1 − α)(h − m); u = h / (√(v − m²) + ε). Where all gradients are the same v − m² tends
   * to 0, and rounding must not make it negative.
   */
  private static void centeredRatio(
      RmspropStep step, double[] h, double[] v, double[] m, double[] u, int n) {
    double alpha = step.alpha();
    double epsilon = step.epsilon();
    for (int i = 0; i < n; i++) {
      m[i] = fma(1 - alpha, h[i] - m[i], m[i]);
      u[i] = h[i] / (Math.sqrt(Math.max(0, fma(-m[i], m[i], v[i]))) + epsilon);
    }
  }

  /** b ← μb + u; u = b. */
  private static void velocity(double mu, double[] b, double[] u, int n) {
    for (int i = 0; i < n; i++) {
      b[i] = fma(mu, b[i], u[i]);
      u[i] = b[i];
    }
  }

  /** w ← w − ηu − δw. */
  private static void subtract(double eta, double delta, double[] w, double[] u, int n) {
    for (int i = 0; i < n; i++) {
      w[i] = fma(-eta, u[i], fma(-delta, w[i], w[i]));
    }
  }

  /** {@link AdagradStep}. */
  final void adagrad(
      AdagradStep step, double[] w, double[] s, double[] g, int at, int from, int length) {
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    for (int i = 0; i < length; i += CHUNK) {
      int n = Math.min(CHUNK, length - i);
      System.arraycopy(w, from + i, c.x, 0, n);
      System.arraycopy(g, at + i, c.y, 0, n);
      System.arraycopy(s, from + i, c.s, 0, n);
      adagrad(step, c.x, c.s, c.y, n);
      System.arraycopy(c.x, 0, w, from + i, n);
      System.arraycopy(c.s, 0, s, from + i, n);
    }
    scratch.give();
  }

  private static void adagrad(AdagradStep step, double[] w, double[] s, double[] g, int n) {
    double eta = step.eta();
    double epsilon = step.epsilon();
    double lambda = step.lambda();
    double delta = step.delta();
    for (int i = 0; i < n; i++) {
      double h = fma(lambda, w[i], g[i]);
      s[i] = fma(h, h, s[i]);
      w[i] = fma(-eta, h / (Math.sqrt(s[i]) + epsilon), fma(-delta, w[i], w[i]));
    }
  }
}
