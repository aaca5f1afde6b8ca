package doppio.train;

/**
 * Thrown by {@link Trainer#fit} when a loss is finite and its gradient is not, or is beyond what
 * the optimizer can take: no step was made, and the buffers are as they were before the batch.
 */
public final class NonFiniteGradientException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  private final double gradient;
  private final int epoch;
  private final int batch;
  private final String parameter;

  /**
   * Describes the place.
   *
   * @param epoch counted from 1
   * @param batch counted from 1
   * @param parameter the path of the parameter
   */
  NonFiniteGradientException(
      double gradient, int epoch, int batch, String parameter, String description) {
    super(description + " in epoch " + epoch + ", batch " + batch + "; no step was made");
    this.gradient = gradient;
    this.epoch = epoch;
    this.batch = batch;
    this.parameter = parameter;
  }

  /** The element: NaN, infinite, or too large. */
  public double gradient() {
    return gradient;
  }

  /** The number of the epoch, from 1. */
  public int epoch() {
    return epoch;
  }

  /** The number of the batch in its epoch, from 1. */
  public int batch() {
    return batch;
  }

  /** The path of the parameter, {@code 2.0.weight} say. */
  public String parameter() {
    return parameter;
  }
}
