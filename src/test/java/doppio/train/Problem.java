package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.metric.Metric;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.optim.Optimizer;
import doppio.optim.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small network with dropout, Adam and a shuffled data set of 22 samples, all from a seed. */
final class Problem {
  static final int SAMPLES = 22;
  static final int INPUTS = 4;
  static final int CLASSES = 3;
  static final Dataset DATA = data(66, SAMPLES);
  static final Dataset HELD_OUT = data(67, 9);

  final Generator generator;
  final Module model;
  final Optimizer optimizer;

  /** Whether dropout draws from the generator that shuffles, or from one of its own. */
  Problem(long seed, boolean shared) {
    generator = new Generator(seed);
    Generator masks = shared ? generator : new Generator(seed + 1);
    model =
        new Sequential(
            new Linear(INPUTS, 6, generator),
            new ReLU(),
            new Dropout(0.3, masks),
            new Sequential(new Dropout(0.2, masks), new Linear(6, CLASSES, generator)));
    optimizer = new Adam(model.parameters(), 0.01).weightDecay(0.01);
  }

  Problem(long seed) {
    this(seed, true);
  }

  /**
   * Three epochs of batches of 4 (the last one of 2), a schedule, a validation set and a metric.
   */
  Trainer trainer() {
    return new Trainer(model, new CrossEntropy(), optimizer)
        .epochs(3)
        .batchSize(4)
        .shuffle(generator)
        .schedulePerStep(Schedule.warmUp(3).then(3, Schedule.cosine(20)))
        .clipNorm(0.5)
        .validation(HELD_OUT)
        .metric("accuracy", Metric.accuracy());
  }

  /** Every number that further training depends on. */
  List<Double> state() {
    List<Double> state = new ArrayList<>();
    add(state, model.stateDict());
    add(state, optimizer.stateDict());
    for (long word : generator.state()) {
      state.add((double) word);
    }
    Generators.of(model)
        .values()
        .forEach(
            g -> {
              for (long word : g.state()) {
                state.add((double) word);
              }
            });
    return state;
  }

  private static void add(List<Double> state, Map<String, Tensor> tensors) {
    tensors
        .values()
        .forEach(
            t -> {
              for (double value : t.data()) {
                state.add(value);
              }
            });
  }

  /** What an epoch gave, less the times. */
  static List<List<Double>> results(History history) {
    List<List<Double>> results = new ArrayList<>();
    for (EpochResult e : history.epochs()) {
      List<Double> numbers = new ArrayList<>();
      numbers.add((double) e.epoch());
      numbers.add(e.trainLoss());
      numbers.add(e.validationLoss());
      numbers.addAll(e.metrics().values());
      numbers.add(e.learningRate());
      numbers.add((double) e.samples());
      numbers.add((double) e.batches());
      results.add(numbers);
    }
    return results;
  }

  static Dataset data(long seed, int samples) {
    Generator generator = new Generator(seed);
    Tensor inputs = Tensor.zeros(samples, INPUTS);
    generator.normal(inputs.data(), 0, 1);
    Tensor targets = Tensor.zeros(samples);
    for (int i = 0; i < samples; i++) {
      targets.set(inputs.get(i, 0) > 0.5 ? 2 : inputs.get(i, 1) > 0 ? 1 : 0, i);
    }
    return new Dataset(inputs, targets);
  }
}
