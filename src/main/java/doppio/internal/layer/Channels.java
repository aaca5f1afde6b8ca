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
          for (int i = from; i < to; i++) {
            int row = i * channels;
            if (m == 1) {
              for (int c = 0; c < channels; c++) {
                y[row + c] = fma(x[row + c] - mean[c], scale[c], shift[c]);
              }
            } else {
              for (int c = 0; c < channels; c++) {
                line(x, y, (row + c) * m, mean[c], scale[c], shift[c]);
              }
            }
          }
        });
  }

  private void line(double[] x, double[] y, int at, double mean, double scale, double shift) {
    for (int k = at; k < at + m; k++) {
      y[k] = fma(x[k] - mean, scale, shift);
    }
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
          for (int i = from; i < to; i++) {
            int row = i * channels;
            if (m == 1) {
              for (int c = 0; c < channels; c++) {
                double g = gy[row + c] - constant[c];
                gx[row + c] = scale[c] * fma(mean[c] - x[row + c], slope[c], g);
              }
            } else {
              for (int c = 0; c < channels; c++) {
                line(x, gy, gx, (row + c) * m, mean[c], scale[c], constant[c], slope[c]);
              }
            }
          }
        });
  }

  private void line(
      double[] x,
      double[] gy,
      double[] gx,
      int at,
      double mean,
      double scale,
      double constant,
      double slope) {
    for (int k = at; k < at + m; k++) {
      gx[k] = scale * fma(mean - x[k], slope, gy[k] - constant);
    }
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
        if (m == 1) {
          addPlaces(a, a0, b, b0, i * channels, chains, from, to);
        } else {
          addLines(a, a0, b, b0, (i * channels + from) * m, chains, from, to);
        }
      }
      for (int c = from; c < to; c++) {
        result[c] += chains[c - from];
      }
    }
    scratch.give();
  }

  private void addLines(
      double[] a, double[] a0, double[] b, double[] b0, int at, double[] chains, int from, int to) {
    for (int c = from, k = at; c < to; c++, k += m) {
      chains[c - from] +=
          b == null
              ? RowSums.sum(a, k, m)
              : RowSums.products(a, a0[c], b, b0 == null ? 0 : b0[c], k, m);
    }
  }

  /** What {@link RowSums} gives for a single place. */
  private static void addPlaces(
      double[] a,
      double[] a0,
      double[] b,
      double[] b0,
      int row,
      double[] chains,
      int from,
      int to) {
    if (b == null) {
      for (int c = from; c < to; c++) {
        chains[c - from] += a[row + c];
      }
    } else if (b0 == null) {
      for (int c = from; c < to; c++) {
        chains[c - from] += (a[row + c] - a0[c]) * b[row + c];
      }
    } else {
      for (int c = from; c < to; c++) {
        chains[c - from] += (a[row + c] - a0[c]) * (b[row + c] - b0[c]);
      }
    }
  }
}
