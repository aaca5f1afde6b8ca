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
            backward(x, p * in, y, gy, p * out, gx);
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

  private void forward(double[] x, int x0, double[] y, int y0) {
    int width = right.size();
    for (int oh = 0, o = y0; oh < down.out(); oh++) {
      int top = down.start(oh);
      int firstRow = down.first(top);
      int endRow = down.end(top);
      for (int ow = 0; ow < right.out(); ow++, o++) {
        int left = right.start(ow);
        int first = right.first(left);
        int end = right.end(left);
        double max = Double.NEGATIVE_INFINITY;
        for (int i = firstRow; i < endRow; i++) {
          int row = x0 + (top + i * down.dilation()) * width + left;
          for (int j = first; j < end; j++) {
            max = Math.max(max, x[row + j * right.dilation()]);
          }
        }
        y[o] = max;
      }
    }
  }

  private void backward(double[] x, int x0, double[] y, double[] gy, int y0, double[] gx) {
    int width = right.size();
    for (int oh = 0, o = y0; oh < down.out(); oh++) {
      int top = down.start(oh);
      for (int ow = 0; ow < right.out(); ow++, o++) {
        int left = right.start(ow);
        boolean searched = !pairs || Double.isNaN(y[o]);
        int at =
            searched
                ? search(x, x0, top, left, y[o])
                : ofPair(x, x0 + top * width + left, width, y[o]);
        if (at >= 0) {
          gx[at] += gy[o];
        }
      }
    }
  }

  /** Without a branch: which of the four it is is as good as random. */
  private static int ofPair(double[] x, int at, int width, double max) {
    int lower = x[at + width] == max ? width : width + 1;
    int behindFirst = x[at + 1] == max ? 1 : lower;
    return at + (x[at] == max ? 0 : behindFirst);
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
