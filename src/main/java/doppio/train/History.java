package doppio.train;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What a training gave: everything per epoch, and the loss of every batch.
 *
 * <p>A {@link Trainer} has one history, which grows as it goes on; arrays that were asked for are
 * copies.
 */
public final class History {
  private final List<String> metrics;
  private final ArrayList<EpochResult> epochs = new ArrayList<>();
  private final BatchLosses batchLosses;

  History(List<String> metrics, int limit) {
    this.metrics = List.copyOf(metrics);
    batchLosses = new BatchLosses(limit);
  }

  /** The epochs that are done, in their order; a view. */
  public List<EpochResult> epochs() {
    return Collections.unmodifiableList(epochs);
  }

  /** The number of epochs that are done. */
  public int size() {
    return epochs.size();
  }

  /**
   * The last epoch that is done.
   *
   * @throws IllegalStateException if there is none
   */
  public EpochResult last() {
    if (epochs.isEmpty()) {
      throw new IllegalStateException("no epoch is done yet");
    }
    return epochs.get(epochs.size() - 1);
  }

  /** The names of the metrics, in the order in which they were asked for. */
  public List<String> metrics() {
    return metrics;
  }

  /** The training loss of each epoch, see {@link EpochResult#trainLoss()}. */
  public double[] trainLoss() {
    return column(EpochResult::trainLoss);
  }

  /** The validation loss after each epoch, NaN where there was no validation set. */
  public double[] validationLoss() {
    return column(EpochResult::validationLoss);
  }

  /**
   * A metric after each epoch.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public double[] metric(String name) {
    if (!metrics.contains(Objects.requireNonNull(name, "name"))) {
      throw new IllegalArgumentException("no metric " + name + "; there are " + metrics);
    }
    return column(e -> e.metrics().get(name));
  }

  /** The learning rate at each epoch's last step. */
  public double[] learningRate() {
    return column(EpochResult::learningRate);
  }

  /** The seconds that each epoch's batches took. */
  public double[] seconds() {
    return column(EpochResult::seconds);
  }

  /** Samples per second of each epoch. */
  public double[] samplesPerSecond() {
    return column(EpochResult::samplesPerSecond);
  }

  /**
   * The losses of batches before their steps, those of an unfinished epoch included: of every batch
   * up to the limit of {@link Trainer#historyLimit}, then of every second, every fourth and so on.
   */
  public double[] batchLoss() {
    return batchLosses.toArray();
  }

  /** How many steps lie between two neighbours of {@link #batchLoss}: 1 until the limit. */
  public long batchStride() {
    return batchLosses.stride();
  }

  /**
   * Writes a line for each epoch: {@code epoch,train_loss,validation_loss}, the metrics, {@code
   * learning_rate,seconds,samples_per_second}. Numbers are written in full; NaN is written {@code
   * NaN}.
   *
   * @param file replaced as a whole, see {@link doppio.io}
   * @throws IOException if it cannot be written
   */
  public void saveEpochs(Path file) throws IOException {
    CsvFile.write(file, epochsText());
  }

  /** As {@link #saveEpochs(Path)}, to a stream, which is flushed and not closed. */
  public void saveEpochs(OutputStream out) throws IOException {
    CsvFile.write(out, epochsText());
  }

  private StringBuilder epochsText() {
    StringBuilder csv = new StringBuilder("epoch,train_loss,validation_loss");
    metrics.forEach(name -> csv.append(',').append(name));
    csv.append(",learning_rate,seconds,samples_per_second\n");
    for (EpochResult e : epochs) {
      csv.append(e.epoch())
          .append(',')
          .append(e.trainLoss())
          .append(',')
          .append(e.validationLoss());
      metrics.forEach(name -> csv.append(',').append(e.metrics().get(name)));
      csv.append(',').append(e.learningRate()).append(',').append(e.seconds());
      csv.append(',').append(e.samplesPerSecond()).append('\n');
    }
    return csv;
  }

  /**
   * Writes a line for each batch of {@link #batchLoss}: {@code step,epoch,batch,loss}, counted from
   * 1.
   *
   * @param file replaced as a whole, see {@link doppio.io}
   * @throws IOException if it cannot be written
   */
  public void saveBatches(Path file) throws IOException {
    CsvFile.write(file, batchesText());
  }

  /** As {@link #saveBatches(Path)}, to a stream, which is flushed and not closed. */
  public void saveBatches(OutputStream out) throws IOException {
    CsvFile.write(out, batchesText());
  }

  private StringBuilder batchesText() {
    StringBuilder csv = new StringBuilder("step,epoch,batch,loss\n");
    double[] losses = batchLosses.toArray();
    int epoch = 0;
    long before = 0;
    for (int i = 0; i < losses.length; i++) {
      long step = i * batchLosses.stride();
      while (epoch < epochs.size() && step - before >= epochs.get(epoch).batches()) {
        before += epochs.get(epoch).batches();
        epoch++;
      }
      csv.append(step + 1).append(',').append(epoch + 1).append(',').append(step - before + 1);
      csv.append(',').append(losses[i]).append('\n');
    }
    return csv;
  }

  /** The last epoch's numbers, and how many epochs there are. */
  @Override
  public String toString() {
    return epochs.isEmpty()
        ? "History of no epoch"
        : "History of " + epochs.size() + " epochs, the last one: " + last().text();
  }

  void add(EpochResult result) {
    epochs.add(result);
  }

  /** Makes room for so many epochs and one more batch: adding them takes no memory then. */
  void reserve(int count) {
    epochs.ensureCapacity(count);
    batchLosses.reserve();
  }

  void addBatch(long step, double loss) {
    batchLosses.add(step, loss);
  }

  int limit() {
    return batchLosses.limit();
  }

  /** Takes what another one has; where there is room, see {@link #reserve}, it takes no memory. */
  void set(EpochResult[] allEpochs, double[] allBatchLosses, long stride, long steps) {
    epochs.clear();
    for (EpochResult epoch : allEpochs) {
      epochs.add(epoch);
    }
    batchLosses.set(allBatchLosses, stride, steps);
  }

  double[] column(ToDoubleFunction<EpochResult> figure) {
    double[] column = new double[epochs.size()];
    Arrays.setAll(column, i -> figure.applyAsDouble(epochs.get(i)));
    return column;
  }
}
