package doppio.internal;

import static doppio.internal.Fma.fma;

/** The products, one element after the other, in the order that {@link Kernels} states. */
final class Reference {
  private static final int PARTS = 8;
  private static final int CHAIN = 256;

  private Reference() {}

  /** y[n,o] = b[o] + Σᵢ x[n,i] · w[o,i]. */
  static double[] linear(double[] x, double[] w, double[] bias, Sizes s) {
    double[] y = new double[s.n() * s.out()];
    for (int n = 0; n < s.n(); n++) {
      for (int o = 0; o < s.out(); o++) {
        double sum = inner(x, n * s.in(), w, o * s.in(), s.in());
        y[n * s.out() + o] = bias == null ? sum : sum + bias[o];
      }
    }
    return y;
  }

  /** gx[n,i] = Σₒ gy[n,o] · w[o,i]. */
  static double[] inputGradient(double[] gy, double[] w, Sizes s) {
    double[] gx = new double[s.n() * s.in()];
    for (int n = 0; n < s.n(); n++) {
      for (int i = 0; i < s.in(); i++) {
        gx[n * s.in() + i] = overRows(gy, n * s.out(), 1, w, i, s.in(), s.out(), null);
      }
    }
    return gx;
  }

  /** gw[o,i] = before[o,i] + Σₙ gy[n,o] · x[n,i]; null counts as zeros. */
  static double[] weightGradient(double[] gy, double[] x, double[] before, Sizes s) {
    double[] gw = new double[s.out() * s.in()];
    for (int o = 0; o < s.out(); o++) {
      for (int i = 0; i < s.in(); i++) {
        int at = o * s.in() + i;
        Double start = before == null ? null : before[at];
        gw[at] = overRows(gy, o, s.out(), x, i, s.in(), s.n(), start);
      }
    }
    return gw;
  }

  /** sums[o] = before[o] + Σₙ a[n,o], added one after the other; null counts as zeros. */
  static double[] columnSums(double[] a, double[] before, int n, int out) {
    double[] sums = before == null ? new double[out] : before.clone();
    for (int i = 0; i < n * out; i++) {
      sums[i % out] += a[i];
    }
    return sums;
  }

  /** Eight partial sums by the index modulo 8, then halves of them added until one is left. */
  private static double inner(double[] a, int a0, double[] b, int b0, int size) {
    double[] parts = new double[PARTS];
    for (int k = 0; k < size; k++) {
      parts[k % PARTS] = fma(a[a0 + k], b[b0 + k], parts[k % PARTS]);
    }
    for (int half = PARTS / 2; half > 0; half /= 2) {
      for (int p = 0; p < half; p++) {
        parts[p] += parts[p + half];
      }
    }
    return parts[0];
  }

  /** A chain for every 256 terms; the chains are added, in order, to the start if there is one. */
  private static double overRows(
      double[] a, int a0, int aStep, double[] b, int b0, int bStep, int size, Double start) {
    Double total = start;
    for (int first = 0; first < size; first += CHAIN) {
      double chain = 0;
      for (int k = first; k < Math.min(size, first + CHAIN); k++) {
        chain = fma(a[a0 + k * aStep], b[b0 + k * bStep], chain);
      }
      total = total == null ? chain : total + chain;
    }
    return total == null ? 0 : total;
  }
}
