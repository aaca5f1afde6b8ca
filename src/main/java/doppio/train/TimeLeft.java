package doppio.train;

/**
 * Says how long a training will still take, from what its last batches took: the later half of them
 * in this call of fit, because the first ones are slow until the JVM has compiled what they run.
 */
final class TimeLeft {
  private static final double NANOS = 1e9;

  /** A sample that is only inferred costs about a third of one that is trained on. */
  private static final double INFERENCE = 1.0 / 3;

  /** When the last thing ended. */
  private long last;

  /** The time in batches alone, and how many they are: now, and when they were powers of two. */
  private double spent;

  private long batches;
  private double spentAtPower;
  private long power;
  private double spentAtPowerBefore;
  private long powerBefore;

  /** What the last epoch took besides its batches; negative until one is over. */
  private double besides;

  void start(long now) {
    last = now;
    spent = 0;
    batches = 0;
    spentAtPower = 0;
    power = 0;
    spentAtPowerBefore = 0;
    powerBefore = 0;
    besides = -1;
  }

  /** A batch is done. */
  void batch(long now) {
    spent += (now - last) / NANOS;
    last = now;
    batches++;
    if (Long.bitCount(batches) == 1) {
      spentAtPowerBefore = spentAtPower;
      powerBefore = power;
      spentAtPower = spent;
      power = batches;
    }
  }

  /** An epoch is done, its validation too. */
  void epoch(long now) {
    besides = (now - last) / NANOS;
    last = now;
  }

  /**
   * The seconds left.
   *
   * @param batchesLeft in all epochs together
   * @param epochsLeft the running one included
   * @param validationBatches how many batches the validation set is worth
   */
  double seconds(long batchesLeft, int epochsLeft, double validationBatches) {
    double each =
        batches == powerBefore ? 0 : (spent - spentAtPowerBefore) / (batches - powerBefore);
    double validation = besides < 0 ? INFERENCE * each * validationBatches : besides;
    return Math.max(0, each * batchesLeft + validation * epochsLeft);
  }
}
