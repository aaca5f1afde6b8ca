package doppio.nn;

/**
 * Batch normalisation of features: y = γ (x − μ) / √(σ² + ε) + β, with μ and σ² of each channel.
 *
 * <p>Shapes: input {@code [n, c]}, {@code [n, c, l]} or a single sample {@code [c]}, output of the
 * same shape. In training a channel needs two values or more.
 *
 * <p>Training: μ and σ² are the mean and the variance (over the number of values) of a channel in
 * the batch. The running values move towards them: {@code running_mean} ← (1 − momentum) · it +
 * momentum · μ, and {@code running_var} likewise with the unbiased variance, over one value less;
 * {@code num_batches_tracked} counts. A batch with a statistic that is not finite moves none of
 * them. Evaluation: μ and σ² are the running values, and a sample's output does not depend on the
 * others.
 *
 * <p>Parameters: {@code weight} γ {@code [c]}, ones at first, and {@code bias} β {@code [c]}, zeros
 * at first. Buffers: the running mean {@code [c]}, zeros at first, the running variance {@code
 * [c]}, ones at first, and the count {@code []}.
 *
 * <p>Sums over a channel: a sample's values in eight partial sums, the samples' sums in chains of
 * 256; the same on every machine.
 *
 * <p>Gradient: ∂β = Σ g, ∂γ = Σ g x̂ with x̂ = (x − μ) / √(σ² + ε), over the channel; in training
 * ∂x = γ / √(σ² + ε) · (g − mean g − x̂ · mean(g x̂)), in evaluation γ g / √(σ² + ε).
 *
 * <p>Source: Ioffe and Szegedy, "Batch normalization" (2015); {@code torch.nn.BatchNorm1d}, which
 * takes no single sample.
 */
public final class BatchNorm1d extends BatchNorm {
  /** With PyTorch's ε = 10⁻⁵ and momentum = 0.1. */
  public BatchNorm1d(int channels) {
    this(channels, DEFAULT_EPS, DEFAULT_MOMENTUM);
  }

  /**
   * With settings of one's own.
   *
   * @param eps ε, what is added to a variance
   * @param momentum how much of each batch's statistics enters the running ones, from 0 to 1
   * @throws IllegalArgumentException if channels is below 1, eps negative or not finite, or
   *     momentum not in [0, 1]
   */
  public BatchNorm1d(int channels, double eps, double momentum) {
    super(channels, eps, momentum);
  }

  /** One that is made again. */
  public BatchNorm1d(Parts parts) {
    super(parts);
  }

  @Override
  public Description<BatchNorm1d> describe() {
    return describe(Description.of(BatchNorm1d::new));
  }

  @Override
  protected Steps steps() {
    throw new Unsteppable(
        this, "it takes steps for channels; LayerNorm normalises each step by itself");
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    int rank = inputShape.length;
    if (rank < 1 || rank > 3 || inputShape[channelDimension(rank)] != channels()) {
      throw refuse("[n, " + channels() + "] or [n, " + channels() + ", l]", inputShape);
    }
    return inputShape;
  }

  @Override
  int channelDimension(int rank) {
    return rank == 1 ? 0 : 1;
  }
}
