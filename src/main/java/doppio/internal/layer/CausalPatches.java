package doppio.internal.layer;

import doppio.internal.Sums;
import java.util.Arrays;

/**
 * What a causal convolution sees at each step of a batch of sequences [n, t, in], as a row [in,
 * kernel]: the last element of the kernel meets the step itself, those before it the steps behind
 * it, dilation apart, and zeros before the first.
 */
public final class CausalPatches {
  /** Rows of a block, unless they are wide. */
  private static final int MOST_ROWS = 1024;

  /** Elements of a block of wide rows, as long as its rows are no fewer than a chain's: 8 MB. */
  private static final int BLOCK = 1 << 20;

  /** Elements of the widest rows, of which a block has as many as an array can have. */
  public static final int WIDEST = Integer.MAX_VALUE / Sums.TERMS;

  private final int in;
  private final int kernel;
  private final int dilation;

  /** For inputs of so many features. */
  public CausalPatches(int in, int kernel, int dilation) {
    this.in = in;
    this.kernel = kernel;
    this.dilation = dilation;
  }

  /** Elements of a row. */
  public int width() {
    return in * kernel;
  }

  /** So many rows at a time, of one sequence or of several: a whole number of chains. */
  public int rows() {
    int chains = Math.min(MOST_ROWS, BLOCK / width()) / Sums.TERMS;
    return Math.max(1, chains) * Sums.TERMS;
  }

  /** Writes the rows of so many steps from one on, counted over all sequences. */
  public void unfold(double[] x, int steps, int from, int count, double[] rows) {
    Arrays.fill(rows, 0, count * width(), 0);
    for (int step = from, row = 0; step < from + count; step++, row += width()) {
      for (int i = first(step % steps); i < kernel; i++) {
        int at = (step - (kernel - 1 - i) * dilation) * in;
        for (int c = 0; c < in; c++) {
          rows[row + c * kernel + i] = x[at + c];
        }
      }
    }
  }

  /** Adds the gradients of rows to those of the elements that they have met. */
  public void fold(double[] rows, int steps, int from, int count, double[] gx) {
    for (int step = from, row = 0; step < from + count; step++, row += width()) {
      for (int i = first(step % steps); i < kernel; i++) {
        int at = (step - (kernel - 1 - i) * dilation) * in;
        for (int c = 0; c < in; c++) {
          gx[at + c] += rows[row + c * kernel + i];
        }
      }
    }
  }

  /** The first element of the kernel that meets a step of the sequence. */
  private int first(int step) {
    return Math.max(0, kernel - 1 - step / dilation);
  }
}
