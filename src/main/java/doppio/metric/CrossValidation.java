package doppio.metric;

import doppio.Generator;
import doppio.internal.Require;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;

/**
 * Measures on every row once, by what was learned from the others: the rows are cut into folds at
 * random, and each is held out in turn.
 *
 * <pre>{@code
 * CrossValidation.Scores accuracy =
 *     CrossValidation.of(5, new Generator(1))
 *         .scores(
 *             rows,
 *             Penguin::species,
 *             (train, test) ->
 *                 Classifier.of(Penguin.class, "species").fit(train).report(test).accuracy());
 * System.out.println(accuracy); // mean and deviation
 * }</pre>
 */
public final class CrossValidation {
  private final int folds;
  private final Generator generator;

  /** A score of each fold. */
  public record Scores(List<Double> values) {
    /** Copies the list. */
    public Scores {
      values = Require.copy("values", values);
    }

    /** The mean. */
    public double mean() {
      return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    }

    /** The standard deviation, √(Σ(score − mean)² / folds), as NumPy's {@code std}. */
    public double deviation() {
      double mean = mean();
      return Math.sqrt(
          values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElse(Double.NaN));
    }

    /** Mean and deviation. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.4f +/- %.4f", mean(), deviation());
    }
  }

  private CrossValidation(int folds, Generator generator) {
    this.folds = Require.atLeast(2, "folds", folds);
    this.generator = Objects.requireNonNull(generator, "generator");
  }

  /**
   * So many folds.
   *
   * @param generator its permutation of the rows is cut into the folds
   * @throws IllegalArgumentException if there are fewer than 2
   */
  public static CrossValidation of(int folds, Generator generator) {
    return new CrossValidation(folds, generator);
  }

  /**
   * The fold of each row, from 0; the folds' sizes differ by one at most.
   *
   * @param classes rows of equal classes, null too, are spread over the folds as evenly as the rows
   *     allow
   * @throws IllegalArgumentException if there are fewer rows than folds
   */
  public int[] assign(List<?> classes) {
    if (classes.size() < folds) {
      throw new IllegalArgumentException(
          "expected at least a row for each of " + folds + " folds but got " + classes.size());
    }
    Map<Object, List<Integer>> rows = new LinkedHashMap<>();
    for (int row : generator.permutation(classes.size())) {
      rows.computeIfAbsent(classes.get(row), c -> new ArrayList<>()).add(row);
    }
    int[] fold = new int[classes.size()];
    int next = 0;
    for (List<Integer> ofClass : rows.values()) {
      for (int row : ofClass) {
        fold[row] = next++ % folds;
      }
    }
    return fold;
  }

  /**
   * The score of each fold, whatever the rows' classes.
   *
   * @param score measures on the second list what was learned from the first
   */
  public <T> Scores scores(List<T> rows, ToDoubleBiFunction<List<T>, List<T>> score) {
    return scores(rows, row -> "", score);
  }

  /**
   * The score of each fold, stratified.
   *
   * @param by the class of a row, see {@link #assign}
   * @param score measures on the second list what was learned from the first
   */
  public <T> Scores scores(
      List<T> rows, Function<? super T, ?> by, ToDoubleBiFunction<List<T>, List<T>> score) {
    Objects.requireNonNull(score, "score");
    List<Object> classes = new ArrayList<>();
    rows.forEach(row -> classes.add(by.apply(row)));
    int[] fold = assign(classes);
    List<Double> scores = new ArrayList<>();
    for (int f = 0; f < folds; f++) {
      List<T> others = new ArrayList<>();
      List<T> held = new ArrayList<>();
      for (int i = 0; i < fold.length; i++) {
        (fold[i] == f ? held : others).add(rows.get(i));
      }
      scores.add(
          score.applyAsDouble(
              Collections.unmodifiableList(others), Collections.unmodifiableList(held)));
    }
    return new Scores(scores);
  }

  /** The number of folds. */
  @Override
  public String toString() {
    return "CrossValidation(folds " + folds + ")";
  }
}
