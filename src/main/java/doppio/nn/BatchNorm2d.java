package doppio.nn;

/**
 * Batch normalisation of images: y = γ (x − μ) / √(σ² + ε) + β, with μ and σ² of each channel.
 *
 * <p>Shapes: input {@code [n, c, h, w]} or one image {@code [c, h, w]}, output of the same shape.
 * In training a channel needs two values or more. All else is as in {@link BatchNorm1d}: the
 * statistics are over all images, rows and columns, the parameters and buffers have the same names
 * and meanings.
 *
 * <p>Source: Ioffe and Szegedy, "Batch normalization" (2015); {@code torch.nn.BatchNorm2d}, which
 * takes no single image.
 */
public final class BatchNorm2d extends BatchNorm {
  /** With PyTorch's ε = 10⁻⁵ and momentum = 0.1. */
  public BatchNorm2d(int channels) {
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
  public BatchNorm2d(int channels, double eps, double momentum) {
    super(channels, eps, momentum);
  }

  /** One that is made again. */
  public BatchNorm2d(Parts parts) {
    super(parts);
  }

  @Override
  public Description<BatchNorm2d> describe() {
    return describe(Description.of(BatchNorm2d::new));
  }

  @Override
  protected Steps steps() {
    throw new Unsteppable(this, "it works on images, which have no steps");
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    int rank = inputShape.length;
    if (rank < 3 || rank > 4 || inputShape[channelDimension(rank)] != channels()) {
      throw refuse("[n, " + channels() + ", h, w]", inputShape);
    }
    return inputShape;
  }

  @Override
  int channelDimension(int rank) {
    return rank - 3;
  }
}
