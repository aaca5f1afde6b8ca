package doppio.table;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.BCEWithLogits;
import doppio.metric.Metric;
import doppio.nn.Module;
import doppio.table.GeneratedTable.Row;
import doppio.table.GeneratedTable.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Compares recipes for tables on {@link GeneratedTable generated} ones, of 100 to 5,000 rows, each
 * with some seeds: {@code mvn -q test-compile exec:exec@tables}, and {@code -Dargs="3 WORDS rate"}
 * for three seeds, the rules whose names have the word and the recipes whose names have it.
 */
public final class TableDefaults {
  private static final int[] SIZES = {100, 300, 1000};
  private static final int LARGE = 5000;
  private static final int TEST = 1000;

  /** A recipe, and from how many words on a table is learned for them. */
  private record Variant(String name, Recipe recipe, int embedFrom) {}

  /** What was reached on one table with one seed. */
  private record Scores(double rSquared, double accuracy, double logLoss) {}

  private TableDefaults() {}

  private static List<Variant> variants() {
    Recipe u = Recipe.USUAL;
    List<Variant> variants = new ArrayList<>();
    variants.add(with("usual", u));
    for (int[] hidden : new int[][] {{64, 32}, {256, 128}}) {
      List<Integer> widths = List.of(hidden[0], hidden[1]);
      variants.add(
          with(
              "hidden " + widths,
              new Recipe(widths, u.rate(), u.decay(), u.epochs(), u.batch(), u.patience())));
    }
    for (double rate : new double[] {3e-4, 3e-3}) {
      variants.add(
          with(
              "rate " + rate,
              new Recipe(u.hidden(), rate, u.decay(), u.epochs(), u.batch(), u.patience())));
    }
    for (double decay : new double[] {0.01, 0.3, 1}) {
      variants.add(
          with(
              "decay " + decay,
              new Recipe(u.hidden(), u.rate(), decay, u.epochs(), u.batch(), u.patience())));
    }
    variants.add(
        with(
            "epochs 200",
            new Recipe(u.hidden(), u.rate(), u.decay(), 200, u.batch(), u.patience())));
    for (int batch : new int[] {8, 32}) {
      variants.add(
          with(
              "batch " + batch,
              new Recipe(u.hidden(), u.rate(), u.decay(), u.epochs(), batch, u.patience())));
    }
    variants.add(
        with(
            "patience 10", new Recipe(u.hidden(), u.rate(), u.decay(), u.epochs(), u.batch(), 10)));
    for (int words : new int[] {30, 100, Integer.MAX_VALUE}) {
      variants.add(new Variant("words from " + words, u, words));
    }
    return variants;
  }

  private static Variant with(String name, Recipe recipe) {
    return new Variant(name, recipe, Encoder.EMBED_FROM);
  }

  /** Prints a line for each recipe. */
  public static void main(String[] args) {
    int seeds = args.length > 0 ? Integer.parseInt(args[0]) : 2;
    String rules = args.length > 1 ? args[1] : "";
    String names = args.length > 2 ? args[2] : "";
    for (Variant variant : variants()) {
      if (!variant.name.contains(names)) {
        continue;
      }
      long start = System.nanoTime();
      List<Scores> all = new ArrayList<>();
      for (Rule rule : Rule.values()) {
        for (int seed = 1; rule.name().contains(rules) && seed <= seeds; seed++) {
          for (int size : sizes(rule)) {
            all.add(scores(variant, rule, seed, size));
          }
        }
      }
      print(variant.name, all, (System.nanoTime() - start) / 1e9);
    }
    if ("binary".contains(names)) {
      binary(seeds, rules);
    }
  }

  private static int[] sizes(Rule rule) {
    return rule == Rule.INTERACTIONS ? new int[] {100, 300, LARGE} : SIZES;
  }

  private static void print(String name, List<Scores> all, double seconds) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "%-16s R2 %.4f, accuracy %.4f, log loss %.4f on %d tables, %.0f s",
            name,
            all.stream().mapToDouble(s -> s.rSquared).average().orElse(Double.NaN),
            all.stream().mapToDouble(s -> s.accuracy).average().orElse(Double.NaN),
            all.stream().mapToDouble(s -> s.logLoss).average().orElse(Double.NaN),
            all.size(),
            seconds));
  }

  private static Scores scores(Variant v, Rule rule, int seed, int size) {
    GeneratedTable table = new GeneratedTable(rule, seed);
    List<Row> training = table.rows(size);
    List<Row> test = table.rows(TEST);
    Regressor<Row> y =
        Regressor.of(Row.class, "y")
            .without("third", "high")
            .embedFrom(v.embedFrom)
            .recipe(v.recipe)
            .seed(seed)
            .fit(training);
    Classifier<Row> third =
        Classifier.of(Row.class, "third")
            .without("y", "high")
            .embedFrom(v.embedFrom)
            .recipe(v.recipe)
            .seed(seed)
            .fit(training);
    double loss = 0;
    for (Row row : test) {
      loss -= Math.log(Math.max(1e-15, third.predict(row).probability(row.third())));
    }
    double r2 = y.report(test).rSquared();
    return new Scores(Math.max(-1, r2), third.report(test).accuracy(), loss / test.size());
  }

  /** Two classes as two outputs, and as one with BCEWithLogits. */
  private static void binary(int seeds, String rules) {
    List<Scores> two = new ArrayList<>();
    List<Scores> one = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      for (int seed = 1; rule.name().contains(rules) && seed <= seeds; seed++) {
        for (int size : sizes(rule)) {
          GeneratedTable table = new GeneratedTable(rule, seed);
          List<Row> training = table.rows(size);
          List<Row> test = table.rows(TEST);
          Classifier<Row> high =
              Classifier.of(Row.class, "high").without("y", "third").seed(seed).fit(training);
          Tensor p = Tensor.zeros(TEST, 1);
          for (int i = 0; i < TEST; i++) {
            p.data()[i] = high.predict(test.get(i)).probability("true");
          }
          two.add(scores(p, test));
          one.add(scores(byLogits(training, test, seed), test));
        }
      }
    }
    print("two outputs", two, 0);
    print("one output", one, 0);
  }

  private static Scores scores(Tensor p, List<Row> test) {
    Tensor targets = targets(test);
    return new Scores(
        Double.NaN, Metric.binaryAccuracy(0.5).of(p, targets), Metric.logLoss().of(p, targets));
  }

  private static Tensor targets(List<Row> rows) {
    Tensor targets = Tensor.zeros(rows.size(), 1);
    for (int i = 0; i < rows.size(); i++) {
      targets.data()[i] = rows.get(i).high() ? 1 : 0;
    }
    return targets;
  }

  private static Tensor byLogits(List<Row> training, List<Row> test, long seed) {
    Encoder<Row> encoder = Encoder.of(Row.class).without("y", "third", "high").fit(training);
    Module net = Estimator.network(encoder, 1, Recipe.USUAL, null, seed);
    List<Boolean> classes = training.stream().map(Row::high).collect(Collectors.toList());
    Recipe.USUAL.train(
        net,
        new BCEWithLogits(),
        new Dataset(encoder.encode(training), targets(training)),
        classes,
        new Generator(seed),
        t -> {});
    Tensor p = net.infer(encoder.encode(test));
    for (int i = 0; i < p.size(); i++) {
      p.data()[i] = 1 / (1 + Math.exp(-p.data()[i]));
    }
    return p;
  }
}
