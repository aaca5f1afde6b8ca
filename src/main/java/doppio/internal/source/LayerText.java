package doppio.internal.source;

/**
 * The products, pools and norms as Java text, each sum in the order that {@link
 * doppio.internal.Kernels} states.
 */
final class LayerText {
  static final String TEXT =
      """
      /** y[n, o] = bias[o] + the inner product of row n of x and row o of the weight. */
      private static double[] linear(
          double[] x, int in, int out, double[] weight, double[] bias) {
        int rows = x.length / in;
        double[] y = new double[rows * out];
        for (int n = 0; n < rows; n++) {
          for (int o = 0; o < out; o++) {
            double sum = dot(weight, o * in, x, n * in, in);
            y[n * out + o] = bias == null ? sum : sum + bias[o];
          }
        }
        return y;
      }

      /** y = bias + the inner product of each filter and each patch, zeros beside the image. */
      private static double[] convolution(
          double[] x, int channels, int height, int width,
          int out, int outHeight, int outWidth, int groups,
          int kernelHeight, int kernelWidth, int strideHeight, int strideWidth,
          int paddingHeight, int paddingWidth, int dilationHeight, int dilationWidth,
          double[] weight, double[] bias) {
        int images = x.length / (channels * height * width);
        int groupChannels = channels / groups;
        int groupOut = out / groups;
        double[] y = new double[images * out * outHeight * outWidth];
        double[] patch = new double[groupChannels * kernelHeight * kernelWidth];
        for (int part = 0; part < images * groups; part++) {
          int firstFilter = part % groups * groupOut;
          for (int oh = 0; oh < outHeight; oh++) {
            for (int ow = 0; ow < outWidth; ow++) {
              int at = 0;
              for (int c = 0; c < groupChannels; c++) {
                for (int i = 0; i < kernelHeight; i++) {
                  int h = oh * strideHeight - paddingHeight + i * dilationHeight;
                  for (int j = 0; j < kernelWidth; j++) {
                    int w = ow * strideWidth - paddingWidth + j * dilationWidth;
                    boolean inside = h >= 0 && h < height && w >= 0 && w < width;
                    int plane = part * groupChannels + c;
                    patch[at++] = inside ? x[(plane * height + h) * width + w] : 0;
                  }
                }
              }
              for (int o = 0; o < groupOut; o++) {
                int filter = firstFilter + o;
                double sum = dot(weight, filter * patch.length, patch, 0, patch.length);
                int plane = part * groupOut + o;
                y[(plane * outHeight + oh) * outWidth + ow] =
                    bias == null ? sum : sum + bias[filter];
              }
            }
          }
        }
        return y;
      }

      /** The largest number of each window of each plane. */
      private static double[] maxPool(
          double[] x, int height, int width, int outHeight, int outWidth,
          int kernelHeight, int kernelWidth, int strideHeight, int strideWidth,
          int paddingHeight, int paddingWidth, int dilationHeight, int dilationWidth) {
        int planes = x.length / (height * width);
        double[] y = new double[planes * outHeight * outWidth];
        for (int at = 0; at < y.length; at++) {
          int plane = at / (outHeight * outWidth);
          int top = at / outWidth % outHeight * strideHeight - paddingHeight;
          int left = at % outWidth * strideWidth - paddingWidth;
          double max = Double.NEGATIVE_INFINITY;
          for (int i = 0; i < kernelHeight; i++) {
            int h = top + i * dilationHeight;
            for (int j = 0; j < kernelWidth; j++) {
              int w = left + j * dilationWidth;
              if (h >= 0 && h < height && w >= 0 && w < width) {
                max = Math.max(max, x[(plane * height + h) * width + w]);
              }
            }
          }
          y[at] = max;
        }
        return y;
      }

      /** The mean of each window of each plane, over the padding too where it counts. */
      private static double[] avgPool(
          double[] x, int height, int width, int outHeight, int outWidth,
          int kernelHeight, int kernelWidth, int strideHeight, int strideWidth,
          int paddingHeight, int paddingWidth, boolean countsPadding) {
        int planes = x.length / (height * width);
        double[] y = new double[planes * outHeight * outWidth];
        for (int at = 0; at < y.length; at++) {
          int plane = at / (outHeight * outWidth);
          int top = at / outWidth % outHeight * strideHeight - paddingHeight;
          int left = at % outWidth * strideWidth - paddingWidth;
          int bottom = Math.min(top + kernelHeight, height);
          int right = Math.min(left + kernelWidth, width);
          int firstRow = Math.max(top, 0);
          int firstColumn = Math.max(left, 0);
          double sum = 0;
          for (int h = firstRow; h < bottom; h++) {
            for (int w = firstColumn; w < right; w++) {
              sum += x[(plane * height + h) * width + w];
            }
          }
          int rows = Math.min(kernelHeight, height + paddingHeight - top);
          int columns = Math.min(kernelWidth, width + paddingWidth - left);
          int seen = (bottom - firstRow) * (right - firstColumn);
          y[at] = sum / (countsPadding ? rows * columns : seen);
        }
        return y;
      }

      /** The mean of each run of so many numbers. */
      private static double[] means(double[] x, int size) {
        double[] y = new double[x.length / size];
        for (int n = 0; n < y.length; n++) {
          y[n] = sum(x, n * size, size) / size;
        }
        return y;
      }

      /** (x - mean) * scale + shift, of the channel each, which has so many places side by side. */
      private static double[] batchNorm(
          double[] x, int places, double[] mean, double[] scale, double[] shift) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
          int c = i / places % mean.length;
          y[i] = fma(x[i] - mean[c], scale[c], shift[c]);
        }
        return y;
      }

      /** Each row less its mean, over its standard deviation, times weight, plus bias. */
      private static double[] layerNorm(
          double[] x, double eps, double[] weight, double[] bias) {
        int size = weight.length;
        double[] y = new double[x.length];
        double[] centred = new double[size];
        for (int at = 0; at < x.length; at += size) {
          double mean = sum(x, at, size) / size;
          for (int j = 0; j < size; j++) {
            centred[j] = x[at + j] - mean;
          }
          double variance = dot(centred, 0, centred, 0, size) / size;
          double inverse = 1 / Math.sqrt(variance + eps);
          for (int j = 0; j < size; j++) {
            y[at + j] = fma(centred[j] * inverse, weight[j], bias[j]);
          }
        }
        return y;
      }

      /** e^(x - max x) over its sum, for each row. */
      private static double[] softmax(double[] x, int size) {
        double[] y = new double[x.length];
        for (int at = 0; at < x.length; at += size) {
          double max = max(x, at, size);
          double sum = 0;
          for (int i = at; i < at + size; i++) {
            y[i] = exp(x[i] - max);
            sum += y[i];
          }
          for (int i = at; i < at + size; i++) {
            y[i] /= sum;
          }
        }
        return y;
      }

      /** x - max x - log of the sum of e^(x - max x), for each row. */
      private static double[] logSoftmax(double[] x, int size) {
        double[] y = new double[x.length];
        for (int at = 0; at < x.length; at += size) {
          double max = max(x, at, size);
          double sum = 0;
          for (int i = at; i < at + size; i++) {
            sum += exp(x[i] - max);
          }
          double log = StrictMath.log(sum);
          for (int i = at; i < at + size; i++) {
            y[i] = (x[i] - max) - log;
          }
        }
        return y;
      }

      /** The sum, element by element. */
      private static double[] add(double[] a, double[] b) {
        double[] y = new double[a.length];
        for (int i = 0; i < y.length; i++) {
          y[i] = a[i] + b[i];
        }
        return y;
      }

      /** The parts side by side, row by row of each, which all have so many. */
      private static double[] concat(int rows, double[]... parts) {
        int size = 0;
        for (double[] part : parts) {
          size += part.length;
        }
        double[] y = new double[size];
        int at = 0;
        for (int row = 0; row < rows; row++) {
          for (double[] part : parts) {
            int run = part.length / rows;
            System.arraycopy(part, row * run, y, at, run);
            at += run;
          }
        }
        return y;
      }

      /** The largest of so many numbers, or NaN. */
      private static double max(double[] x, int at, int size) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = at; i < at + size; i++) {
          max = Math.max(max, x[i]);
        }
        return max;
      }

      /** The inner product in eight partial sums, which do not wait for each other. */
      private static double dot(double[] a, int a0, double[] b, int b0, int size) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int k = 0;
        for (; k + 8 <= size; k += 8) {
          s0 = fma(a[a0 + k], b[b0 + k], s0);
          s1 = fma(a[a0 + k + 1], b[b0 + k + 1], s1);
          s2 = fma(a[a0 + k + 2], b[b0 + k + 2], s2);
          s3 = fma(a[a0 + k + 3], b[b0 + k + 3], s3);
          s4 = fma(a[a0 + k + 4], b[b0 + k + 4], s4);
          s5 = fma(a[a0 + k + 5], b[b0 + k + 5], s5);
          s6 = fma(a[a0 + k + 6], b[b0 + k + 6], s6);
          s7 = fma(a[a0 + k + 7], b[b0 + k + 7], s7);
        }
        int left = size - k;
        s0 = left > 0 ? fma(a[a0 + k], b[b0 + k], s0) : s0;
        s1 = left > 1 ? fma(a[a0 + k + 1], b[b0 + k + 1], s1) : s1;
        s2 = left > 2 ? fma(a[a0 + k + 2], b[b0 + k + 2], s2) : s2;
        s3 = left > 3 ? fma(a[a0 + k + 3], b[b0 + k + 3], s3) : s3;
        s4 = left > 4 ? fma(a[a0 + k + 4], b[b0 + k + 4], s4) : s4;
        s5 = left > 5 ? fma(a[a0 + k + 5], b[b0 + k + 5], s5) : s5;
        s6 = left > 6 ? fma(a[a0 + k + 6], b[b0 + k + 6], s6) : s6;
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
      }

      /** The sum of so many numbers in eight partial sums, as an inner product has them. */
      private static double sum(double[] x, int at, int size) {
        double[] s = new double[8];
        for (int i = 0; i < size; i++) {
          s[i % 8] += x[at + i];
        }
        return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
      }

      /** The numbers whose bits the texts have in Base64, one after the other. */
      private static double[] numbers(int count, String... texts) {
        double[] numbers = new double[count];
        int at = 0;
        for (String text : texts) {
          DoubleBuffer part = ByteBuffer.wrap(Base64.getDecoder().decode(text)).asDoubleBuffer();
          int size = part.remaining();
          part.get(numbers, at, size);
          at += size;
        }
        return numbers;
      }
      """;

  private LayerText() {}
}
