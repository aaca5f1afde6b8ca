package doppio.internal.layer;

import static doppio.internal.Fma.fma;

import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * What normalising by channels needs, for x[n, c, m]: n samples, c channels, m places.
 *
 * <p>The order of a sum over a channel: a sample's m values as {@link RowSums} has them; the
 * samples' sums one after the other, a new chain every 256, each begun at 0; the chains in their
 * order. It depends on n and m alone, for threads share channels.
 */
public final class Channels {
  private final int n;
  private final int channels;
  private final int m;

  /** For arrays of n · channels · m numbers. */
  public Channels(int n, int channels, int m) {
    this.n = n;
    this.channels = channels;
    this.m = m;
  }

  /** mean = Σ x / (n·m); variance = Σ (x − mean)² / (n·m), for each channel. */
  public void moments(double[] x, double[] mean, double[] variance) {
    double count = (double) n * m;
    Parallel.run(
        channels,
        2 * Cost.PASS * x.length,
        (from, to) -> {
          sums(x, null, null, null, mean, from, to);
          for (int c = from; c < to; c++) {
            mean[c] /= count;
          }
          sums(x, mean, x, mean, variance, from, to);
          for (int c = from; c < to; c++) {
            variance[c] /= count;
          }
        });
  }

  /** sums = Σ gy; products = Σ (x − mean) · gy, for each channel. */
  public void gradients(double[] x, double[] mean, double[] gy, double[] sums, double[] products) {
    Parallel.run(
        channels,
        2 * Cost.PASS * x.length,
        (from, to) -> {
          sums(gy, null, null, null, sums, from, to);
          sums(x, mean, gy, null, products, from, to);
        });
  }

  /** y = (x − mean) · scale + shift, of the channel each. */
  public void normalise(double[] x, double[] y, double[] mean, double[] scale, double[] shift) {
    Parallel.run(
        n,
        Cost.PASS * x.length,
        (from, to) -> {
          for (int i = from * channels * m, c = 0; i < to * channels * m; i += m) {
            double centre = mean[c];
            double factor = scale[c];
            double constant = shift[c];
            for (int k = i; k < i + m; k++) {
              y[k] = fma(x[k] - centre, factor, constant);
            }
            c = c + 1 == channels ? 0 : c + 1;
          }
        });
  }

  /** gx = scale · (gy − constant − (x − mean) · slope), of the channel each. */
  public void denormalise(
      double[] x,
      double[] gy,
      double[] gx,
      double[] mean,
      double[] scale,
      double[] constant,
      double[] slope) {
    Parallel.run(
        n,
        2 * Cost.PASS * x.length,
        (from, to) -> {
          for (int i = from * channels * m, c = 0; i < to * channels * m; i += m) {
            double centre = mean[c];
            double factor = scale[c];
            double less = constant[c];
            double tilt = slope[c];
            for (int k = i; k < i + m; k++) {
              gx[k] = factor * fma(centre - x[k], tilt, gy[k] - less);
            }
            c = c + 1 == channels ? 0 : c + 1;
          }
        });
  }

  /**
   * result = Σ (a − a0) · (b − b0) for the channels from … to; a null b counts as ones, a null a0
   * or b0 as zeros.
   */
  private void sums(
      double[] a, double[] a0, double[] b, double[] b0, double[] result, int from, int to) {
    Scratch scratch = Scratch.take();
    double[] chains = scratch.results(to - from);
    Arrays.fill(result, from, to, 0);
    for (int start = 0; start < n; start += Sums.TERMS) {
      Arrays.fill(chains, 0, to - from, 0);
      int end = Math.min(start + Sums.TERMS, n);
      for (int i = start; i < end; i++) {
        int at = (i * channels + from) * m;
        for (int c = from; c < to; c++, at += m) {
          double a00 = a0 == null ? 0 : a0[c];
          double b00 = b0 == null ? 0 : b0[c];
          chains[c - from] += sum(a, a00, b, b00, at);
        }
      }
      for (int c = from; c < to; c++) {
        result[c] += chains[c - from];
      }
    }
    scratch.give();
  }

  /** A sample's part; of a single place what {@link RowSums} would give. */
  private double sum(double[] a, double a0, double[] b, double b0, int at) {
    if (b == null) {
      return m == 1 ? a[at] : RowSums.sum(a, at, m);
    }
    return m == 1 ? (a[at] - a0) * (b[at] - b0) : RowSums.products(a, a0, b, b0, at, m);
  }
}
