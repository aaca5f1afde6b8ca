package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.DataLoader;
import doppio.data.Samples;
import doppio.loss.L2;
import doppio.loss.Loss;
import doppio.metric.Predictions;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.optim.GradientClip;
import doppio.optim.Optimizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One call of {@link Trainer#fit}: epochs of batches, from where the training stands. */
final class Loop {
  /** A validation set needs no small batches. */
  private static final int VALIDATION_BATCH = 256;

  private final Trainer settings;
  private final Training training;
  private final Samples data;
  private final Module model;
  private final Loss loss;
  private final Optimizer optimizer;
  private final List<Parameter> parameters;
  private final List<Parameter> optimized;
  private final GradientGuard guard;
  private final Callback[] callbacks;

  Loop(Trainer settings, Training training, Samples data) {
    this.settings = settings;
    this.training = training;
    this.data = data;
    model = settings.model;
    loss = settings.loss;
    optimizer = settings.optimizer;
    parameters = model.parameters();
    optimized = settings.optimized();
    guard = new GradientGuard(model, optimizer, optimized);
    callbacks = settings.callbacks.toArray(new Callback[0]);
  }

  void run() {
    boolean wasTraining = model.isTraining();
    training.begin();
    boolean resumed = training.step() > 0 || training.isResumed();
    if (!resumed) {
      settings.source.begin(
          settings.shuffle == null ? Generator.defaultGenerator() : settings.shuffle);
    }
    try {
      if (!wasTraining) {
        model.train();
      }
      runEpochs();
    } finally {
      for (Callback callback : callbacks) {
        callback.closed(training);
      }
      if (!wasTraining) {
        model.eval();
      }
    }
  }

  private void runEpochs() {
    Throwable failure = null;
    try {
      for (Callback callback : callbacks) {
        callback.start(training);
      }
      while (training.epoch() < settings.epochs && !training.isStopping()) {
        epoch();
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      training.end(failure != null);
      try {
        end(failure);
      } finally {
        training.restoreInterrupt();
      }
    }
  }

  /** Every callback sees the end, whatever the others throw. */
  private void end(Throwable failure) {
    RuntimeException first = null;
    for (Callback callback : callbacks) {
      try {
        callback.end(training);
      } catch (RuntimeException e) {
        if (failure != null) {
          failure.addSuppressed(e);
        } else if (first != null) {
          first.addSuppressed(e);
        } else {
          first = e;
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void epoch() {
    RunningEpoch running = training.running;
    DataLoader.Epoch order = running.order(data, settings.batchSize, settings.shuffle);
    boolean ended = false;
    running.startClock();
    try {
      // hasNext draws from the generator at the end, so it may not be asked by one who stops.
      while (!training.isStopping() && !ended) {
        if (order.hasNext()) {
          step(order.nextRows());
        } else {
          ended = true;
        }
      }
    } finally {
      running.stopClock();
    }
    if (ended) {
      finishEpoch();
    }
  }

  private void step(int[] rows) {
    training.beginStep();
    optimizer.zeroGrad();
    Step step = new Step(model, loss, data, rows, training.step(), training.epoch());
    guard.rememberBuffers();
    try {
      gradients(step);
    } catch (RuntimeException | Error e) {
      guard.putBuffersBack();
      throw e;
    }
    training.running.learningRate = optimizer.learningRate();
    optimizer.step();
    if (settings.scheduler != null && settings.schedulePerStep) {
      settings.scheduler.step();
    }
    training.endStep();
    training.pollInterrupt();
    for (Callback callback : callbacks) {
      callback.batch(training);
    }
  }

  /** Computes the batch's loss and its gradients, as the optimizer is to see them. */
  private void gradients(Step step) {
    double value = settings.source.compute(step);
    if (settings.l2 > 0) {
      value += L2.penalty(settings.l2, parameters);
    }
    if (!Double.isFinite(value)) {
      throw Diagnosis.of(value, training.batch() + 1, step);
    }
    training.running.loss = value;
    for (Callback callback : callbacks) {
      callback.gradients(training);
    }
    clip();
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

  private void finishEpoch() {
    RunningEpoch running = training.running;
    double validationLoss = Double.NaN;
    Map<String, Double> metrics = new LinkedHashMap<>();
    if (settings.validation != null) {
      int batchSize = Math.max(VALIDATION_BATCH, settings.batchSize);
      Tensor predictions = Predictions.of(model, settings.validation, batchSize);
      Tensor targets = settings.validation.targets();
      validationLoss = loss.forward(predictions, targets);
      if (settings.l2 > 0) {
        validationLoss += L2.penalty(settings.l2, parameters);
      }
      settings.metrics.forEach(
          (name, metric) -> metrics.put(name, metric.of(predictions, targets)));
    }
    if (settings.scheduler != null && !settings.schedulePerStep) {
      settings.scheduler.step();
    }
    training
        .history()
        .add(
            new EpochResult(
                training.epoch() + 1,
                training.meanLoss(),
                validationLoss,
                metrics,
                running.learningRate,
                running.seconds(),
                running.samples,
                running.batch));
    running.reset();
    training.pollInterrupt();
    for (Callback callback : callbacks) {
      callback.epoch(training);
    }
  }
}
