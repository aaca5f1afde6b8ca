package doppio.internal.source;

/**
 * What goes through sequences as Java text, each sum in the order that {@link
 * doppio.internal.Kernels} states. An array has sequences [steps, features] one after the other.
 */
final class SequenceText {
  static final String TEXT =
      """
      /** h = tanh of the products with input and state, at each step; from the end if back. */
      private static double[] rnn(
          double[] x, int steps, int in, boolean back,
          double[] wx, double[] wh, double[] bx, double[] bh) {
        int hidden = bh.length;
        double[] sums = linear(x, in, hidden, wx, bx);
        double[] h = new double[hidden];
        for (int i = 0; i < x.length / in; i++) {
          if (i % steps == 0) {
            h = new double[hidden];
          }
          int at = place(i, steps, back) * hidden;
          double[] p = linear(h, hidden, hidden, wh, bh);
          for (int j = 0; j < hidden; j++) {
            h[j] = tanh(sums[at + j] + p[j]);
          }
          System.arraycopy(h, 0, sums, at, hidden);
        }
        return sums;
      }

      /** h = n + z (h - n), n = tanh(x + r p), with the gates r, z; at each step, as above. */
      private static double[] gru(
          double[] x, int steps, int in, boolean back,
          double[] wx, double[] wh, double[] bx, double[] bh) {
        int hidden = bh.length / 3;
        double[] sums = linear(x, in, 3 * hidden, wx, bx);
        double[] h = new double[hidden];
        double[] y = new double[x.length / in * hidden];
        for (int i = 0; i < x.length / in; i++) {
          if (i % steps == 0) {
            h = new double[hidden];
          }
          int step = place(i, steps, back);
          int at = step * 3 * hidden;
          double[] p = linear(h, hidden, 3 * hidden, wh, bh);
          for (int j = 0; j < hidden; j++) {
            double r = sigmoid(sums[at + j] + p[j]);
            double z = sigmoid(sums[at + hidden + j] + p[hidden + j]);
            double n = tanh(sums[at + 2 * hidden + j] + r * p[2 * hidden + j]);
            h[j] = (h[j] - n) * z + n;
          }
          System.arraycopy(h, 0, y, step * hidden, hidden);
        }
        return y;
      }

      /** c = f c + i g, h = o tanh(c), with the gates i, f, g, o; at each step, as above. */
      private static double[] lstm(
          double[] x, int steps, int in, boolean back,
          double[] wx, double[] wh, double[] bx, double[] bh) {
        int hidden = bh.length / 4;
        double[] sums = linear(x, in, 4 * hidden, wx, bx);
        double[] h = new double[hidden];
        double[] c = new double[hidden];
        double[] y = new double[x.length / in * hidden];
        for (int s = 0; s < x.length / in; s++) {
          if (s % steps == 0) {
            h = new double[hidden];
            c = new double[hidden];
          }
          int step = place(s, steps, back);
          int at = step * 4 * hidden;
          double[] p = linear(h, hidden, 4 * hidden, wh, bh);
          for (int j = 0; j < hidden; j++) {
            double i = sigmoid(sums[at + j] + p[j]);
            double f = sigmoid(sums[at + hidden + j] + p[hidden + j]);
            double g = tanh(sums[at + 2 * hidden + j] + p[2 * hidden + j]);
            double o = sigmoid(sums[at + 3 * hidden + j] + p[3 * hidden + j]);
            c[j] = f * c[j] + i * g;
            h[j] = o * tanh(c[j]);
          }
          System.arraycopy(h, 0, y, step * hidden, hidden);
        }
        return y;
      }

      /** Which step comes as the i-th; in each sequence from the end if back. */
      private static int place(int i, int steps, boolean back) {
        return back ? i - i % steps + steps - 1 - i % steps : i;
      }

      /** The last step of each sequence. */
      private static double[] lastStep(double[] x, int steps, int features) {
        double[] y = new double[x.length / steps];
        for (int i = 0; i < y.length; i++) {
          y[i] = x[(i / features * steps + steps - 1) * features + i % features];
        }
        return y;
      }

      /** The mean over the steps, feature by feature. */
      private static double[] meanOverSteps(double[] x, int steps, int features) {
        double[] y = new double[x.length / steps];
        for (int i = 0; i < x.length; i++) {
          y[i / (steps * features) * features + i % features] += x[i];
        }
        for (int j = 0; j < y.length; j++) {
          y[j] /= steps;
        }
        return y;
      }

      /** y = bias + the inner product of each filter and what it sees: steps up to its own. */
      private static double[] causalConvolution(
          double[] x, int steps, int in, int out, int kernel, int dilation,
          double[] weight, double[] bias) {
        double[] rows = new double[x.length * kernel];
        for (int step = 0; step < x.length / in; step++) {
          for (int c = 0; c < in; c++) {
            for (int i = 0; i < kernel; i++) {
              int from = step - (kernel - 1 - i) * dilation;
              boolean outside = from < step - step % steps;
              rows[(step * in + c) * kernel + i] = outside ? 0 : x[from * in + c];
            }
          }
        }
        return linear(rows, in * kernel, out, weight, bias);
      }

      /** What each head gathers for each step; a row of qkv has queries, keys and values. */
      private static double[] attention(
          double[] qkv, int steps, int dim, int heads, boolean causal) {
        int width = dim / heads;
        double scale = 1 / Math.sqrt(width);
        double[] y = new double[qkv.length / 3];
        double[] query = new double[width];
        for (int at = 0; at < y.length; at += width) {
          int step = at / dim;
          int q = step * 3 * dim + at % dim;
          for (int c = 0; c < width; c++) {
            query[c] = scale * qkv[q + c];
          }
          int first = (step - step % steps) * 3 * dim + at % dim;
          int keys = causal ? step % steps + 1 : steps;
          double[] p = new double[keys];
          for (int j = 0; j < keys; j++) {
            p[j] = chain(query, qkv, first + dim + j * 3 * dim, 1, width);
          }
          p = softmax(p, keys);
          for (int c = 0; c < width; c++) {
            y[at + c] = chain(p, qkv, first + 2 * dim + c, 3 * dim, keys) + 0.0;
          }
        }
        return y;
      }

      /** The inner product, the second at steps, in chains of 256 terms. */
      private static double chain(double[] a, double[] b, int b0, int step, int size) {
        double sum = 0;
        for (int k = 0; k < size; ) {
          double part = 0;
          for (int end = Math.min(k + 256, size); k < end; k++) {
            part = fma(a[k], b[b0 + k * step], part);
          }
          sum += part;
        }
        return sum;
      }

      /** The sum with what tells steps their places, which is the same for each sequence. */
      private static double[] addPlaces(double[] x, int size, double[] places) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
          y[i] = x[i] + places[i % size];
        }
        return y;
      }
      """;

  private SequenceText() {}
}
