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
  private final LongSum bySamples = new LongSum();

  /** Σ divisor · loss. */
  private final LongSum byDivisors = new LongSum();

  /** Σ divisor. */
  private final LongSum divisors = new LongSum();

  /** Σ samples · penalty. */
  private final LongSum penalties = new LongSum();

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
    bySamples.add((loss + penalty) * samples);
    byDivisors.add(loss * divisor);
    divisors.add(divisor);
    penalties.add(penalty * samples);
  }

  /** Begins anew. */
  void reset() {
    bySamples.reset();
    byDivisors.reset();
    divisors.reset();
    penalties.reset();
    ratio = 0;
  }

  /** The loss of the batches so far, with the mean of their L2 terms. */
  double value(int samples, Reduction reduction) {
    if (reduction == Reduction.SUM) {
      return byDivisors.value() + penalties.value() / samples;
    }
    // Where all samples count alike their number is the plainer weight. A file of 0.1.0 that broke
    // off in the middle of an epoch knows no other one.
    boolean alike = !Double.isNaN(ratio) || Double.isNaN(divisors.value());
    return alike
        ? bySamples.value() / samples
        : byDivisors.value() / divisors.value() + penalties.value() / samples;
  }

  void save(Map<String, Tensor> state) {
    bySamples.save(BY_SAMPLES, state);
    byDivisors.save(BY_DIVISORS, state);
    divisors.save(DIVISORS, state);
    penalties.save(PENALTIES, state);
    state.put(RATIO, Tensor.full(ratio));
  }

  static EpochLoss read(StateReader reader, boolean begun) {
    EpochLoss read = new EpochLoss();
    read.bySamples.read(BY_SAMPLES, reader);
    if (reader.has(BY_DIVISORS) || reader.has(DIVISORS)) {
      read.byDivisors.read(BY_DIVISORS, reader);
      read.divisors.read(DIVISORS, reader);
      read.penalties.read(PENALTIES, reader);
      read.ratio = number(reader, RATIO);
    } else if (begun) {
      read.byDivisors.add(Double.NaN);
      read.divisors.add(Double.NaN);
    }
    return read;
  }

  private static double number(StateReader reader, String key) {
    return reader.number(key, v -> true, "a number");
  }
}
