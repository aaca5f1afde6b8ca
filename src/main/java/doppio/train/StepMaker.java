package doppio.train;

import doppio.data.DataLoader;
import doppio.data.Samples;
import doppio.internal.OptimizerAccess;
import doppio.loss.L2;
import doppio.nn.Parameter;
import doppio.optim.GradientClip;
import doppio.optim.Optimizer;
import java.util.List;

/**
 * Makes the steps of a training: loss, gradient, clipping, optimizer. Whatever is thrown before the
 * optimizer has changed the first parameter, no step was made; where it has changed some and not
 * all, the training knows that.
 */
final class StepMaker {
  private final Settings settings;
  private final Training training;
  private final Samples data;
  private final Callback[] callbacks;
  private final Undo undo;
  private final Optimizer optimizer;
  private final List<Parameter> parameters;
  private final List<Parameter> optimized;
  private final GradientGuard guard;

  StepMaker(Settings settings, Training training, Samples data, Callback[] callbacks, Undo undo) {
    this.settings = settings;
    this.training = training;
    this.data = data;
    this.callbacks = callbacks;
    this.undo = undo;
    optimizer = settings.optimizer;
    parameters = settings.model.parameters();
    optimized = settings.optimized();
    guard = new GradientGuard(settings.model, optimizer, optimized);
  }

  /**
   * Makes a step, or none.
   *
   * @param order the rows of the batch are its next ones
   * @param told the epoch that the source of gradients sees; null where there is none
   */
  void make(DataLoader.Epoch order, DataLoader.Epoch told) {
    // What the order of an epoch draws at its start, the epoch itself puts back.
    undo.remember(training.batch() + 1 == training.batches());
    training.inHand.begin();
    boolean updates = false;
    boolean updated = false;
    try {
      int[] rows = order.nextRows();
      optimizer.zeroGrad();
      Step step = newStep(rows, told);
      double penalty = settings.l2 > 0 ? L2.penalty(settings.l2, parameters) : 0;
      double value = gradients(step, penalty);
      double divisor = step.divisor();
      training.history().reserve(0);
      training.running.learningRate = optimizer.learningRate();
      updates = true;
      optimizer.step();
      updated = true;
      training.endStep(rows.length, value, divisor, penalty);
    } finally {
      if (updated || (updates && OptimizerAccess.get().isHalfMade(optimizer))) {
        training.inHand.loseIfOpen();
      } else {
        undo.putBack();
        training.inHand.end();
      }
    }
  }

  private Step newStep(int[] rows, DataLoader.Epoch told) {
    return new Step(
        settings.model, settings.loss, data, rows, told, training.step(), training.epoch());
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
}
