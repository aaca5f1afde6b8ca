package doppio.internal.layer;

import static doppio.internal.Fma.fma;

import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * What normalising each row by itself needs, for x[n, k].
 *
 * <p>A sum over a row is one of {@link RowSums}; one over the rows is a chain of fused
 * multiply-adds for every 256, each begun at 0, and the chains in their order. Threads share rows
 * there and columns here.
 */
public final class Rows {
  private final int n;
  private final int size;

  /** For arrays of n · size numbers. */
  public Rows(int n, int size) {
    this.n = n;
    this.size = size;
  }

  /** The number of rows n. */
  public int count() {
    return n;
  }

  /**
   * y = (x − μ) · i · γ + β with the row's mean μ and i = 1/√(variance + eps), which are kept where
   * there are arrays for them.
   */
  public void normalise(
      double[] x,
      double[] y,
      double[] gamma,
      double[] beta,
      double eps,
      double[] means,
      double[] inverses) {
    Parallel.run(
        n,
        4 * Cost.PASS * x.length,
        (first, end) -> {
          for (int row = first, at = first * size; row < end; row++, at += size) {
            double mean = RowSums.sum(x, at, size) / size;
            double variance = RowSums.products(x, mean, x, mean, at, size) / size;
            double inverse = 1 / Math.sqrt(variance + eps);
            for (int j = 0; j < size; j++) {
              y[at + j] = fma((x[at + j] - mean) * inverse, gamma[j], beta[j]);
            }
            if (means != null) {
              means[row] = mean;
              inverses[row] = inverse;
            }
          }
        });
  }

  /** gx = i · (γgy − mean(γgy) − (x − μ) · i² · mean(γgy · (x − μ))). */
  public void denormalise(
      double[] x, double[] gy, double[] gx, double[] gamma, double[] means, double[] inverses) {
    Parallel.run(
        n,
        4 * Cost.PASS * x.length,
        (first, end) -> {
          for (int row = first, at = first * size; row < end; row++, at += size) {
            for (int j = 0; j < size; j++) {
              gx[at + j] = gamma[j] * gy[at + j];
            }
            double mean = means[row];
            double inverse = inverses[row];
            double less = RowSums.sum(gx, at, size) / size;
            double tilt = RowSums.products(gx, 0, x, mean, at, size) / size * inverse * inverse;
            for (int j = at; j < at + size; j++) {
              gx[j] = inverse * fma(mean - x[j], tilt, gx[j] - less);
            }
          }
        });
  }

  /** sums[j] = (sums[j] if {@code add}, else 0) + Σ gy[row, j]. */
  public void sums(double[] gy, double[] sums, boolean add) {
    Parallel.run(
        size,
        Cost.PASS * gy.length,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] chains = scratch.results(to - from);
          for (int start = 0; start < n || start == 0; start += Sums.TERMS) {
            Arrays.fill(chains, 0, to - from, 0);
            for (int row = start; row < Math.min(start + Sums.TERMS, n); row++) {
              int at = row * size;
              for (int j = from; j < to; j++) {
                chains[j - from] += gy[at + j];
              }
            }
            add(chains, sums, from, to, add || start > 0);
          }
          scratch.give();
        });
  }

  /** sums[j] = (sums[j] if {@code add}, else 0) + Σ gy[row, j] · x̂[row, j], x̂ = (x − μ) · i. */
  public void products(
      double[] x, double[] means, double[] inverses, double[] gy, double[] sums, boolean add) {
    Parallel.run(
        size,
        Cost.PASS * gy.length,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] chains = scratch.results(to - from);
          for (int start = 0; start < n || start == 0; start += Sums.TERMS) {
            Arrays.fill(chains, 0, to - from, 0);
            for (int row = start; row < Math.min(start + Sums.TERMS, n); row++) {
              int at = row * size;
              double mean = means[row];
              double inverse = inverses[row];
              for (int j = from; j < to; j++) {
                chains[j - from] = fma(gy[at + j], (x[at + j] - mean) * inverse, chains[j - from]);
              }
            }
            add(chains, sums, from, to, add || start > 0);
          }
          scratch.give();
        });
  }

  private static void add(double[] chains, double[] sums, int from, int to, boolean add) {
    for (int j = from; j < to; j++) {
      sums[j] = add ? sums[j] + chains[j - from] : chains[j - from];
    }
  }
}
