package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.DataLoader;
import doppio.data.GroupedSamples;
import doppio.data.Samples;
import doppio.internal.Slices;
import doppio.internal.state.StateReader;
import doppio.loss.Reduction;
import java.util.Map;

/**
 * The epoch in progress: its order, how far it is, what it has given. Between two epochs all
 * numbers but the settings are 0.
 */
final class RunningEpoch {
  private static final double NANOS = 1e9;
  private static final String BATCHES = "batches";
  private static final String SAMPLES_DONE = "samplesDone";

  /** The number of samples in the epoch. */
  int samples;

  /** The number of samples in a batch; the last one may have fewer. */
  int batchSize = 1;

  /** The number of batches done. */
  int batch;

  /** The number of samples in them. */
  private int samplesDone;

  /** The number of batches of samples in groups; 0 of others, whose slices tell. */
  private int groupedBatches;

  /** The loss of the last batch. */
  double loss;

  /** The learning rate of the last step. */
  double learningRate;

  /** The loss of the batches done. */
  private EpochLoss total = new EpochLoss();

  /**
   * The state of the shuffling generator before the epoch; null between two, and where nothing is
   * shuffled.
   */
  private long[] shuffle;

  /** The time that the batches took, up to when the clock was started last. */
  private double seconds;

  /** When the clock was started; 0 while it stands still. */
  private long clock;

  /** The number of batches in the epoch. */
  int batches() {
    return groupedBatches > 0 ? groupedBatches : Slices.count(samples, batchSize);
  }

  /** The number of samples in the batches done. */
  int samplesDone() {
    return samplesDone;
  }

  /** Whether all batches are done. */
  boolean isOver() {
    return batch == batches();
  }

  /** The loss of the batches done, as that of one batch. */
  double meanLoss(Reduction reduction) {
    return total.value(samplesDone(), reduction);
  }

  /** The rest of the epoch: its order is drawn again if some of it is done. */
  DataLoader.Epoch order(Samples data, int size, Generator generator) {
    samples = data.size();
    batchSize = size;
    DataLoader loader = new DataLoader(data, size);
    groupedBatches = data instanceof GroupedSamples ? loader.batches() : 0;
    if (generator == null) {
      return skipped(loader.iterator());
    }
    loader.shuffle(generator);
    if (batch == 0) {
      shuffle = generator.state();
      return loader.iterator();
    }
    long[] now = generator.state();
    try {
      generator.state(shuffle);
      return skipped(loader.iterator());
    } finally {
      generator.state(now);
    }
  }

  private DataLoader.Epoch skipped(DataLoader.Epoch order) {
    for (int i = 0; i < batch; i++) {
      int[] unused = order.nextRows();
    }
    return order;
  }

  /** Undoes the order of an epoch that has not got to the end of its first batch. */
  void cancel(Generator generator) {
    if (batch == 0 && shuffle != null) {
      generator.state(shuffle);
      shuffle = null;
    }
  }

  /** Counts a batch; its loss is what has been set, with the L2 term. */
  void count(int rows, double withoutPenalty, double divisor, double penalty) {
    batch++;
    samplesDone += rows;
    total.add(rows, withoutPenalty, divisor, penalty);
  }

  void startClock() {
    clock = System.nanoTime();
  }

  void stopClock() {
    seconds = seconds();
    clock = 0;
  }

  /** The time that the batches have taken. */
  double seconds() {
    return seconds + (clock == 0 ? 0 : (System.nanoTime() - clock) / NANOS);
  }

  /** What the epoch gave. */
  EpochResult result(
      int number, double trainLoss, double validationLoss, Map<String, Double> metrics) {
    return new EpochResult(
        number, trainLoss, validationLoss, metrics, learningRate, seconds(), samples, batch);
  }

  /** The epoch is over. */
  void reset() {
    batch = 0;
    samplesDone = 0;
    shuffle = null;
    total.reset();
    seconds = 0;
  }

  void save(Map<String, Tensor> state) {
    state.put("batch", Tensor.full(batch));
    state.put("samples", Tensor.full(samples));
    state.put("batchSize", Tensor.full(batchSize));
    if (groupedBatches > 0) {
      state.put(BATCHES, Tensor.full(groupedBatches));
      state.put(SAMPLES_DONE, Tensor.full(samplesDone));
    }
    state.put("loss", Tensor.full(loss));
    state.put("learningRate", Tensor.full(learningRate));
    total.save(state);
    state.put("seconds", Tensor.full(seconds()));
    if (batch > 0 && shuffle != null) {
      state.put("shuffle", Generators.toTensor(shuffle));
    }
  }

  /** An epoch in progress as it was saved. */
  static RunningEpoch read(StateReader reader, boolean shuffles) {
    RunningEpoch read = new RunningEpoch();
    read.samples = count(reader, "samples", Integer.MAX_VALUE);
    read.batchSize = Math.max(1, count(reader, "batchSize", Integer.MAX_VALUE));
    boolean grouped = reader.has(BATCHES);
    read.groupedBatches = grouped ? count(reader, BATCHES, read.samples) : 0;
    read.batch = count(reader, "batch", read.batches());
    read.samplesDone =
        grouped
            ? count(reader, SAMPLES_DONE, read.samples)
            : Slices.start(read.samples, read.batchSize, read.batch);
    read.loss = any(reader, "loss");
    read.learningRate = any(reader, "learningRate");
    read.total = EpochLoss.read(reader, read.batch > 0);
    read.seconds = any(reader, "seconds");
    if (read.batch > 0 && shuffles) {
      try {
        read.shuffle = Generators.fromTensor(reader.vector("shuffle"));
      } catch (IllegalArgumentException e) {
        reader.problem("shuffle: " + e.getMessage());
      }
    }
    return read;
  }

  private static int count(StateReader reader, String key, double limit) {
    return (int) reader.count(key, limit);
  }

  private static double any(StateReader reader, String key) {
    return reader.number(key, v -> true, "a number");
  }
}
