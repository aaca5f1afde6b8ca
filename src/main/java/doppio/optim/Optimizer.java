package doppio.optim;

import doppio.Tensor;
import doppio.internal.Names;
import doppio.internal.OptimizerAccess;
import doppio.internal.Require;
import doppio.nn.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Changes parameters by a rule, from their gradients.
 *
 * <pre>{@code
 * Optimizer optimizer = new SGD(model.parameters(), 0.1).weightDecay(1e-4);
 * for (Batch batch : loader) {
 *   loss.forward(model.forward(batch.inputs()), batch.targets());
 *   optimizer.zeroGrad();
 *   model.accumulateGradients(loss.backward());
 *   optimizer.step();
 * }
 * }</pre>
 *
 * <p>All parameters start in the default group; {@link #group} moves some to a group of their own.
 * The setters of the optimizer itself, and {@link #learningRate()}, concern the default group
 * alone.
 *
 * <p>A rule of your own is one method, {@link #update}:
 *
 * <pre>{@code
 * final class SignDescent extends Optimizer {
 *   SignDescent(List<Parameter> parameters, double learningRate) {
 *     super(parameters, learningRate);
 *   }
 *
 *   @Override
 *   protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
 *     double[] w = parameter.value().data();
 *     double[] g = parameter.grad().data();
 *     for (int i = 0; i < w.length; i++) {
 *       w[i] -= group.learningRate() * Math.signum(g[i]);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Both weight decays work for it, without a word of them in it. What it remembers belongs in the
 * {@link ParameterState}, so that {@link #stateDict()} has it. One optimizer is for one thread at a
 * time.
 */
public abstract class Optimizer {
  static {
    OptimizerAccess.open(new Access());
  }

  /** In the order of the constructor's list. */
  private final ParameterState[] states;

  private final List<ParameterGroup> groups = new ArrayList<>();

  /** What the rule says of its buffers, or null where it says nothing. */
  private final List<BufferKind> buffers;

  /** How a rule from outside of this package makes its step; null for those within. */
  private final OwnRuleStep ownRule;

  final PlainStep plain;

  /**
   * An optimizer of the given parameters, without weight decay.
   *
   * @param parameters what is changed; one that is listed twice counts once
   * @param learningRate the learning rate η
   * @throws IllegalArgumentException if the list is empty, or the rate negative or not finite
   */
  protected Optimizer(List<Parameter> parameters, double learningRate) {
    this(parameters, learningRate, DecayMode.AROUND_THE_RULE, (List<BufferKind>) null);
  }

  /**
   * The same for a rule that says what buffers it has: {@link #loadStateDict} then refuses a state
   * that lacks one, has another one, or a number that cannot be.
   *
   * @param parameters what is changed; one that is listed twice counts once
   * @param learningRate the rate η
   * @param buffers the kinds of {@link ParameterState#buffer}, by index; empty where there are none
   * @throws IllegalArgumentException if there are no parameters, or the rate is negative or not
   *     finite
   */
  protected Optimizer(List<Parameter> parameters, double learningRate, List<BufferKind> buffers) {
    this(parameters, learningRate, DecayMode.AROUND_THE_RULE, Require.copy("buffers", buffers));
  }

  /** For the rules of this package, which apply weight decay in their one pass over memory. */
  Optimizer(
      List<Parameter> parameters, double learningRate, DecayMode decay, BufferKind... buffers) {
    this(parameters, learningRate, decay, List.of(buffers));
  }

  private Optimizer(
      List<Parameter> parameters, double learningRate, DecayMode decay, List<BufferKind> buffers) {
    this.buffers = buffers;
    ParameterGroup group = new ParameterGroup(learningRate, decay);
    states = ParameterState.of(parameters, group, buffers);
    if (states.length == 0) {
      throw new IllegalArgumentException(Names.of(getClass()) + " expects at least one parameter");
    }
    groups.add(group);
    ownRule = decay == DecayMode.AROUND_THE_RULE ? new OwnRuleStep(states) : null;
    plain = new PlainStep(states);
  }

  /**
   * Changes every parameter by the rule, those apart that are frozen or have no gradient since
   * {@link #zeroGrad()}: they stay as they are, without weight decay too.
   *
   * <p>Where a rule of your own throws, at whichever parameter, no step was made: values, step
   * counts, buffers and settings are as they were. An error within one of the library's, for want
   * of memory, may leave some parameters changed and others not.
   *
   * @throws ArithmeticException if a gradient is not within {@link #largestGradient()}, where that
   *     is below the largest double, or λw not within a tenth of it; nothing is changed then
   */
  public final void step() {
    plain.halfMade = false;
    if (largestGradient() < Double.MAX_VALUE) {
      List.of(states).forEach(state -> state.refuseBeyond(largestGradient(), name()));
    }
    if (ownRule != null) {
      ownRule.run(this);
    } else {
      plain.run(this);
    }
  }

  /**
   * The largest size of an element of a gradient that the rule can take: beyond it something the
   * rule computes, a square say, is no finite number any more. By default the largest double, which
   * {@link #step} does not look for.
   */
  public double largestGradient() {
    return Double.MAX_VALUE;
  }

  /**
   * The rule: writes the new value of one parameter, from its value and gradient. It need not know
   * of weight decay: with the group's λ it finds g + λw in place of the gradient g, and when it is
   * done δw is subtracted besides, with w as it was before. Meanwhile both decays of the group read
   * 0.
   *
   * @param parameter not frozen, and with a gradient
   * @param state what the rule keeps from step to step; its step count includes this one
   * @param group the settings
   */
  protected abstract void update(Parameter parameter, ParameterState state, ParameterGroup group);

  /** Forgets the gradients of all parameters, at no cost; see {@link Parameter#zeroGrad()}. */
  public final void zeroGrad() {
    for (ParameterState state : states) {
      state.parameter.zeroGrad();
    }
  }

  /**
   * Moves parameters to a new group, which starts with the settings of the default group: {@code
   * optimizer.group(biases).weightDecay(0)}. What the optimizer remembers of them stays.
   *
   * @param parameters some of this optimizer's; one that is listed twice counts once
   * @throws IllegalArgumentException if the list is empty or one of them is not this optimizer's
   */
  public final ParameterGroup group(List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("a group expects at least one parameter");
    }
    List<ParameterState> moved = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      moved.add(stateOf(parameters.get(i), i));
    }
    ParameterGroup group = new ParameterGroup(groups.get(0));
    moved.forEach(state -> state.moveTo(group));
    groups.add(group);
    return group;
  }

  /** All groups, the default one first, then in the order they were made; an unmodifiable view. */
  public final List<ParameterGroup> groups() {
    return Collections.unmodifiableList(groups);
  }

  /** The learning rate η of the default group. */
  public final double learningRate() {
    return groups.get(0).learningRate();
  }

  /**
   * Sets the learning rate η of the default group; see {@link ParameterGroup#learningRate(double)}.
   *
   * @return this optimizer
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public final Optimizer learningRate(double learningRate) {
    groups.get(0).learningRate(learningRate);
    return this;
  }

  /**
   * Sets the coupled weight decay λ of the default group, 0 at first: the rule sees the gradient g
   * + λw. {@link AdamW} alone takes it for its decay d, 0.01 at first, and subtracts ηdw. See
   * {@link ParameterGroup#weightDecay(double)}.
   *
   * @return this optimizer
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public final Optimizer weightDecay(double weightDecay) {
    groups.get(0).weightDecay(weightDecay);
    return this;
  }

  /**
   * Sets the decoupled weight decay δ of the default group, 0 at first: a step subtracts δw, not
   * multiplied by the learning rate. PyTorch's, which is, is the weight decay of {@link AdamW}. See
   * {@link ParameterGroup#decoupledWeightDecay(double)}.
   *
   * @return this optimizer
   * @throws IllegalArgumentException if it is negative or not finite
   * @throws UnsupportedOperationException if this is an {@link AdamW}, whatever the value
   */
  public final Optimizer decoupledWeightDecay(double decoupledWeightDecay) {
    groups.get(0).decoupledWeightDecay(decoupledWeightDecay);
    return this;
  }

  /**
   * What the optimizer remembers, to go on with later: learning rate and decays of each group, and
   * for each parameter its group, its step count and its buffers ({@code Adam.parameter.0.buffer.1}
   * are the second moments of the first parameter), counted in the order in which the constructor
   * got them. Buffers are live, as the values of a module's state dict are; what the constructor
   * and the rule's own setters were told, β₁ or Nesterov, is not in it.
   */
  public final Map<String, Tensor> stateDict() {
    return new OptimizerState(getClass(), states, groups, buffers).save();
  }

  /**
   * Makes what the optimizer remembers a copy of the given state, which is checked as a whole: that
   * all the rule's buffers are there and no others, with finite numbers, and mean squares with none
   * below 0. A rule of your own has as many buffers as come, unless it told the constructor.
   *
   * @throws IllegalArgumentException if the state is not that of an optimizer of this rule, with
   *     these parameters and groups; the message names every key that is missing, unknown or wrong,
   *     and the optimizer is unchanged
   */
  public final void loadStateDict(Map<String, Tensor> state) {
    read(state).run();
  }

  /** Checks a state; returns what makes it this optimizer's, which cannot fail. */
  final Runnable read(Map<String, Tensor> state) {
    return new OptimizerState(getClass(), states, groups, buffers).read(state);
  }

  private ParameterState stateOf(Parameter parameter, int index) {
    return Arrays.stream(states)
        .filter(state -> state.parameter == parameter)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    name() + " does not have parameter " + index + " of the group, " + parameter));
  }

  /** What the constructor and the rule's own setters were told; or empty. */
  String settings() {
    return "";
  }

  /**
   * The rule with its settings, then those of each group: {@code Adam(beta1 0.9, beta2 0.999,
   * epsilon 1.0E-8; learning rate 0.001, 4 parameters)}.
   */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner("; ", name() + "(", ")");
    if (!settings().isEmpty()) {
      text.add(settings());
    }
    for (ParameterGroup group : groups) {
      text.add(group.settings());
    }
    return text.toString();
  }

  private String name() {
    return Names.of(this);
  }
}
