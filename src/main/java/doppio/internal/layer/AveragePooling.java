package doppio.internal.layer;

import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * The mean of each window of an image, planes of which lie one after the other. A sum is one chain,
 * row by row; gradients are added in the order of the windows. Threads share planes.
 */
public final class AveragePooling {
  private final PoolAxis down;
  private final PoolAxis right;
  private final boolean countsPadding;
  private final int in;
  private final int out;

  /**
   * With the windows' places along the height and the width.
   *
   * @param countsPadding whether a mean is over the places beside the image too, as zeros
   */
  public AveragePooling(PoolAxis down, PoolAxis right, boolean countsPadding) {
    this.down = down;
    this.right = right;
    this.countsPadding = countsPadding;
    in = down.size() * right.size();
    out = down.out() * right.out();
  }

  /** y = the windows' means. */
  public void forward(double[] x, double[] y, int planes) {
    Parallel.run(
        planes,
        Cost.PASS * planes * in,
        (first, end) -> {
          for (int p = first; p < end; p++) {
            forward(x, p * in, y, p * out);
          }
        });
  }

  /** gx = the share that each element has in its windows' gradients gy. */
  public void backward(double[] gy, double[] gx, int planes) {
    Parallel.run(
        planes,
        2 * Cost.PASS * planes * in,
        (first, end) -> {
          Arrays.fill(gx, first * in, end * in, 0);
          for (int p = first; p < end; p++) {
            backward(gy, p * out, gx, p * in);
          }
        });
  }

  /** For each element of the windows all windows of a row, which do not wait for each other. */
  private void forward(double[] x, int x0, double[] y, int y0) {
    for (int oh = 0, row = y0; oh < down.out(); oh++, row += right.out()) {
      Arrays.fill(y, row, row + right.out(), 0);
      int top = down.start(oh);
      int rows = countsPadding ? down.padded(top) : down.end(top) - down.first(top);
      for (int i = down.first(top); i < down.end(top); i++) {
        int line = x0 + (top + i) * right.size();
        for (int j = right.firstElement(); j < right.endElement(); j++) {
          int end = right.endWindow(j);
          int ow = right.firstWindow(j);
          for (int at = line + right.place(j) + ow * right.stride(); ow < end; ow++) {
            y[row + ow] += x[at];
            at += right.stride();
          }
        }
      }
      for (int ow = 0; ow < right.out(); ow++) {
        y[row + ow] /= count(rows, ow);
      }
    }
  }

  private void backward(double[] gy, int y0, double[] gx, int x0) {
    for (int oh = 0, o = y0; oh < down.out(); oh++) {
      int top = down.start(oh);
      int firstRow = down.first(top);
      int endRow = down.end(top);
      int rows = countsPadding ? down.padded(top) : endRow - firstRow;
      for (int ow = 0; ow < right.out(); ow++, o++) {
        double share = gy[o] / count(rows, ow);
        int left = right.start(ow);
        int first = right.first(left);
        int end = right.end(left);
        for (int i = firstRow; i < endRow; i++) {
          int line = x0 + (top + i) * right.size() + left;
          for (int j = first; j < end; j++) {
            gx[line + j] += share;
          }
        }
      }
    }
  }

  /** What the sum of a window is divided by, of which so many rows count. */
  private double count(int rows, int window) {
    int left = right.start(window);
    return rows * (countsPadding ? right.padded(left) : right.end(left) - right.first(left));
  }
}
