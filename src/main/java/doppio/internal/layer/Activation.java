package doppio.internal.layer;

import doppio.internal.Chunk;
import doppio.internal.Kernels;
import doppio.internal.choice.KernelChoice;
import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;

/**
 * A function of each element x by itself that is made of e^t, for some t of x: a loop that writes
 * t, the kernels' exponential in its place, a loop that makes the result of it. So both kernels
 * give it the same bits. The JIT vectorises the loops, whose arrays have the same index and which
 * have no branches; they work on parts that stay in the first-level cache and that threads share.
 *
 * <p>A number is its magnitude z = |x| and its sign here: both sides of 0 then cost the same, and
 * e^t cannot overflow.
 */
public abstract class Activation {
  private static final long ONE = Double.doubleToRawLongBits(1);

  /** For subclasses. */
  protected Activation() {}

  /** t[i] = the argument of the exponential for x[i]. */
  protected abstract void argument(double[] x, double[] t, int from, int to);

  /** y[i] = the value for x[i]; y[i] holds e^t at first. */
  protected abstract void value(double[] x, double[] y, int from, int to);

  /** gx[i] = gy[i] times the derivative at x[i]; gx[i] holds e^t at first. */
  protected abstract void gradient(double[] x, double[] gy, double[] gx, int from, int to);

  /** y[i] = the value for x[i], for the i &lt; length. */
  public final void forward(double[] x, double[] y, int length) {
    run(x, null, y, length);
  }

  /** gx[i] = gy[i] times the derivative at x[i], for the i &lt; length. */
  public final void backward(double[] x, double[] gy, double[] gx, int length) {
    run(x, gy, gx, length);
  }

  private void run(double[] x, double[] gy, double[] result, int length) {
    long work = Cost.EXP * length;
    if (Parallel.alone(work)) {
      part(x, gy, result, 0, length);
    } else {
      Parallel.run(length, work, (from, to) -> part(x, gy, result, from, to));
    }
  }

  private void part(double[] x, double[] gy, double[] result, int start, int end) {
    Kernels kernels = KernelChoice.kernels();
    for (int from = start; from < end; from += Chunk.SIZE) {
      int to = Math.min(from + Chunk.SIZE, end);
      if (gy == null) {
        argument(x, result, from, to);
        elementary(kernels, result, from, to - from);
        value(x, result, from, to);
      } else {
        argumentOfGradient(x, result, from, to);
        kernels.exp(result, from, result, from, to - from);
        gradient(x, gy, result, from, to);
      }
    }
  }

  /** The argument of the exponential in the gradient; by default the same. */
  protected void argumentOfGradient(double[] x, double[] t, int from, int to) {
    argument(x, t, from, to);
  }

  /** The function that the value is made of; by default the exponential. */
  protected void elementary(Kernels kernels, double[] t, int from, int length) {
    kernels.exp(t, from, t, from, length);
  }

  /** 1 for x ≥ 0, else 0, by x's sign alone: a branch on it would be mispredicted half the time. */
  static double step(double x) {
    return Double.longBitsToDouble(ONE & ~(Double.doubleToRawLongBits(x) >> 63));
  }

  /** a, with its sign changed where x is negative. */
  static double signed(double a, double x) {
    long sign = Double.doubleToRawLongBits(x) & Long.MIN_VALUE;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(a) ^ sign);
  }
}
