package doppio.optim;

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
  private double learningRate;
  private double weightDecay;
  private double decoupledWeightDecay;

  ParameterGroup(double learningRate) {
    learningRate(learningRate);
  }

  /** A group without parameters that starts with the settings of another. */
  ParameterGroup(ParameterGroup settings) {
    learningRate = settings.learningRate;
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
    this.learningRate = checked("learning rate", learningRate);
    return this;
  }

  /** The coupled weight decay λ. */
  public double weightDecay() {
    return weightDecay;
  }

  /**
   * Sets the coupled weight decay λ, PyTorch's {@code weight_decay}: the rule sees the gradient g +
   * λw, with w as it was before the step.
   *
   * @return this group
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public ParameterGroup weightDecay(double weightDecay) {
    this.weightDecay = checked("weight decay", weightDecay);
    return this;
  }

  /** The decoupled weight decay λ. */
  public double decoupledWeightDecay() {
    return decoupledWeightDecay;
  }

  /**
   * Sets the decoupled weight decay λ: besides what the rule subtracts, a step subtracts λw, with w
   * as it was before the step. λ is not multiplied by the learning rate; in PyTorch's {@code AdamW}
   * it is, so its {@code weight_decay} d is λ = ηd here.
   *
   * <p>Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), equation 1.
   *
   * @return this group
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public ParameterGroup decoupledWeightDecay(double decoupledWeightDecay) {
    this.decoupledWeightDecay = checked("decoupled weight decay", decoupledWeightDecay);
    return this;
  }

  /** The value, if it is finite and not negative. */
  static double checked(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and not negative, got " + value);
    }
    return value;
  }
}
