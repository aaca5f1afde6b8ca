package doppio.check;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.nn.Layer;
import doppio.nn.Parameter;
import java.util.Arrays;

/** Layers by their textbook gradients, in each term of which an error can be planted. */
final class PlantedLayers {
  private PlantedLayers() {}

  /** Rows of features, the last dimension; keeps what the last two passes had to remember. */
  abstract static class Bed extends Layer implements Plant.Bed {
    Plant p = Plant.NONE;
    private final int terms;
    private final int indices;
    private final int memories;
    private double[] now = {};
    private double[] before;

    Bed(int terms, int indices, int memories) {
      this.terms = terms;
      this.indices = indices;
      this.memories = memories;
    }

    @Override
    public void plant(Plant plant) {
      p = plant;
    }

    @Override
    public int places(Plant.Kind kind) {
      return Plant.Bed.count(kind, terms, indices, memories);
    }

    /** Remembers numbers for the way back, in an array of their own. */
    void remember(double[] values) {
      before = now;
      now = values.clone();
    }

    double[] remembered() {
      return p.of(0, now, before);
    }

    static int features(Tensor t) {
      return t.dim(-1);
    }

    static Parameter random(long seed, int... shape) {
      return new Parameter(RandomTensors.normal(seed, shape));
    }
  }

  /** y = W x + b. */
  static final class Affine extends Bed {
    private final int in;
    private final int out;
    private final Parameter w;
    private final Parameter b;

    Affine(int in, int out, long seed) {
      super(5, 2, 1);
      this.in = in;
      this.out = out;
      w = parameter("w", random(seed, out, in));
      b = parameter("b", random(seed + 1, out));
    }

    @Override
    protected int[] outputShape(int[] shape) {
      int[] other = shape.clone();
      other[shape.length - 1] = out;
      return other;
    }

    @Override
    protected void record(Tensor x, Tensor y) {
      compute(x, y);
      remember(x.data());
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      for (int k = 0; k < y.size(); k++) {
        double sum = b.value().data()[k % out];
        for (int i = 0; i < in; i++) {
          sum += w.value().data()[k % out * in + i] * x.data()[k / out * in + i];
        }
        y.data()[k] = sum;
      }
    }

    @Override
    protected void gradients(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double[] xs = remembered();
      double[] gw = w.accumulator().data();
      double[] gb = b.accumulator().data();
      int rows = gy.size() / out;
      for (int o = 0; o < out; o++) {
        for (int r = 0; r < rows; r++) {
          double g = gy.data()[r * out + o];
          double last = r == rows - 1 ? p.c(3, o) : 1;
          gb[o] += p.c(2, o) * g;
          for (int i = 0; i < in; i++) {
            gw[o * in + i] += last * p.c(1, o * in + i) * g * xs[r * in + p.at(1, i, in)];
          }
        }
      }
      for (int k = 0; gx != null && k < gx.size(); k++) {
        gx.data()[k] = 0;
        for (int o = 0; o < out; o++) {
          double last = o == out - 1 ? p.c(4, k) : 1;
          double weight = w.value().data()[o * in + p.at(0, k % in, in)];
          gx.data()[k] += last * p.c(0, k) * weight * gy.data()[k / in * out + o];
        }
      }
    }
  }

  /** y = x σ(βx). */
  static final class Swish extends Bed {
    private final Parameter beta;

    Swish(long seed) {
      super(3, 1, 1);
      beta = parameter("beta", random(seed, 1));
    }

    @Override
    protected void record(Tensor x, Tensor y) {
      compute(x, y);
      remember(x.data());
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      for (int i = 0; i < x.size(); i++) {
        y.data()[i] = x.data()[i] * sigmoid(x.data()[i]);
      }
    }

    @Override
    protected void gradients(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double[] xs = remembered();
      for (int i = 0; i < xs.length; i++) {
        double s = sigmoid(xs[i]);
        double g = gy.data()[p.at(0, i, xs.length)];
        double slope = s * (1 - s);
        beta.accumulator().data()[0] += p.c(2, i) * g * xs[i] * xs[i] * slope;
        if (gx != null) {
          double b = beta.value().data()[0];
          gx.data()[i] = g * (p.c(0, i) * s + p.c(1, i) * b * xs[i] * slope);
        }
      }
    }

    private double sigmoid(double x) {
      return 1 / (1 + Math.exp(-beta.value().data()[0] * x));
    }
  }

  /** Batch normalisation of each feature: by the batch in training, by running statistics else. */
  static final class Norm extends Bed {
    private static final double EPSILON = 1e-5;
    private final Parameter gamma;
    private final Parameter beta;
    private final Tensor mean;
    private final Tensor variance;

    Norm(int features, long seed) {
      super(5, 1, 1);
      gamma = parameter("gamma", random(seed, features));
      beta = parameter("beta", random(seed + 1, features));
      mean = buffer("running_mean", Tensor.zeros(features));
      variance = buffer("running_var", Tensor.full(1, features));
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      normalise(x, y, statistics(mean.data(), variance.data()));
    }

    @Override
    protected void record(Tensor x, Tensor y) {
      int f = mean.size();
      int rows = x.size() / f;
      if (!isTraining() || rows == 0) {
        remember(statistics(mean.data(), variance.data()));
        compute(x, y);
        return;
      }
      double[] m = new double[f];
      double[] v = new double[f];
      for (int k = 0; k < x.size(); k++) {
        m[k % f] += x.data()[k] / rows;
      }
      for (int k = 0; k < x.size(); k++) {
        v[k % f] += (x.data()[k] - m[k % f]) * (x.data()[k] - m[k % f]) / rows;
      }
      for (int i = 0; i < f; i++) {
        mean.data()[i] += 0.1 * (m[i] - mean.data()[i]);
        variance.data()[i] += 0.1 * (v[i] - variance.data()[i]);
      }
      double[] s = statistics(m, v);
      remember(s);
      normalise(x, y, s);
    }

    /** The means, then 1 over the deviations. */
    private static double[] statistics(double[] m, double[] v) {
      double[] s = Arrays.copyOf(m, 2 * m.length);
      for (int i = 0; i < v.length; i++) {
        s[m.length + i] = 1 / Math.sqrt(v[i] + EPSILON);
      }
      return s;
    }

    private void normalise(Tensor x, Tensor y, double[] s) {
      int f = mean.size();
      for (int k = 0; k < x.size(); k++) {
        double hat = (x.data()[k] - s[k % f]) * s[f + k % f];
        y.data()[k] = gamma.value().data()[k % f] * hat + beta.value().data()[k % f];
      }
    }

    @Override
    protected void gradients(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double[] s = remembered();
      int f = mean.size();
      int rows = x.size() / f;
      double[] hat = new double[x.size()];
      double[] sum = new double[f];
      double[] sumHat = new double[f];
      for (int k = 0; k < hat.length; k++) {
        hat[k] = (x.data()[k] - s[k % f]) * s[f + k % f];
        sum[k % f] += gy.data()[k];
        sumHat[k % f] += gy.data()[k] * hat[k];
        gamma.accumulator().data()[k % f] += p.c(3, k % f) * gy.data()[k] * hat[k];
        beta.accumulator().data()[k % f] += p.c(4, k % f) * gy.data()[k];
      }
      for (int k = 0; gx != null && k < hat.length; k++) {
        int i = k % f;
        double g = p.c(0, k) * gy.data()[k];
        if (wasTraining()) {
          g -= p.c(1, k) * sum[i] / rows + p.c(2, k) * hat[k] * sumHat[i] / rows;
        }
        gx.data()[k] = gamma.value().data()[p.at(0, i, f)] * s[f + i] * g;
      }
    }
  }

  /** y = exp(x) / Σ exp(x) of each row. */
  static final class Soften extends Bed {
    Soften() {
      super(2, 1, 1);
    }

    @Override
    protected void record(Tensor x, Tensor y) {
      compute(x, y);
      remember(y.data());
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      int f = features(x);
      for (int from = 0; from < x.size(); from += f) {
        double max = Arrays.stream(x.data(), from, from + f).max().orElse(0);
        double sum = 0;
        for (int k = from; k < from + f; k++) {
          y.data()[k] = Math.exp(x.data()[k] - max);
          sum += y.data()[k];
        }
        for (int k = from; k < from + f; k++) {
          y.data()[k] /= sum;
        }
      }
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double[] ys = remembered();
      int f = features(x);
      for (int k = 0; k < ys.length; k++) {
        int from = k - k % f;
        double dot = 0;
        for (int j = from; j < from + f; j++) {
          dot += ys[j] * gy.data()[j];
        }
        double g = p.c(0, k) * gy.data()[k] - p.c(1, k) * dot;
        gx.data()[k] = ys[from + p.at(0, k % f, f)] * g;
      }
    }
  }

  /** A convolution of each row with a kernel of three numbers, zeros around. */
  static final class Convolve extends Bed {
    private final Parameter kernel;

    Convolve(long seed) {
      super(3, 2, 1);
      kernel = parameter("kernel", random(seed, 3));
    }

    @Override
    protected void record(Tensor x, Tensor y) {
      compute(x, y);
      remember(x.data());
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      int f = features(x);
      for (int k = 0; k < y.size(); k++) {
        y.data()[k] = 0;
        for (int d = -1; d <= 1; d++) {
          if (k % f + d >= 0 && k % f + d < f) {
            y.data()[k] += kernel.value().data()[d + 1] * x.data()[k + d];
          }
        }
      }
    }

    @Override
    protected void gradients(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double[] xs = remembered();
      int f = features(x);
      if (gx != null) {
        gx.fill(0);
      }
      for (int k = 0; k < xs.length; k++) {
        for (int d = -1; d <= 1; d++) {
          if (k % f + d >= 0 && k % f + d < f) {
            double g = gy.data()[k];
            int row = k - k % f;
            int read = row + p.at(1, k % f + d, f);
            kernel.accumulator().data()[d + 1] += p.c(2, d + 1) * g * xs[read];
            if (gx != null) {
              double c = p.c(0, k + d) * (d == 1 ? p.c(1, k + d) : 1);
              gx.data()[k + d] += c * kernel.value().data()[p.at(0, d + 1, 3)] * g;
            }
          }
        }
      }
    }
  }

  /** The larger of each two neighbours; an odd one at the end stays alone. */
  static final class MaxOfPairs extends Bed {
    MaxOfPairs() {
      super(1, 1, 1);
    }

    @Override
    protected int[] outputShape(int[] shape) {
      int[] other = shape.clone();
      other[shape.length - 1] = (shape[shape.length - 1] + 1) / 2;
      return other;
    }

    @Override
    protected void record(Tensor x, Tensor y) {
      compute(x, y);
      double[] places = new double[y.size()];
      for (int k = 0; k < places.length; k++) {
        places[k] = place(x, y, k);
      }
      remember(places);
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      for (int k = 0; k < y.size(); k++) {
        y.data()[k] = x.data()[place(x, y, k)];
      }
    }

    private static int place(Tensor x, Tensor y, int k) {
      int f = features(x);
      int j = k % features(y);
      int first = k / features(y) * f + 2 * j;
      return 2 * j + 1 < f && x.data()[first + 1] > x.data()[first] ? first + 1 : first;
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double[] places = remembered();
      gx.fill(0);
      for (int k = 0; k < gy.size(); k++) {
        int at = (int) places[k];
        gx.data()[p.at(0, at, gx.size())] += p.c(0, at) * gy.data()[k];
      }
    }
  }

  /** h_t = tanh(w x_t + u h_{t−1} + b) along each row, which is a sequence of numbers. */
  static final class Recur extends Bed {
    private final Parameter wub;

    Recur(long seed) {
      super(5, 2, 1);
      wub = parameter("wub", random(seed, 3));
    }

    @Override
    protected void record(Tensor x, Tensor y) {
      compute(x, y);
      remember(y.data());
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      double[] v = wub.value().data();
      for (int k = 0; k < x.size(); k++) {
        double h = k % features(x) == 0 ? 0 : y.data()[k - 1];
        y.data()[k] = Math.tanh(v[0] * x.data()[k] + v[1] * h + v[2]);
      }
    }

    @Override
    protected void gradients(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double[] h = remembered();
      double[] v = wub.value().data();
      double[] g = wub.accumulator().data();
      int f = features(x);
      double later = 0;
      for (int k = h.length - 1; k >= 0; k--) {
        int t = k % f;
        double through = t == f - 1 ? 0 : p.c(0, k) * v[1] * later;
        double delta = (gy.data()[k] + through) * (1 - h[k] * h[k]);
        g[0] += p.c(2, k) * delta * x.data()[k - t + p.at(0, t, f)];
        g[1] += t == 0 ? 0 : p.c(3, k) * delta * h[p.at(1, k - 1, h.length)];
        g[2] += p.c(4, k) * delta;
        if (gx != null) {
          gx.data()[k] = p.c(1, k) * v[0] * delta;
        }
        later = delta;
      }
    }
  }

  /** Dropout. */
  static final class Mask extends Bed {
    private final Generator generator;

    Mask(long seed) {
      super(1, 1, 1);
      generator = generator("generator", new Generator(seed));
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      System.arraycopy(x.data(), 0, y.data(), 0, x.size());
    }

    @Override
    protected void record(Tensor x, Tensor y) {
      double[] mask = new double[x.size()];
      Arrays.fill(mask, 1);
      if (isTraining()) {
        generator.bernoulli(mask, 0.7);
      }
      remember(mask);
      for (int i = 0; i < mask.length; i++) {
        y.data()[i] = mask[i] * x.data()[i] / (isTraining() ? 0.7 : 1);
      }
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double[] mask = remembered();
      for (int i = 0; i < mask.length; i++) {
        double m = mask[p.at(0, i, mask.length)] / (wasTraining() ? 0.7 : 1);
        gx.data()[i] = p.c(0, i) * m * gy.data()[i];
      }
    }
  }

  /** y = s·x for a number that is not trained: it scales outputs, and is always right. */
  static final class Times extends Layer {
    private final double s;

    Times(double s) {
      this.s = s;
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      for (int i = 0; i < x.size(); i++) {
        y.data()[i] = s * x.data()[i];
      }
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      for (int i = 0; i < x.size(); i++) {
        gx.data()[i] = s * gy.data()[i];
      }
    }
  }
}
