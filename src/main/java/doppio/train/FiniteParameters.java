package doppio.train;

import doppio.nn.Parameter;

/**
 * Whether the steps have left finite numbers: a finite gradient times the learning rate, or what
 * momentum adds up, may not be finite. Looked for after an epoch and before a file is replaced.
 */
final class FiniteParameters {
  private FiniteParameters() {}

  /**
   * Refuses parameters with an element that is not finite.
   *
   * @throws ArithmeticException names it
   */
  static void require(Settings settings) {
    for (Parameter p : settings.optimized()) {
      if (!p.isFrozen() && !isFinite(p.value().data())) {
        throw refused(settings, p);
      }
    }
  }

  /** Adds up what is not finite, without a branch. */
  private static boolean isFinite(double[] values) {
    int others = 0;
    for (double v : values) {
      others |= Math.abs(v) <= Double.MAX_VALUE ? 0 : 1;
    }
    return others == 0;
  }

  private static ArithmeticException refused(Settings settings, Parameter p) {
    double[] values = p.value().data();
    int i = 0;
    while (Double.isFinite(values[i])) {
      i++;
    }
    return new ArithmeticException(
        ParameterPlace.of(settings.model, p).text()
            + " has "
            + values[i]
            + " at "
            + ParameterPlace.index(p, i)
            + ": steps of "
            + settings.optimizer
            + " were too large for a double; a checkpoint of such a model is not saved");
  }
}
