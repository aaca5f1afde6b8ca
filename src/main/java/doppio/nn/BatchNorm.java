package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Scratch;
import doppio.internal.layer.Channels;
import java.util.Arrays;

/** Normalisation by the statistics of a batch: what the layers for different shapes share. */
abstract class BatchNorm extends Layer {
  static final double DEFAULT_EPS = 1e-5;
  static final double DEFAULT_MOMENTUM = 0.1;

  private final int channels;
  private final double eps;
  private final double momentum;
  private final Parameter weight;
  private final Parameter bias;
  private final Tensor runningMean;
  private final Tensor runningVar;
  private final Tensor batches;

  /** What the last forward normalised by: of its batch in training, else the running values. */
  private final double[] mean;

  private final double[] variance;
  private final double[] inverse;
  private final double[] scale;

  /** Of the way back: Σ g and Σ g (x − mean), and what is made of them. */
  private final double[] sums;

  private final double[] products;

  BatchNorm(int channels, double eps, double momentum) {
    this(
        new Parameter(Tensor.full(1, Require.atLeast(1, "channels", channels))),
        new Parameter(Tensor.zeros(channels)),
        new Tensor[] {Tensor.zeros(channels), Tensor.full(1, channels), Tensor.zeros()},
        eps,
        momentum);
  }

  BatchNorm(Parts parts) {
    this(
        parts.parameter("weight"),
        parts.parameter("bias"),
        new Tensor[] {
          parts.buffer("running_mean"),
          parts.buffer("running_var"),
          parts.buffer("num_batches_tracked")
        },
        parts.number("eps"),
        parts.number("momentum"));
  }

  private BatchNorm(
      Parameter weight, Parameter bias, Tensor[] buffers, double eps, double momentum) {
    Require.finiteNotNegative("eps", eps);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException("momentum must be in [0, 1], got " + momentum);
    }
    channels = weight.value().size();
    Pass.requireShape("weight", weight.value(), channels);
    Pass.requireShape("bias", bias.value(), channels);
    this.eps = eps;
    this.momentum = momentum;
    this.weight = parameter("weight", weight);
    this.bias = parameter("bias", bias);
    runningMean = buffer("running_mean", buffers[0]);
    runningVar = buffer("running_var", buffers[1]);
    batches = buffer("num_batches_tracked", buffers[2]);
    Pass.requireShape("running_mean", runningMean, channels);
    Pass.requireShape("running_var", runningVar, channels);
    Pass.requireShape("num_batches_tracked", batches);
    mean = new double[channels];
    variance = new double[channels];
    inverse = new double[channels];
    scale = new double[channels];
    sums = new double[channels];
    products = new double[channels];
  }

  final <T> Description<T> describe(Description<T> description) {
    return description.set("numFeatures", channels).set("eps", eps).set("momentum", momentum);
  }

  /** The number of channels. */
  public final int channels() {
    return channels;
  }

  /** What is added to a variance before its root is taken. */
  public final double eps() {
    return eps;
  }

  /** How much of each batch's statistics enters the running ones. */
  public final double momentum() {
    return momentum;
  }

  /** The factors γ, {@code [c]}; ones at first. */
  public final Parameter weight() {
    return weight;
  }

  /** The summands β, {@code [c]}; zeros at first. */
  public final Parameter bias() {
    return bias;
  }

  /** Which dimension of an input that the layer takes is the channels. */
  abstract int channelDimension(int rank);

  @Override
  void checkTraining(Tensor x) {
    if (x.size() <= channels) {
      throw new ShapeException(
          this
              + " expects more than one value per channel in training but got "
              + Arrays.toString(x.shape()));
    }
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    Scratch scratch = Scratch.take();
    double[] factors = scratch.results(channels);
    for (int c = 0; c < channels; c++) {
      factors[c] = weight.value().data()[c] * inverse(runningVar.data()[c]);
    }
    layout(x).normalise(x.data(), y.data(), runningMean.data(), factors, bias.value().data());
    scratch.give();
  }

  @Override
  protected void record(Tensor x, Tensor y) {
    Channels layout = layout(x);
    if (isTraining()) {
      layout.moments(x.data(), mean, variance);
      track(x.size() / channels);
    } else {
      System.arraycopy(runningMean.data(), 0, mean, 0, channels);
      System.arraycopy(runningVar.data(), 0, variance, 0, channels);
    }
    for (int c = 0; c < channels; c++) {
      inverse[c] = inverse(variance[c]);
      scale[c] = weight.value().data()[c] * inverse[c];
    }
    layout.normalise(x.data(), y.data(), mean, scale, bias.value().data());
  }

  /** Moves the running values, unless a statistic of the batch is no number that they may hold. */
  private void track(int count) {
    double unbiased = count / (count - 1.0);
    for (int c = 0; c < channels; c++) {
      if (!Double.isFinite(mean[c]) || !Double.isFinite(unbiased * variance[c])) {
        return;
      }
    }
    double[] m = runningMean.data();
    double[] v = runningVar.data();
    for (int c = 0; c < channels; c++) {
      m[c] = momentum * mean[c] + (1 - momentum) * m[c];
      v[c] = momentum * (unbiased * variance[c]) + (1 - momentum) * v[c];
    }
    batches.data()[0]++;
  }

  @Override
  protected void gradients(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    Channels layout = layout(x);
    layout.gradients(x.data(), mean, gy.data(), sums, products);
    accumulate(bias, sums, null);
    accumulate(weight, products, inverse);
    if (gx == null) {
      return;
    }
    double count = x.size() / (double) channels;
    for (int c = 0; c < channels; c++) {
      // The batch's own mean and variance depend on x, too; the running ones do not.
      scale[c] = weight.value().data()[c] * inverse[c];
      sums[c] = wasTraining() ? sums[c] / count : 0;
      products[c] = wasTraining() ? products[c] / count * inverse[c] * inverse[c] : 0;
    }
    layout.denormalise(x.data(), gy.data(), gx.data(), mean, scale, sums, products);
  }

  /** Adds a sum of each channel, times a factor of it, to a parameter's gradient. */
  private static void accumulate(Parameter parameter, double[] sums, double[] factors) {
    if (parameter.isFrozen()) {
      return;
    }
    boolean add = parameter.hasGradient();
    double[] g = parameter.gradientToWrite();
    for (int c = 0; c < g.length; c++) {
      double sum = factors == null ? sums[c] : sums[c] * factors[c];
      g[c] = add ? g[c] + sum : sum;
    }
  }

  private double inverse(double variance) {
    return 1 / Math.sqrt(variance + eps);
  }

  private Channels layout(Tensor x) {
    int dimension = channelDimension(x.rank());
    int n = 1;
    int m = 1;
    for (int d = 0; d < x.rank(); d++) {
      n *= d < dimension ? x.dim(d) : 1;
      m *= d > dimension ? x.dim(d) : 1;
    }
    return new Channels(n, channels, m);
  }

  @Override
  public String toString() {
    boolean usual = eps == DEFAULT_EPS && momentum == DEFAULT_MOMENTUM;
    return name()
        + "("
        + channels
        + (usual ? ")" : ", eps " + eps + ", momentum " + momentum + ")");
  }
}
