package doppio.table;

import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Standardizer;
import doppio.internal.FileAccess;
import doppio.io.SafeTensors;
import doppio.loss.MSE;
import doppio.metric.Metric;
import doppio.model.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Tells a number of a row: the value of one component, from the others.
 *
 * <pre>{@code
 * Regressor<Car> mpg = Regressor.of(Car.class, "mpg").without("name").fit(training);
 * System.out.println(mpg.report(heldOut));
 * double milesPerGallon = mpg.predict(car);
 * }</pre>
 *
 * <p>The network learns the target less its mean, divided by its standard deviation, by the mean
 * squared error. The settings, and how the training goes without them, stand in {@link Estimator}.
 */
public final class Regressor<R extends Record> extends Estimator<R, Regressor<R>> {
  private final double mean;
  private final double std;

  /**
   * How good the answers for rows are.
   *
   * @param rSquared the coefficient of determination, see {@link Metric#rSquared}
   * @param meanAbsoluteError in the target's unit
   * @param rootMeanSquaredError in the target's unit
   * @param rows how many there were
   */
  public record Report(
      double rSquared, double meanAbsoluteError, double rootMeanSquaredError, int rows) {
    /** The figures, in a line. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "R2 %.4f, MAE %.6g, RMSE %.6g on %d rows",
          rSquared,
          meanAbsoluteError,
          rootMeanSquaredError,
          rows);
    }
  }

  private Regressor(Class<R> type, String target) {
    super(type, target);
    mean = 0;
    std = 1;
  }

  private Regressor(Regressor<R> settings, Learned<R> learned, double mean, double std) {
    super(settings, learned);
    this.mean = mean;
    this.std = std;
  }

  private Regressor(Class<R> type, Saved saved, Registry own) {
    super(type, saved, 1, own);
    List<String> answers = saved.answers();
    boolean hasBoth = answers.size() == 2;
    mean = hasBoth ? Double.parseDouble(answers.get(0)) : Double.NaN;
    std = hasBoth ? Double.parseDouble(answers.get(1)) : Double.NaN;
    if (!(std > 0) || !Double.isFinite(mean + std)) {
      throw new IllegalArgumentException(
          "mean and std of " + target() + " must be finite, std positive, got " + answers);
    }
  }

  /**
   * A regressor that has learned nothing yet.
   *
   * @param target the component that has the number
   * @throws IllegalArgumentException if the class is no record or cannot be looked into, or has no
   *     such component
   */
  public static <R extends Record> Regressor<R> of(Class<R> type, String target) {
    return new Regressor<>(type, target);
  }

  /**
   * Learns from rows.
   *
   * @return a new regressor
   * @throws IllegalArgumentException if there are no rows, one is null or has no target or an
   *     infinite one, or a component cannot be an input; the message names row and column
   */
  public Regressor<R> fit(List<R> rows) {
    Tensor y = numbers(rows);
    Standardizer figures = Standardizer.fit(new Dataset(y, y));
    Tensor targets = figures.apply(y);
    double[] weights = weights(rows);
    if (isWeighted()) {
      Tensor both = Tensor.zeros(rows.size(), 2);
      for (int i = 0; i < weights.length; i++) {
        both.set(targets.data()[i], i, 0);
        both.set(weights[i], i, 1);
      }
      targets = both;
    }
    Learned<R> learned =
        learn(
            rows,
            targets,
            1,
            Collections.nCopies(rows.size(), ""),
            isWeighted() ? new WeightedMSE() : new MSE());
    double deviation = figures.std().data()[0];
    return new Regressor<>(this, learned, figures.mean().data()[0], deviation == 0 ? 1 : deviation);
  }

  /**
   * The answer for a row, whose target does not matter.
   *
   * @throws IllegalStateException if nothing was learned yet
   * @throws IllegalArgumentException if the row is null or has an infinite number, or one so large
   *     that the answer is not finite
   */
  public double predict(R row) {
    return predict(Collections.singletonList(row))[0];
  }

  /** The answers for rows, in their order. */
  public double[] predict(List<R> rows) {
    return answers(outputs(rows)).data();
  }

  /**
   * How good the answers for rows are.
   *
   * @param rows held-out ones, with the target
   * @throws IllegalArgumentException if there are none, or a target is missing
   */
  public Report report(List<R> rows) {
    Tensor y = numbers(rows);
    Tensor answers = answers(outputs(rows));
    return new Report(
        Metric.rSquared().of(answers, y),
        Metric.meanAbsoluteError().of(answers, y),
        Metric.rootMeanSquaredError().of(answers, y),
        rows.size());
  }

  /** The outputs as the target has them. */
  private Tensor answers(Tensor outputs) {
    Tensor answers = outputs.copy();
    for (int i = 0; i < answers.size(); i++) {
      answers.data()[i] = mean + std * answers.data()[i];
      if (!Double.isFinite(answers.data()[i])) {
        throw Schema.noAnswer(i);
      }
    }
    return answers;
  }

  private Tensor numbers(List<R> rows) {
    Object[] values = targets(rows);
    Tensor y = Tensor.zeros(values.length, 1);
    for (int i = 0; i < values.length; i++) {
      y.data()[i] = Column.number(target(), Column.Kind.NUMBER, values[i], i);
    }
    return y;
  }

  @Override
  ToDoubleFunction<Tensor> score(List<R> rows) {
    Tensor y = numbers(rows);
    return outputs -> Metric.rSquared().of(answers(outputs), y);
  }

  @Override
  List<String> answers() {
    return List.of("" + mean, "" + std);
  }

  /**
   * Loads what {@link #save(Path)} has saved.
   *
   * @throws IOException if the file cannot be read or is no safetensors file
   * @throws IllegalArgumentException if a regressor did not save it, or a component that it learned
   *     from is not in the record or of another type; the message names it
   */
  public static <R extends Record> Regressor<R> load(Path file, Class<R> type) throws IOException {
    return load(file, type, Registry.none());
  }

  /** As {@link #load(Path, Class)}, with modules of your own in the network. */
  public static <R extends Record> Regressor<R> load(Path file, Class<R> type, Registry own)
      throws IOException {
    return FileAccess.naming(file, () -> load(SafeTensors.read(file), type, own));
  }

  /** As {@link #load(Path, Class)}, from a stream, which is read to its end and not closed. */
  public static <R extends Record> Regressor<R> load(InputStream in, Class<R> type)
      throws IOException {
    return load(in, type, Registry.none());
  }

  /** As {@link #load(InputStream, Class)}, with modules of your own in the network. */
  public static <R extends Record> Regressor<R> load(InputStream in, Class<R> type, Registry own)
      throws IOException {
    return load(SafeTensors.read(in), type, own);
  }

  /** As {@link #load(Path, Class)}, from the bytes of a file. */
  public static <R extends Record> Regressor<R> load(byte[] file, Class<R> type)
      throws IOException {
    return load(file, type, Registry.none());
  }

  /** As {@link #load(byte[], Class)}, with modules of your own in the network. */
  public static <R extends Record> Regressor<R> load(byte[] file, Class<R> type, Registry own)
      throws IOException {
    return load(SafeTensors.read(file), type, own);
  }

  private static <R extends Record> Regressor<R> load(
      SafeTensors.Contents contents, Class<R> type, Registry own) {
    return new Regressor<>(type, Saved.read(contents, "Regressor", own), own);
  }
}
