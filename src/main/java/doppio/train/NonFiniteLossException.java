package doppio.train;

import java.util.Optional;

/** Thrown where the loss of a batch is NaN or infinite; the message says where it came from. */
public final class NonFiniteLossException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  private final double loss;
  private final int epoch;
  private final int batch;
  private final String layer;

  /**
   * Describes the place.
   *
   * @param epoch counted from 1
   * @param batch counted from 1
   * @param layer the path of the first layer with a value that is not finite, null if there is none
   */
  NonFiniteLossException(double loss, int epoch, int batch, String layer, String cause) {
    super("the loss is " + loss + " in epoch " + epoch + ", batch " + batch + ": " + cause);
    this.loss = loss;
    this.epoch = epoch;
    this.batch = batch;
    this.layer = layer;
  }

  /** The loss: NaN or infinite. */
  public double loss() {
    return loss;
  }

  /** The number of the epoch, from 1. */
  public int epoch() {
    return epoch;
  }

  /** The number of the batch in its epoch, from 1. */
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
