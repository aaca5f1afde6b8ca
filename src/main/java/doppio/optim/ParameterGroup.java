package doppio.optim;

import doppio.internal.Require;
import doppio.internal.Signs;
import doppio.nn.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Parameters that an optimizer treats alike: with one learning rate and one weight decay.
 *
 * <p>Made by {@link Optimizer#group}; a change holds from the next step on.
 */
public final class ParameterGroup {
  final List<Parameter> members = new ArrayList<>();
  private final DecayMode decay;
  private double learningRate;

  /** What a schedule's factors multiply: the last rate that was not a schedule's. */
  private double baseLearningRate;

  /** The {@link Scheduler} that has set the rate; null where none has. */
  private Object scheduler;

  private double weightDecay;
  private double decoupledWeightDecay;

  ParameterGroup(double learningRate, DecayMode decay) {
    this.decay = decay;
    learningRate(learningRate);
  }

  /** A group without parameters that starts with the settings of another. */
  ParameterGroup(ParameterGroup settings) {
    decay = settings.decay;
    learningRate = settings.learningRate;
    baseLearningRate = settings.baseLearningRate;
    scheduler = settings.scheduler;
    weightDecay = settings.weightDecay;
    decoupledWeightDecay = settings.decoupledWeightDecay;
  }

  /** The parameters, a view that cannot be changed. */
  public List<Parameter> parameters() {
    return Collections.unmodifiableList(members);
  }

  /** The learning rate η. */
  public double learningRate() {
    return learningRate;
  }

  /**
   * Sets the learning rate η.
   *
   * @return this group
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public ParameterGroup learningRate(double learningRate) {
    this.learningRate = Require.finiteNotNegative("learning rate", learningRate);
    baseLearningRate = learningRate;
    scheduler = null;
    return this;
  }

  /**
   * The learning rate that was set last by the optimizer's constructor, by hand or from a state: a
   * new {@link Scheduler} multiplies this one, wherever an earlier one has left {@link
   * #learningRate()}.
   */
  public double baseLearningRate() {
    return baseLearningRate;
  }

  /** Takes the rate of a state; one that it has already stays a schedule's, if it was one. */
  ParameterGroup savedLearningRate(double rate) {
    return rate == learningRate ? this : learningRate(rate);
  }

  /** Takes a rate of a schedule; the base stays. */
  void scheduled(Object by, double rate) {
    learningRate = rate;
    scheduler = by;
  }

  /** Takes the rate as it is for one of a schedule with this base. */
  void schedules(Object by, double base) {
    baseLearningRate = base;
    scheduler = by;
  }

  /** Whether a scheduler has set the rate, and another than this one. */
  @SuppressWarnings("ReferenceEquality") // the very one that has set it, not an equal one
  boolean isScheduledByAnother(Object than) {
    return scheduler != null && scheduler != than;
  }

  /** The coupled weight decay λ; of {@link AdamW}, its decay d. */
  public double weightDecay() {
    return weightDecay;
  }

  /**
   * Sets the coupled weight decay λ, PyTorch's {@code weight_decay}: the rule sees the gradient g +
   * λw, with w as it was before the step. {@link AdamW} alone takes it for its decay d: a step
   * subtracts ηdw, and the rule sees g.
   *
   * @return this group
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public ParameterGroup weightDecay(double weightDecay) {
    this.weightDecay = Require.finiteNotNegative("weight decay", weightDecay);
    return this;
  }

  /** The decoupled weight decay δ. */
  public double decoupledWeightDecay() {
    return decoupledWeightDecay;
  }

  /**
   * Sets the decoupled weight decay δ: besides what the rule subtracts, a step subtracts δw, with w
   * as it was before the step. δ is not multiplied by the learning rate η. PyTorch's {@code AdamW},
   * whose {@code weight_decay} d is (δ = ηd), is {@link AdamW} here, with {@link #weightDecay}.
   *
   * <p>Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), equation 1.
   *
   * @return this group
   * @throws IllegalArgumentException if it is negative or not finite
   * @throws UnsupportedOperationException if the optimizer is an {@link AdamW}, whatever the value
   */
  public ParameterGroup decoupledWeightDecay(double decoupledWeightDecay) {
    if (!hasDecoupledWeightDecay()) {
      throw new UnsupportedOperationException(
          Signs.text(
              "AdamW has no decoupledWeightDecay: its weightDecay d is decoupled, w ← w − ηdw with"
                  + " the learning rate η; for w ← w − δw, without η, use Adam"));
    }
    this.decoupledWeightDecay =
        Require.finiteNotNegative("decoupled weight decay", decoupledWeightDecay);
    return this;
  }

  boolean hasDecoupledWeightDecay() {
    return decay != DecayMode.TIMES_THE_RATE;
  }

  /** λ of a rule's formula: it sees g + λw. */
  double lambda() {
    return decay == DecayMode.TIMES_THE_RATE ? 0 : weightDecay;
  }

  /** δ of a rule's formula: it subtracts δw besides. */
  double delta() {
    return decay == DecayMode.TIMES_THE_RATE ? learningRate * weightDecay : decoupledWeightDecay;
  }

  @Override
  public String toString() {
    return "ParameterGroup(" + settings() + ")";
  }

  /** Learning rate, decays that are not 0, and how many parameters. */
  String settings() {
    int n = members.size();
    return "learning rate "
        + learningRate
        + (weightDecay == 0 ? "" : ", weight decay " + weightDecay)
        + (decoupledWeightDecay == 0 ? "" : ", decoupled weight decay " + decoupledWeightDecay)
        + (n == 1 ? ", 1 parameter" : ", " + n + " parameters");
  }
}
