package doppio.table;

import doppio.Tensor;
import doppio.internal.FileAccess;
import doppio.internal.Require;
import doppio.io.SafeTensors;
import doppio.loss.CrossEntropy;
import doppio.metric.ConfusionMatrix;
import doppio.metric.Report;
import doppio.model.Registry;
import doppio.nn.Softmax;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Tells the class of a row: the value of one component, from the others.
 *
 * <pre>{@code
 * Classifier<Penguin> species = Classifier.of(Penguin.class, "species").seed(66).fit(training);
 * System.out.println(species.report(heldOut));
 * String label = species.predict(penguin).label();
 * species.save(Path.of("species.doppio"));
 * }</pre>
 *
 * <p>Classes are the values of the target as text, in the alphabet's order. The network has an
 * output for each; {@link CrossEntropy} is its loss. (Of two classes, one output with {@link
 * doppio.loss.BCEWithLogits} measures the same on generated tables.) The settings, and how the
 * training goes without them, stand in {@link Estimator}.
 */
public final class Classifier<R extends Record> extends Estimator<R, Classifier<R>> {
  private static final Softmax SOFTMAX = new Softmax();

  private final List<String> labels;
  private Map<String, Double> classWeights = Map.of();

  /**
   * The answer for a row.
   *
   * @param label the class of the greatest probability
   * @param probabilities of all classes, by name
   */
  public record Prediction(String label, Map<String, Double> probabilities) {
    /**
     * The probability of a class, 0 to 1.
     *
     * @throws IllegalArgumentException if there is no such class
     */
    public double probability(String name) {
      Double probability = probabilities.get(name);
      if (probability == null) {
        throw new IllegalArgumentException("no class " + name + " among " + probabilities.keySet());
      }
      return probability;
    }
  }

  private Classifier(Class<R> type, String target) {
    super(type, target);
    labels = List.of();
  }

  private Classifier(Classifier<R> settings, Learned<R> learned, List<String> labels) {
    super(settings, learned);
    this.labels = labels;
  }

  private Classifier(Class<R> type, Saved saved, Registry own) {
    super(type, saved, saved.answers().size(), own);
    labels = saved.answers();
  }

  /**
   * A classifier that has learned nothing yet.
   *
   * @param target the component that has the class
   * @throws IllegalArgumentException if the class is no record or cannot be looked into, or has no
   *     such component
   */
  public static <R extends Record> Classifier<R> of(Class<R> type, String target) {
    return new Classifier<>(type, target);
  }

  /** Has the rows of some classes count so many times as much; returns this classifier. */
  public Classifier<R> classWeights(Map<String, Double> weights) {
    Require.noNull("classes in weights", weights.keySet());
    Require.noNull("weights", weights.values());
    classWeights = Map.copyOf(weights);
    return this;
  }

  /**
   * Learns from rows.
   *
   * @return a new classifier
   * @throws IllegalArgumentException if a row is null or has no target, the target has one value
   *     alone, or a component cannot be an input; the message names row and column
   */
  public Classifier<R> fit(List<R> rows) {
    Object[] values = targets(rows);
    TreeSet<String> found = new TreeSet<>();
    for (Object value : values) {
      found.add(value.toString());
    }
    if (found.size() < 2) {
      throw new IllegalArgumentException(
          target()
              + ": expected two classes or more but got "
              + found
              + " in "
              + rows.size()
              + " rows");
    }
    if (!found.containsAll(classWeights.keySet())) {
      throw new IllegalArgumentException(
          "class weights for " + classWeights.keySet() + " but the classes are " + found);
    }
    List<String> names = List.copyOf(found);
    double[] weights = weights(rows);
    // Probabilities that are multiplied by a weight multiply the loss of a row and its gradient.
    Tensor targets = Tensor.zeros(rows.size(), names.size());
    for (int i = 0; i < values.length; i++) {
      String name = values[i].toString();
      targets.set(weights[i] * classWeights.getOrDefault(name, 1.0), i, names.indexOf(name));
    }
    Learned<R> learned =
        learn(rows, targets, names.size(), Arrays.asList(values), new CrossEntropy());
    return new Classifier<>(this, learned, names);
  }

  /** The names of the classes. */
  public List<String> labels() {
    return labels;
  }

  /**
   * The answer for a row, whose target does not matter.
   *
   * @throws IllegalStateException if nothing was learned yet
   * @throws IllegalArgumentException if the row is null or has an infinite number, or one so large
   *     that the outputs are not finite
   */
  public Prediction predict(R row) {
    return predict(Collections.singletonList(row)).get(0);
  }

  /** The answers for rows, in their order. */
  public List<Prediction> predict(List<R> rows) {
    double[] p = SOFTMAX.infer(outputs(rows)).data();
    List<Prediction> answers = new ArrayList<>(rows.size());
    for (int from = 0; from < p.length; from += labels.size()) {
      if (Double.isNaN(p[from])) {
        throw Schema.noAnswer(from / labels.size());
      }
      Map<String, Double> probabilities = new LinkedHashMap<>();
      int best = 0;
      for (int c = 0; c < labels.size(); c++) {
        best = p[from + c] > p[from + best] ? c : best;
        probabilities.put(labels.get(c), p[from + c]);
      }
      answers.add(new Prediction(labels.get(best), Collections.unmodifiableMap(probabilities)));
    }
    return answers;
  }

  /**
   * How good the answers for rows are.
   *
   * @param rows held-out ones, with the target
   * @throws IllegalArgumentException if there are none, or a target is missing or was in no row of
   *     the training; the message names the row
   */
  public Report report(List<R> rows) {
    return new Report(matrix(outputs(rows), classes(rows)));
  }

  private ConfusionMatrix matrix(Tensor outputs, Tensor classes) {
    return new ConfusionMatrix(outputs, classes, labels);
  }

  private Tensor classes(List<R> rows) {
    Object[] values = targets(rows);
    Tensor classes = Tensor.zeros(values.length);
    for (int i = 0; i < values.length; i++) {
      int c = labels.indexOf(values[i].toString());
      if (c < 0) {
        throw new IllegalArgumentException(
            "row " + i + ", " + target() + ": " + values[i] + " is none of the classes " + labels);
      }
      classes.data()[i] = c;
    }
    return classes;
  }

  @Override
  ToDoubleFunction<Tensor> score(List<R> rows) {
    Tensor classes = classes(rows);
    return outputs -> matrix(outputs, classes).accuracy();
  }

  @Override
  List<String> answers() {
    return labels;
  }

  /**
   * Loads what {@link #save(Path)} has saved.
   *
   * @throws IOException if the file cannot be read or is no safetensors file
   * @throws IllegalArgumentException if a classifier did not save it, or a component that it
   *     learned from is not in the record or of another type; the message names it
   */
  public static <R extends Record> Classifier<R> load(Path file, Class<R> type) throws IOException {
    return load(file, type, Registry.none());
  }

  /** As {@link #load(Path, Class)}, with modules of your own in the network. */
  public static <R extends Record> Classifier<R> load(Path file, Class<R> type, Registry own)
      throws IOException {
    return FileAccess.naming(file, () -> load(SafeTensors.read(file), type, own));
  }

  /** As {@link #load(Path, Class)}, from a stream, which is read to its end and not closed. */
  public static <R extends Record> Classifier<R> load(InputStream in, Class<R> type)
      throws IOException {
    return load(in, type, Registry.none());
  }

  /** As {@link #load(InputStream, Class)}, with modules of your own in the network. */
  public static <R extends Record> Classifier<R> load(InputStream in, Class<R> type, Registry own)
      throws IOException {
    return load(SafeTensors.read(in), type, own);
  }

  /** As {@link #load(Path, Class)}, from the bytes of a file. */
  public static <R extends Record> Classifier<R> load(byte[] file, Class<R> type)
      throws IOException {
    return load(file, type, Registry.none());
  }

  /** As {@link #load(byte[], Class)}, with modules of your own in the network. */
  public static <R extends Record> Classifier<R> load(byte[] file, Class<R> type, Registry own)
      throws IOException {
    return load(SafeTensors.read(file), type, own);
  }

  private static <R extends Record> Classifier<R> load(
      SafeTensors.Contents contents, Class<R> type, Registry own) {
    return new Classifier<>(type, Saved.read(contents, "Classifier", own), own);
  }
}
