package doppio.table;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.metric.CrossValidation.Scores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How much the answers need each component: by how much the score on held-out rows falls when the
 * component's values are shuffled among the rows, over some repetitions.
 *
 * <p>Of two components that say the same, either may look unimportant.
 *
 * <p>Source: Breiman, "Random forests", Machine Learning 45 (2001), section 10.
 *
 * @param score the score on the rows as they are: accuracy or R²
 * @param drops what is lost without a component, by component, the greatest mean first
 */
public record Importance(double score, Map<String, Scores> drops) {
  static Importance of(
      List<Column> columns,
      Tensor inputs,
      int repetitions,
      Generator generator,
      ToDoubleFunction<Tensor> score) {
    Require.atLeast(1, "repetitions", repetitions);
    double whole = score.applyAsDouble(inputs);
    List<Map.Entry<String, Scores>> drops = new ArrayList<>();
    int at = 0;
    for (Column column : columns) {
      List<Double> values = new ArrayList<>();
      for (int i = 0; i < repetitions; i++) {
        Tensor shuffled = shuffled(inputs, at, column.width(), generator);
        values.add(whole - score.applyAsDouble(shuffled));
      }
      drops.add(Map.entry(column.name(), new Scores(values)));
      at += column.width();
    }
    drops.sort((a, b) -> Double.compare(b.getValue().mean(), a.getValue().mean()));
    Map<String, Scores> sorted = new LinkedHashMap<>();
    drops.forEach(drop -> sorted.put(drop.getKey(), drop.getValue()));
    return new Importance(whole, sorted);
  }

  private static Tensor shuffled(Tensor inputs, int from, int width, Generator generator) {
    Tensor result = inputs.copy();
    int[] order = generator.permutation(inputs.dim(0));
    int length = inputs.dim(1);
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(
          inputs.data(), order[i] * length + from, result.data(), i * length + from, width);
    }
    return result;
  }

  /** A line for each component: mean and deviation of what is lost. */
  @Override
  public String toString() {
    StringBuilder s = new StringBuilder(String.format(Locale.ROOT, "score %.4f\n", score));
    drops.forEach((name, drop) -> s.append(String.format(Locale.ROOT, "%-20s %s\n", name, drop)));
    return s.toString();
  }
}
