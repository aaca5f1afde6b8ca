package doppio.train;

/** Where a training stands in an epoch. Between two epochs all numbers but the settings are 0. */
final class RunningEpoch {
  /** The number of samples in the epoch. */
  int samples;

  /** The number of samples in a batch; the last one may have fewer. */
  int batchSize = 1;

  /** The number of batches done. */
  int batch;

  /** The state of the shuffling generator before the epoch; null where nothing is shuffled. */
  long[] shuffle;

  /** The loss of the last batch. */
  double loss;

  /** The learning rate of the last step. */
  double learningRate;

  /** The sum of the batches' losses, each times its number of samples. */
  double lossSum;

  /** The time that the batches took, up to when the clock was started last. */
  double seconds;

  /** The number of samples in the batches done. */
  int samplesDone() {
    return (int) Math.min((long) batch * batchSize, samples);
  }

  /** Counts a batch, whose loss has been set. */
  void count() {
    int before = samplesDone();
    batch++;
    lossSum += loss * (samplesDone() - before);
  }

  /** Goes to another place. */
  void set(RunningEpoch other) {
    samples = other.samples;
    batchSize = other.batchSize;
    batch = other.batch;
    shuffle = other.shuffle;
    loss = other.loss;
    learningRate = other.learningRate;
    lossSum = other.lossSum;
    seconds = other.seconds;
  }

  /** The epoch is over. */
  void reset() {
    batch = 0;
    shuffle = null;
    lossSum = 0;
    seconds = 0;
  }
}
