package doppio.train;

import doppio.data.DataLoader;
import doppio.data.Samples;
import doppio.internal.Signs;
import doppio.nn.Module;
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
  private final Undo undo;
  private final StepMaker maker;
  private final Callback[] callbacks;
  private final Modes modes;

  Loop(Settings settings, Training training, Samples data, List<Callback> callbacks) {
    this.settings = settings;
    this.training = training;
    this.data = data;
    model = settings.model;
    this.callbacks = callbacks.toArray(new Callback[0]);
    undo = new Undo(settings, training);
    maker = new StepMaker(settings, training, data, this.callbacks, undo);
    modes = new Modes(model);
  }

  void run() {
    Modes before = new Modes(model);
    Failures failures = new Failures();
    Runnable train = this::train;
    Runnable putBack = before::putBack;
    training.begin();
    failures.run(train);
    training.end(failures.any());
    // No lambdas, which take memory: whatever has failed, all that has begun comes to its end.
    for (Callback callback : callbacks) {
      try {
        callback.end(training);
      } catch (Throwable t) {
        failures.add(t);
      }
    }
    training.restoreInterrupt();
    for (Callback callback : callbacks) {
      try {
        callback.closed(training);
      } catch (Throwable t) {
        failures.add(t);
      }
    }
    failures.run(putBack);
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
      running.samples = Math.min(data.size(), settings.batchSize);
      running.batchSize = running.samples;
      running.startClock();
      step(new DataLoader(data, settings.batchSize).iterator(), null);
      running.stopClock();
      // Of samples in groups the first batch may have fewer.
      running.samples = running.samplesDone();
      return result(Validation::ofFirst);
    } finally {
      before.putBack();
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
    DataLoader.Epoch order;
    try {
      order = running.order(data, settings.batchSize, settings.shuffle);
      running.startClock();
      // Whoever interrupts after the order was drawn waits for a batch, or it would be drawn twice.
      boolean goesOn = true;
      while (goesOn && !running.isOver()) {
        requireSize();
        prepare();
        step(order, order);
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

  private void step(DataLoader.Epoch order, DataLoader.Epoch told) {
    maker.make(order, told);
    if (settings.timetable != null) {
      settings.timetable.stepDone();
    }
    training.pollInterrupt();
    for (Callback callback : callbacks) {
      callback.batch(training);
    }
  }

  private void finishEpoch(DataLoader.Epoch order) {
    RunningEpoch running = training.running;
    undo.remember(true);
    EpochResult result = null;
    try {
      EpochResult made = result(Validation::of);
      FiniteParameters.require(settings);
      training.history().reserve(training.epoch() + 1);
      // This draws what an order's end draws, and would do so again.
      boolean unused = order.hasNext();
      result = made;
    } finally {
      if (result == null) {
        undo.putBack();
      }
    }
    // Nothing fails from here on until the epoch is counted.
    training.history().add(result);
    running.reset();
    if (settings.timetable != null) {
      settings.timetable.epochDone();
    }
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
