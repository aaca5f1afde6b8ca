package doppio.internal.layer;

import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * The largest number of each window of an image, planes of which lie one after the other; NaN where
 * the window has one. Threads share planes.
 */
public final class MaxPooling {
  private final PoolAxis down;
  private final PoolAxis right;
  private final boolean pairs;
  private final int in;
  private final int out;

  /** With the windows' places along the height and the width. */
  public MaxPooling(PoolAxis down, PoolAxis right) {
    this.down = down;
    this.right = right;
    pairs = down.isPairs() && right.isPairs();
    in = down.size() * right.size();
    out = down.out() * right.out();
  }

  /** y = the windows' largest numbers, −∞ of a window that lies outside. */
  public void forward(double[] x, double[] y, int planes) {
    Parallel.run(
        planes,
        Cost.PASS * planes * in,
        (first, end) -> {
          for (int p = first; p < end; p++) {
            if (pairs) {
              forwardOfPairs(x, p * in, y, p * out);
            } else {
              forward(x, p * in, y, p * out);
            }
          }
        });
  }

  /**
   * gx = gy where x is the first of its window's largest numbers, the sum where it is that of
   * several, else 0. y is what {@link #forward} gave.
   */
  public void backward(double[] x, double[] y, double[] gy, double[] gx, int planes) {
    Parallel.run(
        planes,
        2 * Cost.PASS * planes * in,
        (first, end) -> {
          Arrays.fill(gx, first * in, end * in, 0);
          for (int p = first; p < end; p++) {
            if (pairs) {
              backwardOfPairs(x, p * in, y, gy, p * out, gx);
            } else {
              backward(x, p * in, y, gy, p * out, gx);
            }
          }
        });
  }

  private void forwardOfPairs(double[] x, int x0, double[] y, int y0) {
    int width = right.size();
    for (int oh = 0, o = y0; oh < down.out(); oh++) {
      int at = x0 + 2 * oh * width;
      for (int ow = 0; ow < right.out(); ow++, o++, at += 2) {
        double upper = Math.max(x[at], x[at + 1]);
        y[o] = Math.max(upper, Math.max(x[at + width], x[at + width + 1]));
      }
    }
  }

  /** For each element of the windows all windows of a row, which do not wait for each other. */
  private void forward(double[] x, int x0, double[] y, int y0) {
    for (int oh = 0, row = y0; oh < down.out(); oh++, row += right.out()) {
      Arrays.fill(y, row, row + right.out(), Double.NEGATIVE_INFINITY);
      int top = down.start(oh);
      for (int i = down.first(top); i < down.end(top); i++) {
        int line = x0 + (top + i * down.dilation()) * right.size();
        for (int j = right.firstElement(); j < right.endElement(); j++) {
          int end = right.endWindow(j);
          int ow = right.firstWindow(j);
          for (int at = line + right.place(j) + ow * right.stride(); ow < end; ow++) {
            y[row + ow] = Math.max(y[row + ow], x[at]);
            at += right.stride();
          }
        }
      }
    }
  }

  /**
   * By bits, without a branch: which of the four it is is as good as random. What is not taken by
   * one is left for the next; −0 counts as 0.
   */
  private void backwardOfPairs(double[] x, int x0, double[] y, double[] gy, int y0, double[] gx) {
    int width = right.size();
    for (int oh = 0, o = y0; oh < down.out(); oh++) {
      int at = x0 + 2 * oh * width;
      for (int ow = 0; ow < right.out(); ow++, o++, at += 2) {
        if (Double.isNaN(y[o])) {
          gx[search(x, x0, 2 * oh, 2 * ow, y[o])] = gy[o];
          continue;
        }
        long max = Double.doubleToRawLongBits(y[o] + 0.0);
        long left = Double.doubleToRawLongBits(gy[o]);
        long other = other(x[at], max);
        gx[at] = Double.longBitsToDouble(left & ~other);
        left &= other;
        other = other(x[at + 1], max);
        gx[at + 1] = Double.longBitsToDouble(left & ~other);
        left &= other;
        other = other(x[at + width], max);
        gx[at + width] = Double.longBitsToDouble(left & ~other);
        gx[at + width + 1] = Double.longBitsToDouble(left & other);
      }
    }
  }

  /** All ones if x is another number than the one of these bits, else 0. */
  private static long other(double x, long bits) {
    long difference = Double.doubleToRawLongBits(x + 0.0) ^ bits;
    return (difference | -difference) >> 63;
  }

  private void backward(double[] x, int x0, double[] y, double[] gy, int y0, double[] gx) {
    for (int oh = 0, o = y0; oh < down.out(); oh++) {
      int top = down.start(oh);
      for (int ow = 0; ow < right.out(); ow++, o++) {
        int left = right.start(ow);
        int at = search(x, x0, top, left, y[o]);
        if (at >= 0) {
          gx[at] += gy[o];
        }
      }
    }
  }

  /** Where the window's largest number is first, or NaN last, as PyTorch has it; −1 for nowhere. */
  private int search(double[] x, int x0, int top, int left, double max) {
    int found = -1;
    for (int i = down.first(top); i < down.end(top); i++) {
      int row = x0 + (top + i * down.dilation()) * right.size() + left;
      for (int j = right.first(left); j < right.end(left); j++) {
        double v = x[row + j * right.dilation()];
        if (v == max) {
          return row + j * right.dilation();
        }
        found = Double.isNaN(v) ? row + j * right.dilation() : found;
      }
    }
    return found;
  }
}
