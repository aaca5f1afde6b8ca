package doppio.internal;

import static doppio.internal.Fma.fma;

/**
 * A convolution the long way: its patches are written down, one a row, for a linear layer; the
 * gradient of its input is added up term by term in the order that {@link ConvolutionKernels}
 * states.
 */
final class Unfolded {
  private static final int CHAIN = 256;

  private Unfolded() {}

  /** A row for each position (image, row, column), for one group. */
  static double[] patches(Convolution c, double[] x, int n, int group) {
    double[] patches = new double[n * c.positions() * c.depth()];
    int at = 0;
    for (int image = 0; image < n; image++) {
      for (int row = 0; row < c.outHeight(); row++) {
        for (int column = 0; column < c.outWidth(); column++) {
          for (int k = 0; k < c.groupChannels(); k++) {
            int plane = (image * c.channels() + group * c.groupChannels() + k) * c.pixels();
            for (int i = 0; i < c.kernelHeight(); i++) {
              for (int j = 0; j < c.kernelWidth(); j++) {
                int h = row * c.strideHeight() - c.paddingHeight() + i * c.dilationHeight();
                int w = column * c.strideWidth() - c.paddingWidth() + j * c.dilationWidth();
                boolean inside = h >= 0 && h < c.height() && w >= 0 && w < c.width();
                patches[at++] = inside ? x[plane + h * c.width() + w] : 0;
              }
            }
          }
        }
      }
    }
    return patches;
  }

  /** One group's planes of a batch, a row for each position. */
  static double[] rows(Convolution c, double[] y, int n, int group) {
    double[] rows = new double[n * c.positions() * c.groupOut()];
    for (int image = 0; image < n; image++) {
      for (int p = 0; p < c.positions(); p++) {
        for (int o = 0; o < c.groupOut(); o++) {
          rows[(image * c.positions() + p) * c.groupOut() + o] =
              y[(image * c.out() + group * c.groupOut() + o) * c.positions() + p];
        }
      }
    }
    return rows;
  }

  /** The way back from {@link #rows}. */
  static void planes(Convolution c, double[] rows, int n, int group, double[] y) {
    for (int image = 0; image < n; image++) {
      for (int p = 0; p < c.positions(); p++) {
        for (int o = 0; o < c.groupOut(); o++) {
          y[(image * c.out() + group * c.groupOut() + o) * c.positions() + p] =
              rows[(image * c.positions() + p) * c.groupOut() + o];
        }
      }
    }
  }

  static double[] inputGradient(Convolution c, double[] gy, double[] w, int n) {
    double[] gx = new double[n * c.channels() * c.pixels()];
    int at = 0;
    for (int image = 0; image < n; image++) {
      for (int channel = 0; channel < c.channels(); channel++) {
        for (int row = 0; row < c.height(); row++) {
          for (int column = 0; column < c.width(); column++) {
            gx[at++] = inputGradient(c, gy, w, image, channel, row, column);
          }
        }
      }
    }
    return gx;
  }

  private static double inputGradient(
      Convolution c, double[] gy, double[] w, int image, int channel, int row, int column) {
    int group = channel / c.groupChannels();
    double total = 0;
    double chain = 0;
    int terms = 0;
    for (int o = group * c.groupOut(); o < (group + 1) * c.groupOut(); o++) {
      for (int i = 0; i < c.kernelHeight(); i++) {
        for (int j = 0; j < c.kernelWidth(); j++) {
          int h = row + c.paddingHeight() - i * c.dilationHeight();
          int v = column + c.paddingWidth() - j * c.dilationWidth();
          if (h % c.strideHeight() != 0 || v % c.strideWidth() != 0) {
            continue;
          }
          h /= c.strideHeight();
          v /= c.strideWidth();
          boolean inside = h >= 0 && h < c.outHeight() && v >= 0 && v < c.outWidth();
          double g =
              inside ? gy[((image * c.out() + o) * c.outHeight() + h) * c.outWidth() + v] : 0;
          int k = o * c.groupChannels() + channel % c.groupChannels();
          double weight = w[(k * c.kernelHeight() + i) * c.kernelWidth() + j];
          if (terms > 0 && terms % CHAIN == 0) {
            total = terms == CHAIN ? chain : total + chain;
            chain = 0;
          }
          chain = fma(weight, g, chain);
          terms++;
        }
      }
    }
    return terms > CHAIN ? total + chain : chain;
  }
}
