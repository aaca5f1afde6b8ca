package doppio.data;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import java.util.stream.IntStream;

/**
 * A series as samples: each window of {@code length} neighbouring steps is an input, and the {@code
 * horizon} steps that follow it are its target.
 *
 * <p>Shapes: a series {@code [t]} or {@code [t, f]}; inputs {@code [n, length, f]}, with f = 1
 * where the series is {@code [t]}; targets {@code [n, horizon · f]}, step after step, which a
 * {@code Linear(hidden, horizon · f)} predicts. There are n = t − length − horizon + 1 windows, the
 * first one first.
 *
 * <p>The numbers are not copied: a window is read when a batch asks for it. {@link #split} cuts by
 * time.
 *
 * <pre>{@code
 * Windows.Split parts = Windows.of(series, 24, 1).split(0.8);
 * trainer.validation(parts.heldOut()).fit(parts.train());
 * }</pre>
 */
public final class Windows implements Samples {
  private final double[] series;
  private final int features;
  private final int length;
  private final int horizon;

  /** The step at which the first window begins, and that behind the last target. */
  private final int from;

  private final int to;

  /**
   * The two parts of a series.
   *
   * @param train the windows that end, targets included, before the cut
   * @param heldOut the windows whose targets begin at the cut or later; their inputs may reach back
   *     before it, as they do when a forecast is made
   */
  public record Split(Windows train, Windows heldOut) {
    /** Both parts. */
    @Override
    public String toString() {
      return "Split(train " + train + ", held out " + heldOut + ")";
    }
  }

  private Windows(
      String what, double[] series, int features, int length, int horizon, int from, int to) {
    this.series = series;
    this.features = features;
    this.length = Require.atLeast(1, "length", length);
    this.horizon = Require.atLeast(1, "horizon", horizon);
    this.from = from;
    this.to = to;
    if ((long) length + horizon > to - from) {
      throw new IllegalArgumentException(
          what
              + " of "
              + (to - from)
              + " steps is shorter than a window of "
              + length
              + " and the "
              + horizon
              + " to predict");
    }
  }

  /**
   * The windows of a series with one number a step.
   *
   * @param series not copied
   * @param length the steps of an input
   * @param horizon the steps to predict
   * @throws IllegalArgumentException if length or horizon is below 1, or the series is shorter than
   *     both together
   */
  public static Windows of(double[] series, int length, int horizon) {
    return new Windows("a series", series, 1, length, horizon, 0, series.length);
  }

  /**
   * The windows of a series {@code [t]} or {@code [t, f]}.
   *
   * @throws ShapeException if it has another rank, or no features
   * @throws IllegalArgumentException as {@link #of(double[], int, int)} does
   */
  public static Windows of(Tensor series, int length, int horizon) {
    int rank = series.rank();
    int features = rank == 2 ? series.dim(1) : 1;
    if (rank < 1 || rank > 2 || features == 0) {
      throw new ShapeException(
          "expected a series [t] or [t, features] but got " + Shapes.text(series));
    }
    return new Windows("a series", series.data(), features, length, horizon, 0, series.dim(0));
  }

  /**
   * Cuts the series in two by time, at step round(fraction · t). No window of the first part sees a
   * number of the second; what lies across the cut is left out.
   *
   * @param fraction the part of the steps that goes first, in (0, 1)
   * @throws IllegalArgumentException if the fraction lies outside (0, 1), or a part is shorter than
   *     a window
   */
  public Split split(double fraction) {
    Require.properShare("fraction", fraction);
    int cut = from + (int) Math.round(fraction * (to - from));
    return new Split(
        part("the training part", from, cut),
        part("the held-out part", Math.max(from, cut - length), to));
  }

  private Windows part(String what, int from, int to) {
    return new Windows(what, series, features, length, horizon, from, to);
  }

  /** {@return all windows as a data set in memory: each number is copied as often as it is seen} */
  public Dataset dataset() {
    Batch all = batch(IntStream.range(0, size()).toArray());
    return new Dataset(all.inputs(), all.targets());
  }

  /** {@return the number of windows, n} */
  @Override
  public int size() {
    return to - from - length - horizon + 1;
  }

  @Override
  public int[] inputShape() {
    return new int[] {length, features};
  }

  @Override
  public int[] targetShape() {
    return new int[] {horizon * features};
  }

  @Override
  public void read(int[] rows, Batch into) {
    int inputs = length * features;
    int targets = horizon * features;
    RowCopies.check(size(), rows, into, inputs, targets);
    for (int i = 0; i < rows.length; i++) {
      int start = (from + rows[i]) * features;
      System.arraycopy(series, start, into.inputs().data(), i * inputs, inputs);
      System.arraycopy(series, start + inputs, into.targets().data(), i * targets, targets);
    }
  }

  @Override
  public String toString() {
    return "Windows("
        + size()
        + " of "
        + length
        + " steps and "
        + horizon
        + " to predict, of "
        + features
        + (features == 1 ? " feature)" : " features)");
  }
}
