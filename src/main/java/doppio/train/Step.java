package doppio.train;

import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Samples;
import doppio.loss.Loss;
import doppio.loss.Reduction;
import doppio.nn.Module;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** One step of a training, as a {@link GradientSource} sees it. */
public final class Step {
  private final Module model;
  private final Loss loss;
  private final Samples samples;
  private final int[] rows;
  private final DataLoader.Epoch order;
  private final long number;
  private final int epoch;
  private Batch batch;
  private double divisor = Double.NaN;

  /**
   * A step.
   *
   * @param order the epoch that the rows are from, behind them; null where there is none
   */
  Step(
      Module model,
      Loss loss,
      Samples samples,
      int[] rows,
      DataLoader.Epoch order,
      long number,
      int epoch) {
    this.model = model;
    this.loss = loss;
    this.samples = samples;
    this.rows = rows;
    this.order = order;
    this.number = number;
    this.epoch = epoch;
  }

  /** The model, in training mode. */
  public Module model() {
    return model;
  }

  /** The loss. */
  public Loss loss() {
    return loss;
  }

  /** Where the samples are. */
  public Samples samples() {
    return samples;
  }

  /** The number of samples in the batch. */
  public int size() {
    return rows.length;
  }

  /** The row numbers of the batch's samples, in the epoch's order. */
  public int[] rows() {
    return rows.clone();
  }

  /**
   * The row numbers of this batch and of each that follows in the epoch: for a source that brings
   * samples near to where they will be needed. Less comes where the training ends before.
   */
  public List<int[]> upcoming() {
    List<int[]> upcoming = new ArrayList<>();
    upcoming.add(rows());
    if (order != null) {
      upcoming.addAll(order.rest());
    }
    return upcoming;
  }

  /** The number of steps before this one, in all epochs together. */
  public long number() {
    return number;
  }

  /** The number of epochs that are done. */
  public int epoch() {
    return epoch;
  }

  /** The whole batch, read when it is asked for first. For the thread that trains. */
  public Batch batch() {
    if (batch == null) {
      batch = samples.batch(rows);
    }
    return batch;
  }

  /**
   * Says how much the batch's targets count, {@link Loss#divisor()}: with it the loss of the epoch
   * is right where samples weigh differently. Without it all count alike.
   */
  public void divisor(double divisor) {
    this.divisor = divisor;
  }

  /** What the loss divided by, as far as it was said. */
  double divisor() {
    if (loss.reduction() == Reduction.SUM) {
      return 1;
    }
    return Double.isNaN(divisor) ? size() : divisor;
  }

  /**
   * Reads a part of the batch; from any thread.
   *
   * @param from the first position within the batch
   * @param to the position behind the last
   * @throws IndexOutOfBoundsException unless 0 ≤ from ≤ to ≤ {@link #size}
   */
  public Batch read(int from, int to) {
    Objects.checkFromToIndex(from, to, rows.length);
    return samples.batch(Arrays.copyOfRange(rows, from, to));
  }

  @Override
  public String toString() {
    return "Step(number " + number + ", epoch " + epoch + ", " + rows.length + " samples)";
  }
}
