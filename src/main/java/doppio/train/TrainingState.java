package doppio.train;

import doppio.Tensor;
import doppio.internal.state.StateReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A training's history and its place in the running epoch as named tensors, and back. */
final class TrainingState {
  private static final String METRIC = "history.metric.";
  private static final String STRIDE = "history.stride";
  private static final String STEPS = "history.steps";
  private static final double MAX_STRIDE = 1L << 52;

  /** In the place of what a source of gradients keeps that is yet to begin. */
  private static final String NOT_BEGUN = "notBegun";

  private final Training training;
  private boolean begun = true;

  TrainingState(Training training) {
    this.training = training;
  }

  Map<String, Tensor> save() {
    RunningEpoch running = training.running;
    History history = training.history();
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("epoch", Tensor.full(history.size()));
    running.save(state);
    state.put("history.batchLoss", Tensor.of(history.batchLoss()));
    if (history.batchStride() > 1 || history.limit() == 0) {
      state.put(STRIDE, Tensor.full((double) history.batchStride()));
      state.put(STEPS, Tensor.full((double) training.step()));
    }
    state.put("history.trainLoss", Tensor.of(history.trainLoss()));
    state.put("history.validationLoss", Tensor.of(history.validationLoss()));
    state.put("history.learningRate", Tensor.of(history.learningRate()));
    state.put("history.seconds", Tensor.of(history.seconds()));
    state.put("history.samples", column(history, EpochResult::samples));
    state.put("history.batches", column(history, EpochResult::batches));
    for (String metric : history.metrics()) {
      state.put(METRIC + metric, Tensor.of(history.metric(metric)));
    }
    return state;
  }

  Map<String, Tensor> saveSource(GradientSource source) {
    return training.isBegun() ? source.stateDict() : Map.of(NOT_BEGUN, Tensor.full(1));
  }

  /** Reads it before the rest, which has to know whether it had begun. */
  Runnable readSource(GradientSource source, Map<String, Tensor> state) {
    begun = !state.containsKey(NOT_BEGUN);
    return begun ? source.read(state) : () -> {};
  }

  private static Tensor column(History history, ToDoubleFunction<EpochResult> figure) {
    return Tensor.of(history.column(figure));
  }

  /**
   * Reads a state as a whole.
   *
   * @return what takes the training there; it cannot fail
   * @throws IllegalArgumentException if the state does not fit; names all that does not
   */
  Runnable read(Map<String, Tensor> state, Settings settings) {
    StateReader reader = new StateReader("the trainer", state);
    RunningEpoch read = RunningEpoch.read(reader, settings.shuffle != null);
    double[] batchLosses = reader.vector("history.batchLoss");
    List<EpochResult> epochs = readEpochs(reader);
    long steps = epochs.stream().mapToLong(EpochResult::batches).sum() + read.batch;
    // Files of 0.1.0 have neither: they keep the loss of every step.
    boolean thinned = reader.has(STRIDE);
    long stride = thinned ? Math.max(1, reader.count(STRIDE, MAX_STRIDE)) : 1;
    if (thinned && reader.count(STEPS, Double.POSITIVE_INFINITY) != steps) {
      reader.problem(STEPS + " expects " + steps);
    }
    long kept = (steps + stride - 1) / stride;
    if (batchLosses.length != kept && !(thinned && batchLosses.length == 0)) {
      reader.problem("history.batchLoss expects [" + kept + "] but got " + batchLosses.length);
    }
    if (settings.timetable != null && !settings.timetable.fits(epochs.size(), steps)) {
      reader.problem(
          "the "
              + settings.timetable
              + " does not stand there after "
              + epochs.size()
              + " epochs and "
              + steps
              + " steps");
    }
    reader.finish();
    EpochResult[] results = epochs.toArray(new EpochResult[0]);
    double[] losses = batchLosses.clone();
    training.history().reserve(results.length);
    return () -> {
      training.history().set(results, losses, stride, steps);
      training.goTo(read, steps, begun);
    };
  }

  private List<EpochResult> readEpochs(StateReader reader) {
    double[] trainLoss = reader.vector("history.trainLoss");
    int n = trainLoss.length;
    reader.number("epoch", e -> e == n, "the length of the history, " + n + ",");
    double[] validationLoss = reader.tensor("history.validationLoss", n).data();
    double[] learningRate = reader.tensor("history.learningRate", n).data();
    double[] seconds = reader.tensor("history.seconds", n).data();
    double[] samples = reader.tensor("history.samples", n).data();
    double[] batches = reader.tensor("history.batches", n).data();
    Map<String, double[]> metrics = new LinkedHashMap<>();
    for (String name : training.history().metrics()) {
      metrics.put(name, reader.tensor(METRIC + name, n).data());
    }
    List<EpochResult> epochs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (Map.Entry<String, double[]> metric : metrics.entrySet()) {
        values.put(metric.getKey(), metric.getValue()[i]);
      }
      epochs.add(
          new EpochResult(
              i + 1,
              trainLoss[i],
              validationLoss[i],
              values,
              learningRate[i],
              seconds[i],
              (int) samples[i],
              (int) batches[i]));
    }
    return epochs;
  }
}
