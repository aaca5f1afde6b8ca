package doppio.train;

import doppio.Tensor;
import doppio.internal.state.StateReader;
import doppio.loss.Reduction;
import java.util.Map;

/**
 * The loss of an epoch's batches together: what it would be of one batch that holds them all, if
 * the parameters stayed as they are. So it does not depend on the size of a batch.
 */
final class EpochLoss {
  private static final String BY_SAMPLES = "lossSum";
  private static final String BY_DIVISORS = "dividedSum";
  private static final String DIVISORS = "divisorSum";
  private static final String PENALTIES = "penaltySum";
  private static final String RATIO = "divisorPerSample";

  /** Σ samples · (loss + penalty). */
  private double bySamples;

  /** Σ divisor · loss. */
  private double byDivisors;

  /** Σ divisor. */
  private double divisors;

  /** Σ samples · penalty. */
  private double penalties;

  /** A batch's divisor over its samples; 0 before the first one, NaN if they do not agree. */
  private double ratio;

  /**
   * Counts a batch.
   *
   * @param divisor what the loss divided its sum by
   * @param penalty the L2 term, which is not in the loss
   */
  void add(int samples, double loss, double divisor, double penalty) {
    double here = divisor / samples;
    ratio = ratio == 0 ? here : ratio == here ? ratio : Double.NaN;
    bySamples += (loss + penalty) * samples;
    byDivisors += loss * divisor;
    divisors += divisor;
    penalties += penalty * samples;
  }

  /** The loss of the batches so far, with the mean of their L2 terms. */
  double value(int samples, Reduction reduction) {
    if (reduction == Reduction.SUM) {
      return byDivisors + penalties / samples;
    }
    // Where all samples count alike their number is the plainer weight. A file of 0.1.0 that broke
    // off in the middle of an epoch knows no other one.
    boolean alike = !Double.isNaN(ratio) || Double.isNaN(divisors);
    return alike ? bySamples / samples : byDivisors / divisors + penalties / samples;
  }

  void save(Map<String, Tensor> state) {
    state.put(BY_SAMPLES, Tensor.full(bySamples));
    state.put(BY_DIVISORS, Tensor.full(byDivisors));
    state.put(DIVISORS, Tensor.full(divisors));
    state.put(PENALTIES, Tensor.full(penalties));
    state.put(RATIO, Tensor.full(ratio));
  }

  static EpochLoss read(StateReader reader, boolean begun) {
    EpochLoss read = new EpochLoss();
    read.bySamples = number(reader, BY_SAMPLES);
    if (reader.has(BY_DIVISORS) || reader.has(DIVISORS)) {
      read.byDivisors = number(reader, BY_DIVISORS);
      read.divisors = number(reader, DIVISORS);
      read.penalties = number(reader, PENALTIES);
      read.ratio = number(reader, RATIO);
    } else if (begun) {
      read.byDivisors = Double.NaN;
      read.divisors = Double.NaN;
    }
    return read;
  }

  private static double number(StateReader reader, String key) {
    return reader.number(key, v -> true, "a number");
  }
}
