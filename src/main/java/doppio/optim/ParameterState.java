package doppio.optim;

import doppio.internal.Require;
import doppio.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an optimizer remembers of one parameter: how many steps it has made, and buffers. */
public final class ParameterState {
  private static final int MOST_BUFFERS = 99;

  /** What rules that square a gradient can take: the root of the largest double, about. */
  static final double LARGEST_SQUARED = 1e154;

  /** A gradient and a decay that is so many times smaller than the largest still have a square. */
  private static final double DECAY_ROOM = 10;

  final Parameter parameter;
  ParameterGroup group;
  long steps;

  /** One for each kind, null where it is unused; none before the first step. */
  List<double[]> buffers = new ArrayList<>(2);

  /** What the rule says of its buffers, or null where it says nothing: then any number, as used. */
  private final List<BufferKind> kinds;

  ParameterState(Parameter parameter, ParameterGroup group, List<BufferKind> kinds) {
    this.parameter = parameter;
    this.group = group;
    this.kinds = kinds;
    group.members.add(parameter);
  }

  /** What there is to remember at first, for each parameter once, which joins the group. */
  static ParameterState[] of(
      List<Parameter> parameters, ParameterGroup group, List<BufferKind> kinds) {
    Map<Parameter, ParameterState> states = new LinkedHashMap<>();
    for (Parameter parameter : Require.noNull("parameters", parameters)) {
      states.computeIfAbsent(parameter, p -> new ParameterState(p, group, kinds));
    }
    return states.values().toArray(new ParameterState[0]);
  }

  /**
   * The number of steps that have changed the parameter, the running one included. Steps that left
   * it alone, as it had no gradient, do not count.
   */
  public long steps() {
    return steps;
  }

  /**
   * A buffer with one number for each of the parameter's, the same from step to step; zeros at
   * first.
   *
   * @param index counted from 0
   * @throws IllegalArgumentException if the index is negative or above 99
   * @throws IllegalStateException if the rule told the optimizer's constructor its buffers, and
   *     this is none of them
   */
  public double[] buffer(int index) {
    Require.between(0, MOST_BUFFERS, "index", index);
    if (kinds == null) {
      while (buffers.size() <= index) {
        buffers.add(new double[parameter.value().size()]);
      }
    } else if (index >= kinds.size() || kinds.get(index) == BufferKind.UNUSED) {
      throw new IllegalStateException(
          "the rule uses buffer " + index + " but told the constructor that it has " + kinds);
    }
    return buffers.get(index);
  }

  /** Whether a step changes the parameter. */
  boolean takesStep() {
    return !parameter.isFrozen() && parameter.hasGradient();
  }

  /** Makes all buffers that the rule has told, or none, before the first step. */
  void makeBuffers() {
    if (kinds != null && buffers.isEmpty()) {
      List<double[]> made = new ArrayList<>(2);
      for (BufferKind kind : kinds) {
        made.add(kind == BufferKind.UNUSED ? null : new double[parameter.value().size()]);
      }
      buffers = made;
    }
  }

  @Override
  public String toString() {
    long made = buffers.stream().filter(b -> b != null).count();
    return "ParameterState(" + parameter + ", steps " + steps + ", buffers " + made + ")";
  }

  /** Takes the parameter from its group to another one. */
  void moveTo(ParameterGroup other) {
    group.members.remove(parameter);
    group = other;
    other.members.add(parameter);
  }

  /** Refuses a gradient that the rule cannot square. */
  void refuseBeyond(double largest, String rule) {
    if (!parameter.isFrozen() && !parameter.hasGradientWithin(largest)) {
      throw new ArithmeticException(
          "the gradient of a "
              + parameter
              + " has an element that is not finite or beyond "
              + largest
              + ", the largest that "
              + rule
              + " can square; no step was made");
    }
    double lambda = group.lambda();
    if (lambda > 0 && takesStep() && !isDecayWithin(lambda, largest / DECAY_ROOM)) {
      throw new ArithmeticException(
          "a "
              + parameter
              + " times the weight decay "
              + lambda
              + " has an element beyond a tenth of "
              + largest
              + ", the largest that "
              + rule
              + " can square; no step was made");
    }
  }

  /** Whether λw can be added to any gradient that the rule takes. */
  private boolean isDecayWithin(double lambda, double limit) {
    double most = limit / lambda;
    int outside = 0;
    for (double w : parameter.value().data()) {
      outside |= Math.abs(w) <= most ? 0 : 1;
    }
    return outside == 0;
  }
}
