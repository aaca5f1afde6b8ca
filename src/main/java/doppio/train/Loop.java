package doppio.train;

import doppio.data.DataLoader;
import doppio.data.Samples;
import doppio.internal.Signs;
import doppio.loss.L2;
import doppio.loss.Loss;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.optim.GradientClip;
import doppio.optim.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One call of {@link Trainer#fit}: epochs of batches, from where the training stands. */
final class Loop {
  private static final System.Logger LOGGER = System.getLogger("doppio.train");

  private final Settings settings;
  private final Training training;
  private final Samples data;
  private final Module model;
  private final Loss loss;
  private final Optimizer optimizer;
  private final List<Parameter> parameters;
  private final List<Parameter> optimized;
  private final GradientGuard guard;
  private final Callback[] callbacks;
  private final Modes modes;

  Loop(Settings settings, Training training, Samples data, List<Callback> callbacks) {
    this.settings = settings;
    this.training = training;
    this.data = data;
    model = settings.model;
    loss = settings.loss;
    optimizer = settings.optimizer;
    parameters = model.parameters();
    optimized = settings.optimized();
    guard = new GradientGuard(model, optimizer, optimized);
    this.callbacks = callbacks.toArray(new Callback[0]);
    modes = new Modes(model);
  }

  void run() {
    Modes before = new Modes(model);
    training.begin();
    Failures failures = new Failures();
    failures.run(this::train);
    training.end(failures.any());
    for (Callback callback : callbacks) {
      failures.run(() -> callback.end(training));
    }
    training.restoreInterrupt();
    for (Callback callback : callbacks) {
      failures.run(() -> callback.closed(training));
    }
    before.putBack();
    failures.rethrow();
  }

  private void train() {
    begin();
    for (Callback callback : callbacks) {
      callback.start(training);
    }
    if (goesOn()) {
      lookAhead();
    } else if (isFinished()) {
      LOGGER.log(System.Logger.Level.WARNING, this::finished);
    }
    while (goesOn()) {
      epoch();
    }
  }

  private boolean goesOn() {
    return training.epoch() < settings.epochs && !training.isStopping();
  }

  private boolean isFinished() {
    return training.epoch() > 0 && training.epoch() >= settings.epochs;
  }

  private String finished() {
    return Signs.text(
        "all epochs are done ("
            + training.epoch()
            + " of "
            + settings.epochs
            + "), so fit trains nothing: set epochs(…) to more, those done included, or make a new"
            + " Trainer for another training");
  }

  /**
   * One step and one validation batch, with no callback and no order; whatever it changes in model,
   * optimizer and generators is the caller's to put back.
   */
  EpochResult trial() {
    RunningEpoch running = training.running;
    Modes before = new Modes(model);
    try {
      begin();
      lookAhead();
      prepare();
      int[] rows = new DataLoader(data, settings.batchSize).iterator().nextRows();
      running.samples = rows.length;
      running.batchSize = rows.length;
      running.startClock();
      step(rows, null);
      running.stopClock();
      return result(Validation::ofFirst);
    } finally {
      before.putBack();
      optimizer.zeroGrad();
    }
  }

  private void begin() {
    if (!model.isTraining()) {
      model.train();
    }
    modes.note();
    if (!training.isBegun()) {
      settings.source.begin(settings.generator());
      training.noteBegun();
    }
  }

  /** What can be said before the first batch is not to be found out after it. */
  private void lookAhead() {
    OptimizerCheck.check(settings);
    SingleRowCheck.check(settings, data);
    TargetCheck.check(settings, data);
    if (settings.timetable != null) {
      long batches = new DataLoader(data, settings.batchSize).batches();
      long before = training.step() - training.batch();
      long epochs = (long) settings.epochs - training.epoch();
      settings.timetable.begin(
          training.epoch(), training.step(), settings.epochs, before + epochs * batches);
    }
  }

  private void epoch() {
    RunningEpoch running = training.running;
    DataLoader.Epoch order = running.order(data, settings.batchSize, settings.shuffle);
    running.startClock();
    try {
      // Whoever interrupts after the order was drawn waits for a batch, or it would be drawn twice.
      boolean goesOn = true;
      while (goesOn && !running.isOver()) {
        requireSize();
        prepare();
        step(order.nextRows(), order);
        goesOn = !training.isStopping();
      }
    } finally {
      running.stopClock();
      running.cancel(settings.shuffle);
    }
    if (!training.isStopping()) {
      finishEpoch(order);
    }
  }

  private void requireSize() {
    if (data.size() != training.running.samples) {
      throw new IllegalStateException(
          "the training set had "
              + training.running.samples
              + " samples when the epoch began but has "
              + data.size()
              + " now");
    }
  }

  /** Modes and rates as the next step has to have them, whatever callbacks have done. */
  private void prepare() {
    if (model.isTraining()) {
      modes.note();
    } else {
      modes.putBack();
    }
    if (settings.timetable != null) {
      settings.timetable.catchUp(training.epoch(), training.step());
    }
  }

  private void step(int[] rows, DataLoader.Epoch order) {
    training.beginStep();
    optimizer.zeroGrad();
    Step step = new Step(model, loss, data, rows, order, training.step(), training.epoch());
    double penalty = settings.l2 > 0 ? L2.penalty(settings.l2, parameters) : 0;
    guard.rememberBuffers();
    boolean stepped = false;
    double value;
    try {
      value = gradients(step, penalty);
      training.running.learningRate = optimizer.learningRate();
      optimizer.step();
      stepped = true;
    } finally {
      if (!stepped) {
        guard.putBuffersBack();
      }
    }
    training.endStep(rows.length, value, step.divisor(), penalty);
    if (settings.timetable != null) {
      settings.timetable.stepDone();
    }
    training.pollInterrupt();
    for (Callback callback : callbacks) {
      callback.batch(training);
    }
  }

  /**
   * Computes the batch's loss and its gradients, as the optimizer is to see them.
   *
   * @return the loss without the penalty
   */
  private double gradients(Step step, double penalty) {
    double value = settings.source.compute(step);
    double total = settings.l2 > 0 ? value + penalty : value;
    if (!Double.isFinite(total)) {
      throw Diagnosis.of(total, training.batch() + 1, step, optimizer.learningRate());
    }
    training.running.loss = total;
    for (Callback callback : callbacks) {
      callback.gradients(training);
    }
    clip();
    return value;
  }

  /** Clips gradients, which are finite before and such that the optimizer can take them after. */
  private void clip() {
    int epoch = training.epoch() + 1;
    int batch = training.batch() + 1;
    boolean clips = settings.clipValue < Double.POSITIVE_INFINITY;
    if (clips || settings.clipNorm < Double.POSITIVE_INFINITY) {
      guard.requireFinite(epoch, batch);
    }
    if (clips) {
      GradientClip.value(optimized, settings.clipValue);
    }
    if (settings.clipNorm < Double.POSITIVE_INFINITY) {
      GradientClip.norm(optimized, settings.clipNorm);
    }
    guard.requireUsable(epoch, batch);
  }

  private void finishEpoch(DataLoader.Epoch order) {
    RunningEpoch running = training.running;
    EpochResult result = result(Validation::of);
    FiniteParameters.require(settings);
    // Nothing fails from here on. This draws what an order's end draws, and would do so again.
    boolean unused = order.hasNext();
    if (settings.timetable != null) {
      settings.timetable.epochDone();
    }
    training.history().add(result);
    running.reset();
    training.pollInterrupt();
    for (Callback callback : callbacks) {
      callback.epoch(training);
    }
  }

  private EpochResult result(Function<Settings, Validation> validation) {
    RunningEpoch running = training.running;
    int number = training.epoch() + 1;
    double trainLoss = training.meanLoss();
    return settings.validation == null
        ? running.result(number, trainLoss, Double.NaN, Map.of())
        : validation.apply(settings).result(number, running, trainLoss);
  }
}
