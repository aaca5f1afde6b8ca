package doppio.train;

/**
 * Logs a line for each epoch through the {@link System.Logger} {@code doppio.train}, level INFO.
 */
public final class EpochLogger implements Callback {
  private static final System.Logger LOGGER = System.getLogger("doppio.train");

  /** A logger of epochs. */
  public EpochLogger() {}

  @Override
  public void epoch(Training training) {
    String text = training.history().last().text();
    LOGGER.log(
        System.Logger.Level.INFO,
        () -> EpochText.epoch(training.epoch(), training.epochs()) + ": " + text);
  }

  @Override
  public String toString() {
    return "EpochLogger()";
  }
}
