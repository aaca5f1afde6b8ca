package doppio.train;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The best epoch of a training, which keeps up with it: each epoch is looked at once. */
final class BestEpoch {
  private final ToDoubleFunction<EpochResult> merit;
  private final double minDelta;
  private int resumes;
  private int seen;
  private int best;
  private double value;

  /**
   * From the start of a training.
   *
   * @param merit how good an epoch was: the larger the better
   */
  BestEpoch(ToDoubleFunction<EpochResult> merit, double minDelta) {
    this.merit = merit;
    this.minDelta = minDelta;
  }

  /** The number of the best epoch, after a look at those that have come since. */
  int update(Training training) {
    if (training.resumes() != resumes) {
      resumes = training.resumes();
      seen = 0;
      best = 0;
    }
    return update(training.history().epochs());
  }

  /**
   * The number of the last epoch that was better than all before it by more than minDelta, from 1;
   * 0 if none has a number.
   */
  int update(List<EpochResult> epochs) {
    for (; seen < epochs.size(); seen++) {
      double next = merit.applyAsDouble(epochs.get(seen));
      if (best == 0 ? !Double.isNaN(next) : next > value + minDelta) {
        best = seen + 1;
        value = next;
      }
    }
    return best;
  }
}
