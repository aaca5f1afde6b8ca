package doppio.internal;

/** Kernels in plain Java. */
final class ScalarKernels implements Kernels {
  @Override
  public void linear(double[] x, double[] w, double[] bias, double[] y, int n, int in, int out) {
    for (int row = 0; row < n; row++) {
      for (int o = 0; o < out; o++) {
        double sum = bias == null ? 0 : bias[o];
        for (int i = 0; i < in; i++) {
          sum = Math.fma(x[row * in + i], w[o * in + i], sum);
        }
        y[row * out + o] = sum;
      }
    }
  }

  @Override
  public void linearInputGradient(double[] gy, double[] w, double[] gx, int n, int in, int out) {
    for (int row = 0; row < n; row++) {
      for (int i = 0; i < in; i++) {
        double sum = 0;
        for (int o = 0; o < out; o++) {
          sum = Math.fma(gy[row * out + o], w[o * in + i], sum);
        }
        gx[row * in + i] = sum;
      }
    }
  }

  @Override
  public void linearWeightGradient(
      double[] gy, double[] x, double[] gw, int n, int in, int out, boolean add) {
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        double sum = add ? gw[o * in + i] : 0;
        for (int row = 0; row < n; row++) {
          sum = Math.fma(gy[row * out + o], x[row * in + i], sum);
        }
        gw[o * in + i] = sum;
      }
    }
  }

  @Override
  public void columnSums(double[] a, double[] sums, int n, int out, boolean add) {
    for (int o = 0; o < out; o++) {
      double sum = add ? sums[o] : 0;
      for (int row = 0; row < n; row++) {
        sum += a[row * out + o];
      }
      sums[o] = sum;
    }
  }

  @Override
  public void descendOuter(double[] w, double[] gy, double[] x, double rate, int in, int out) {
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        w[o * in + i] = Math.fma(-rate, gy[o] * x[i], w[o * in + i]);
      }
    }
  }

  @Override
  public void descend(double[] w, double[] g, double rate) {
    for (int i = 0; i < w.length; i++) {
      w[i] = Math.fma(-rate, g[i], w[i]);
    }
  }

  @Override
  public void relu(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.max(0, x[i]);
    }
  }

  @Override
  public void reluGradient(double[] y, double[] gy, double[] gx) {
    for (int i = 0; i < y.length; i++) {
      gx[i] = y[i] <= 0 ? 0 : gy[i];
    }
  }

  @Override
  public void leakyRelu(double[] x, double[] y, double slope) {
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] > 0 ? x[i] : slope * x[i];
    }
  }

  @Override
  public void leakyReluGradient(double[] x, double[] gy, double[] gx, double slope) {
    for (int i = 0; i < x.length; i++) {
      gx[i] = x[i] > 0 ? gy[i] : slope * gy[i];
    }
  }

  @Override
  public void tanh(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = StrictMath.tanh(x[i]);
    }
  }

  @Override
  public void tanhGradient(double[] y, double[] gy, double[] gx) {
    for (int i = 0; i < y.length; i++) {
      gx[i] = gy[i] * (1 - y[i] * y[i]);
    }
  }

  @Override
  public void sigmoid(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = 1 / (1 + StrictMath.exp(-x[i]));
    }
  }

  @Override
  public void sigmoidGradient(double[] y, double[] gy, double[] gx) {
    for (int i = 0; i < y.length; i++) {
      gx[i] = gy[i] * (1 - y[i]) * y[i];
    }
  }

  @Override
  public void softmax(double[] x, double[] y, int size) {
    for (int from = 0; from < x.length; from += size) {
      double max = Double.NEGATIVE_INFINITY;
      for (int i = from; i < from + size; i++) {
        max = Math.max(max, x[i]);
      }
      double sum = 0;
      for (int i = from; i < from + size; i++) {
        y[i] = StrictMath.exp(x[i] - max);
        sum += y[i];
      }
      for (int i = from; i < from + size; i++) {
        y[i] /= sum;
      }
    }
  }
}
