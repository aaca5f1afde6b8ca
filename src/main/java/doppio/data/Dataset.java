package doppio.data;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Samples and what they should give: inputs {@code [n, ...]} and targets {@code [n]} or {@code [n,
 * ...]}, row by row.
 *
 * <p>Every transformation returns a new data set and leaves this one as it is. What a
 * transformation does not touch is shared, not copied: {@link #oneHot} has the same inputs tensor,
 * {@link #scale} the same targets tensor.
 *
 * <pre>{@code
 * Dataset.Split parts = Digits.load().shuffle(new Generator(0)).split(0.7);
 * Standardizer standardizer = Standardizer.fit(parts.first());
 * Dataset train = parts.first().standardize(standardizer);
 * Dataset test = parts.second().standardize(standardizer);
 * }</pre>
 */
public final class Dataset implements Samples {
  private final Tensor inputs;
  private final Tensor targets;

  /**
   * The two parts of a data set.
   *
   * @param first the rows before the cut
   * @param second the rows from the cut on
   */
  public record Split(Dataset first, Dataset second) {
    /** The first part, which a model is trained on. */
    public Dataset train() {
      return first;
    }

    /** The second part, which shows how good the model is on what it has not seen. */
    public Dataset heldOut() {
      return second;
    }

    /** Both parts. */
    @Override
    public String toString() {
      return "Split(first " + first + ", second " + second + ")";
    }
  }

  /**
   * Pairs the tensors, which are not copied.
   *
   * @param inputs the samples {@code [n, ...]}
   * @param targets what they should give, {@code [n]} or {@code [n, ...]}
   * @throws ShapeException if one of them has rank 0 or they differ in their first dimension
   */
  public Dataset(Tensor inputs, Tensor targets) {
    this.inputs = Objects.requireNonNull(inputs, "inputs");
    this.targets = Objects.requireNonNull(targets, "targets");
    if (inputs.rank() == 0 || targets.rank() == 0 || inputs.dim(0) != targets.dim(0)) {
      throw new ShapeException(
          "inputs [n, ...] and targets [n, ...] need the same n, got "
              + Shapes.text(inputs)
              + " and "
              + Shapes.text(targets));
    }
  }

  /** {@return the samples {@code [n, ...]}: the live tensor, not a copy} */
  public Tensor inputs() {
    return inputs;
  }

  /** {@return the targets {@code [n]} or {@code [n, ...]}: the live tensor, not a copy} */
  public Tensor targets() {
    return targets;
  }

  /** {@return the number of samples, n} */
  @Override
  public int size() {
    return inputs.dim(0);
  }

  @Override
  public int[] inputShape() {
    return rowShape(inputs);
  }

  @Override
  public int[] targetShape() {
    return rowShape(targets);
  }

  @Override
  public void read(int[] rows, Batch into) {
    RowCopies.check(size(), rows, into, RowCopies.length(inputs), RowCopies.length(targets));
    RowCopies.gather(inputs, rows, into.inputs());
    RowCopies.gather(targets, rows, into.targets());
  }

  private static int[] rowShape(Tensor t) {
    int[] shape = t.shape();
    return Arrays.copyOfRange(shape, 1, shape.length);
  }

  /**
   * {@return copies of the named rows, in the order given}
   *
   * @param rows numbers from 0; a row may be named more than once
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public Dataset subset(int... rows) {
    Objects.requireNonNull(rows, "rows");
    RowCopies.check(size(), rows);
    return new Dataset(RowCopies.gather(inputs, rows), RowCopies.gather(targets, rows));
  }

  /**
   * {@return copies of neighbouring rows}
   *
   * @param from the first row
   * @param to the row after the last
   * @throws IndexOutOfBoundsException unless {@code 0 ≤ from ≤ to ≤ n}
   */
  public Dataset slice(int from, int to) {
    if (from < 0 || from > to || to > size()) {
      throw new IndexOutOfBoundsException(
          "no rows " + from + " to " + to + " in a data set of " + size());
    }
    return new Dataset(RowCopies.slice(inputs, from, to), RowCopies.slice(targets, from, to));
  }

  /**
   * {@return copies of all rows in random order}
   *
   * @param generator its {@link Generator#permutation} is the order
   */
  public Dataset shuffle(Generator generator) {
    return subset(generator.permutation(size()));
  }

  /**
   * Cuts the data set in two, in its order: round(fraction · n) rows and the rest. {@link #shuffle}
   * first where the order means something.
   *
   * @param fraction the part of the rows that goes first, in (0, 1)
   * @return both parts, as copies
   * @throws IllegalArgumentException if the fraction lies outside (0, 1), or a part would be empty
   */
  public Split split(double fraction) {
    int cut = cut(fraction);
    return new Split(slice(0, cut), slice(cut, size()));
  }

  /**
   * Cuts the data set in two so that each class has the same part of both, as nearly as whole rows
   * allow: round(fraction · n) rows and the rest, of every class at least one in each. The rows of
   * a class go first in their order, and both parts keep the order of the data set; {@link
   * #shuffle} first where it means something. Rows with equal targets are a class: indices {@code
   * [n]}, or rows such as those of {@link #oneHot}.
   *
   * @param fraction the part of the rows that goes first, in (0, 1)
   * @return both parts, as copies
   * @throws IllegalArgumentException if the fraction lies outside (0, 1), a target is NaN, a class
   *     has a single row, or a part is too small for a row of every class
   */
  public Split stratifiedSplit(double fraction) {
    int cut = cut(fraction);
    boolean[] first = new Strata(targets).choose(cut, fraction);
    int[] rows = IntStream.range(0, size()).toArray();
    return new Split(
        subset(Arrays.stream(rows).filter(i -> first[i]).toArray()),
        subset(Arrays.stream(rows).filter(i -> !first[i]).toArray()));
  }

  /** How many rows go first. */
  private int cut(double fraction) {
    int cut = (int) Math.round(Require.properShare("fraction", fraction) * size());
    if (cut == 0 || cut == size()) {
      throw new IllegalArgumentException(
          "a split of "
              + size()
              + " rows at "
              + fraction
              + " leaves the "
              + (cut == 0 ? "first" : "second")
              + " part empty");
    }
    return cut;
  }

  /**
   * {@return the data set with targets {@code [n, classes]}: 1 at the class, 0 elsewhere}
   *
   * @param classes the number of classes; the targets {@code [n]} are their indices from 0
   * @throws ShapeException if the targets are not of shape {@code [n]}
   * @throws IllegalArgumentException if {@code classes < 1} or a target is not a whole number in
   *     [0, classes)
   */
  public Dataset oneHot(int classes) {
    return new Dataset(inputs, ClassRows.of(targets, classes, 0));
  }

  /**
   * {@return the data set with targets {@code [n, classes]} for one-against-rest losses: +1 at the
   * class, −1 elsewhere}
   *
   * @param classes the number of classes; the targets {@code [n]} are their indices from 0
   * @throws ShapeException if the targets are not of shape {@code [n]}
   * @throws IllegalArgumentException if {@code classes < 1} or a target is not a whole number in
   *     [0, classes)
   */
  public Dataset plusMinusOne(int classes) {
    return new Dataset(inputs, ClassRows.of(targets, classes, -1));
  }

  /**
   * {@return the data set with inputs x · factor}
   *
   * @param factor a finite number
   * @throws IllegalArgumentException if the factor is not finite
   */
  public Dataset scale(double factor) {
    Require.finite("factor", factor);
    return mapInputs(x -> x * factor);
  }

  /**
   * {@return the data set with inputs (x − mean) / std, the same two numbers everywhere}
   *
   * @param mean a finite number
   * @param std a positive and finite number
   * @throws IllegalArgumentException if one of them is not
   */
  public Dataset normalize(double mean, double std) {
    Require.finite("mean", mean);
    Require.positive("std", std);
    return mapInputs(x -> (x - mean) / std);
  }

  private Dataset mapInputs(DoubleUnaryOperator f) {
    Tensor mapped = inputs.copy();
    Arrays.setAll(mapped.data(), i -> f.applyAsDouble(mapped.data()[i]));
    return new Dataset(mapped, targets);
  }

  /**
   * {@return the data set with inputs shifted and scaled feature by feature}
   *
   * @param standardizer fitted on the training part
   * @throws ShapeException if the inputs' features are not the standardizer's
   */
  public Dataset standardize(Standardizer standardizer) {
    return new Dataset(standardizer.apply(inputs), targets);
  }

  /** The shapes of inputs and targets. */
  @Override
  public String toString() {
    return "Dataset(inputs " + Shapes.text(inputs) + ", targets " + Shapes.text(targets) + ")";
  }
}
