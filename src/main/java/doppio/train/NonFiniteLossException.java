package doppio.train;

import java.util.Optional;

/**
 * Thrown where the loss of a batch is NaN or infinite, or what is measured on the validation set is
 * NaN; the message says where it came from.
 */
public final class NonFiniteLossException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  private final double loss;
  private final int epoch;
  private final int batch;
  private final String layer;

  /**
   * Describes the place.
   *
   * @param epoch counted from 1; 0 before the first
   * @param batch counted from 1; 0 for the validation set
   * @param layer the path of the first layer with a value that is not finite, null if there is none
   */
  NonFiniteLossException(
      double loss, int epoch, int batch, String layer, String what, String cause) {
    super(what + ": " + cause);
    this.loss = loss;
    this.epoch = epoch;
    this.batch = batch;
    this.layer = layer;
  }

  /** The loss, NaN or infinite, or what else is NaN. */
  public double loss() {
    return loss;
  }

  /** The number of the epoch, from 1; 0 if it was seen before the first batch. */
  public int epoch() {
    return epoch;
  }

  /** The number of the batch in its epoch, from 1; 0 if it was the validation set. */
  public int batch() {
    return batch;
  }

  /**
   * The path of the first layer with a parameter or an output that is not finite, {@code 2.0} say;
   * empty if there is none, or the data already had it.
   */
  public Optional<String> layer() {
    return Optional.ofNullable(layer);
  }
}
