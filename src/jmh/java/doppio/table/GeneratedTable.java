package doppio.table;

import doppio.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table by a rule that was drawn at random: what one column is, the others say, some of them,
 * with noise.
 */
final class GeneratedTable {
  private static final int COLORS = 5;
  private static final int PLACES = 40;
  private static final int NAMES = 400;
  private static final double NOISE = 0.3;
  private static final int SAMPLE = 2000;

  /** Where a third of a normal distribution ends. */
  private static final double THIRD = 0.43;

  /** What the answer depends on. */
  enum Rule {
    LINEAR,
    INTERACTIONS,
    THRESHOLDS,
    WAVES,
    WORDS,
    MANY_WORDS,
    GAPS,
    NOISE,
    SKEWED
  }

  /** A row; y, third and high say the same as a number, one of three words, one of two. */
  record Row(
      double a,
      double b,
      Double c,
      double d,
      double e,
      boolean flag,
      String color,
      String place,
      String name,
      double y,
      String third,
      boolean high) {}

  private final Rule rule;
  private final Generator random;
  private final double[] w;
  private final double[] colors;
  private final double[] places;
  private final double[] names;
  private double mean;
  private double std = 1;
  private double noise;

  GeneratedTable(Rule rule, long seed) {
    this.rule = rule;
    random = new Generator(1000 * seed + List.of(Rule.values()).indexOf(rule));
    w = normals(8);
    colors = normals(COLORS);
    places = normals(PLACES);
    names = normals(NAMES);
    noise = (rule == Rule.NOISE ? 3 : NOISE) * deviation(sample());
    double[] y = sample();
    mean = Arrays.stream(y).average().orElseThrow();
    std = deviation(y);
  }

  /** What the answers are like, before they are brought to a mean of 0 and a deviation of 1. */
  private double[] sample() {
    double[] y = rows(SAMPLE).stream().mapToDouble(Row::y).toArray();
    return rule == Rule.SKEWED ? Arrays.stream(y).map(Math::log).toArray() : y;
  }

  private double[] normals(int n) {
    double[] values = new double[n];
    random.normal(values, 0, 1);
    return values;
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  /** New rows. */
  List<Row> rows(int n) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      rows.add(row());
    }
    return rows;
  }

  private Row row() {
    double[] x = normals(5);
    boolean flag = random.uniform() < 0.4;
    int color = (int) (COLORS * random.uniform());
    // Few are frequent and many are rare, as words are.
    int place = (int) (PLACES * Math.pow(random.uniform(), 2));
    int name = (int) (NAMES * Math.pow(random.uniform(), 2));
    boolean gap = rule == Rule.GAPS && random.uniform() < 0.3;
    double signal = signal(x, flag, color, place, name, gap);
    double y = (signal + noise * random.normal() - mean) / std;
    boolean skewed = rule == Rule.SKEWED;
    return new Row(
        skewed ? Math.exp(1.5 * x[0]) : x[0],
        skewed ? Math.exp(x[1]) : 100 + 20 * x[1],
        gap ? null : Double.valueOf(x[2]),
        x[3],
        Math.rint(3 * x[4]),
        flag,
        "color" + color,
        rule == Rule.GAPS && random.uniform() < 0.1 ? null : "place" + place,
        "name" + name,
        skewed ? Math.exp(y) : y,
        y < -THIRD ? "low" : y > THIRD ? "high" : "middle",
        y > 0);
  }

  private double signal(double[] x, boolean flag, int color, int place, int name, boolean gap) {
    return switch (rule) {
      case LINEAR, NOISE, SKEWED -> line(x) + (flag ? w[5] : 0) + 0.5 * colors[color];
      case INTERACTIONS -> w[0] * x[0] * x[1] + w[1] * x[2] * x[3] + (flag ? x[4] : -x[4]);
      case THRESHOLDS ->
          (x[0] > w[0] / 2 ? w[1] : w[2]) * (x[1] > w[3] / 2 ? 1 : -1)
              + (x[2] > 0 && flag ? w[4] : 0)
              + (x[3] > 1 ? w[5] : 0);
      case WAVES ->
          w[0] * Math.sin(2 * x[0]) + w[1] * Math.abs(x[1]) + w[2] * Math.cos(x[2] + x[3]);
      case WORDS -> colors[color] + places[place] + w[0] / 2 * x[0];
      case MANY_WORDS -> names[name] + 0.5 * colors[color] * x[0] + w[0] / 2 * x[1];
      case GAPS -> line(x) - (gap ? w[2] * x[2] - w[6] : 0) + 0.5 * places[place];
    };
  }

  private double line(double[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += w[i] * x[i];
    }
    return sum;
  }
}
