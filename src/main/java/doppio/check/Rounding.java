package doppio.check;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Observer;
import doppio.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How far rounding moves the analytic gradients of a subject: as far as they move when all numbers
 * they depend on change in their last bits. Measured once, and only when a gradient is in doubt.
 */
final class Rounding {
  private static final int TRIALS = 5;

  /** 32 units in the last place. */
  private static final double CHANGE = 0x1p-47;

  private final Subject subject;
  private final Gradients gradients;
  private Map<String, double[]> bounds;

  Rounding(Subject subject, Gradients gradients) {
    this.subject = subject;
    this.gradients = gradients;
  }

  /** The bound for an element of the gradient of the given name. */
  double of(String name, int i) {
    if (bounds == null) {
      bounds = new LinkedHashMap<>();
      gradients.byName().forEach((key, g) -> bounds.put(key, new double[g.size()]));
      Generator random = new Generator(2);
      for (int trial = 0; trial < TRIALS; trial++) {
        tryOnce(random);
      }
    }
    return bounds.get(name)[i];
  }

  private void tryOnce(Generator random) {
    List<double[]> live = new ArrayList<>();
    live.add(subject.input.data());
    live.add(subject.cotangent.data());
    for (Parameter p : subject.trained.values()) {
      live.add(p.value().data());
    }
    List<double[]> before =
        live.stream().map(double[]::clone).collect(Collectors.toUnmodifiableList());
    Gradients moved;
    try {
      live.forEach(values -> change(values, random));
      moved = gradients(before.get(0));
    } finally {
      for (int k = 0; k < before.size(); k++) {
        System.arraycopy(before.get(k), 0, live.get(k), 0, before.get(k).length);
      }
    }
    gradients.byName().forEach((name, g) -> widen(bounds.get(name), g, moved.byName().get(name)));
  }

  /** At the changed numbers; at the input itself, where that has an index, which is not rounded. */
  private Gradients gradients(double[] input) {
    try {
      return subject.gradients(new Observer() {});
    } catch (IllegalArgumentException refused) {
      System.arraycopy(input, 0, subject.input.data(), 0, input.length);
      return subject.gradients(new Observer() {});
    }
  }

  private static void change(double[] values, Generator random) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= 1 + CHANGE * (2 * random.uniform() - 1);
    }
  }

  private static void widen(double[] bound, Tensor gradient, Tensor moved) {
    for (int i = 0; i < bound.length; i++) {
      double distance = 2 * Math.abs(moved.data()[i] - gradient.data()[i]);
      if (distance > bound[i]) {
        bound[i] = distance;
      }
    }
  }
}
