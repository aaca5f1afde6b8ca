package doppio.train;

import doppio.Generator;
import doppio.data.Samples;
import doppio.internal.Require;
import doppio.loss.Loss;
import doppio.metric.Metric;
import doppio.model.Registry;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.optim.Optimizer;
import doppio.optim.Schedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a {@link Trainer} was told, checked one by one. */
final class Settings {
  private static final int HISTORY_LIMIT = 1 << 16;

  final Module model;
  final Loss loss;
  final Optimizer optimizer;
  final Map<String, Metric> metrics = new LinkedHashMap<>();
  final List<Callback> callbacks = new ArrayList<>();
  GradientSource source = new WholeBatch();
  Registry registry = Registry.none();
  int historyLimit = HISTORY_LIMIT;
  int epochs = 1;
  int batchSize = 32;
  double clipNorm = Double.POSITIVE_INFINITY;
  double clipValue = Double.POSITIVE_INFINITY;
  double l2;

  /** Null for the samples' own order. */
  Generator shuffle = Generator.defaultGenerator();

  /** Null where there is none. */
  Samples validation;

  /** Null where the rates stay as they are. */
  Timetable timetable;

  Settings(Module model, Loss loss, Optimizer optimizer) {
    this.model = Objects.requireNonNull(model, "model");
    this.loss = Objects.requireNonNull(loss, "loss");
    this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
    if (Collections.disjoint(optimized(), model.parameters())) {
      throw new IllegalArgumentException("the optimizer has none of the model's parameters");
    }
  }

  /** What the optimizer changes. */
  List<Parameter> optimized() {
    return optimizer.groups().stream().flatMap(g -> g.parameters().stream()).toList();
  }

  /** What is drawn from where nobody chose a generator, too. */
  Generator generator() {
    return shuffle == null ? Generator.defaultGenerator() : shuffle;
  }

  void epochs(int epochs) {
    this.epochs = Require.atLeast(0, "epochs", epochs);
  }

  void batchSize(int batchSize) {
    this.batchSize = Require.atLeast(1, "batch size", batchSize);
  }

  void validation(Samples validation) {
    if (validation.size() == 0) {
      throw new IllegalArgumentException(
          "the validation set is empty: " + validation + "; leave it out to train without one");
    }
    this.validation = validation;
  }

  void schedule(Schedule schedule, boolean perStep) {
    if (timetable != null) {
      throw new IllegalStateException("there is a schedule already");
    }
    timetable = new Timetable(optimizer, schedule, perStep);
  }

  void metric(String name, Metric metric) {
    if (metrics.containsKey(name)) {
      throw new IllegalArgumentException("there are two metrics named " + name);
    }
    // It stands in CSV and safetensors files as it is.
    if (!name.matches("[\\p{L}\\p{N}_.%-][\\p{L}\\p{N} _.%-]*")) {
      throw new IllegalArgumentException(
          "a metric's name has letters, digits, blanks and _.%-, got \"" + name + "\"");
    }
    metrics.put(name, Objects.requireNonNull(metric, "metric"));
  }

  /** How a trainer prints itself: model, loss, optimizer, and the settings that were made. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(Titles.of(model));
    parts.add("" + loss);
    parts.add("" + optimizer);
    parts.add("epochs " + epochs);
    parts.add("batch size " + batchSize);
    parts.add(shuffle == null ? "in order" : "shuffled");
    if (!(source instanceof WholeBatch)) {
      parts.add("gradients by " + source);
    }
    if (timetable != null) {
      parts.add("" + timetable);
    }
    if (clipValue < Double.POSITIVE_INFINITY) {
      parts.add("clip value " + clipValue);
    }
    if (clipNorm < Double.POSITIVE_INFINITY) {
      parts.add("clip norm " + clipNorm);
    }
    if (l2 > 0) {
      parts.add("L2 " + l2);
    }
    if (validation != null) {
      parts.add("validation on " + validation.size() + " samples");
    }
    if (!metrics.isEmpty()) {
      parts.add("metrics " + metrics.keySet());
    }
    if (!callbacks.isEmpty()) {
      parts.add("callbacks " + callbacks);
    }
    return "Trainer(" + String.join(", ", parts) + ")";
  }
}
