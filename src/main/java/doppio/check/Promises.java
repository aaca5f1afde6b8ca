package doppio.check;

import doppio.Tensor;
import doppio.internal.Shapes;
import doppio.nn.Module;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * What a module promises beside right gradients: the same numbers for the same input, whatever it
 * has computed before or infers in between, and gradients that add up.
 */
final class Promises {
  /** What rounding may make of another order of the same sums, of the largest gradient. */
  private static final double ROUNDING = 1e-9;

  private final Subject subject;
  private final Module module;
  private final double tolerance;
  private final Gradients gradients;
  private final Rounding rounding;
  private final double largest;

  /**
   * @param gradients what a first pass has given, for others to be compared with
   * @param rounding how far it may be from sums in another order
   */
  Promises(Subject subject, double tolerance, Gradients gradients, Rounding rounding) {
    this.subject = subject;
    this.module = subject.module;
    this.tolerance = tolerance;
    this.gradients = gradients;
    this.rounding = rounding;
    this.largest =
        gradients.byName().values().stream()
            .flatMapToDouble(g -> Arrays.stream(g.data()))
            .map(Math::abs)
            .max()
            .orElse(0);
  }

  /**
   * Checks them.
   *
   * @param output what a first forward pass has given
   * @param after the state that it has left
   * @param spoiler has seen where the results of the layers go
   */
  void check(Tensor output, State after, Spoiler spoiler) {
    OtherBatch.pass(module, subject.input, subject.state);
    checkInference(output);
    spoiler.spoil();
    checkRepetition(output, after);
    checkAddingUp();
  }

  private void checkInference(Tensor output) {
    subject.state.restore();
    Tensor first = subject.infer();
    if (!module.isTraining()) {
      requireSame(first, output, "infer", "forward in evaluation mode");
    }
    OtherBatch.through(subject.network::infer, subject.input);
    requireSame(subject.infer(), first, "infer after another input", "before");
    Set<String> changed = subject.state.changes();
    if (!changed.isEmpty()) {
      throw Wording.failure("infer of " + subject.title + " changes " + String.join(", ", changed));
    }
  }

  private void checkRepetition(Tensor output, State after) {
    module.zeroGrad();
    Tensor again = subject.forward();
    requireSame(again, output, "a later forward from the same state", "the first");
    Set<String> changed = after.changes();
    if (!changed.isEmpty()) {
      throw Wording.failure(
          "a later forward of "
              + subject.title
              + " leaves other numbers than the first, from the same state, in "
              + String.join(", ", changed));
    }
    OtherBatch.through(subject.network::infer, subject.input);
    requireSame(subject.backward(), 1, "after other passes backward gives", "at first");
    Tensor second = backwardAgain();
    if (second != null) {
      Gradients input = new Gradients(Map.of(Gradients.INPUT, second));
      requireSame(input, 1, "a second backward from the same forward gives", "the first");
    }
  }

  /** The gradient with respect to the input; null where a forward serves one backward alone. */
  private Tensor backwardAgain() {
    try {
      return subject.backward().byName().get(Gradients.INPUT);
    } catch (IllegalStateException once) {
      return null;
    }
  }

  private void checkAddingUp() {
    module.zeroGrad();
    subject.forward();
    requireSame(subject.accumulate(), 1, "accumulateGradients gives", "backward alone");
    subject.forward();
    Gradients added = subject.backward();
    added.byName().remove(Gradients.INPUT);
    requireSame(added, 2, "a second backward, which has to add, gives", "backward alone");
  }

  private void requireSame(Gradients actual, int times, String words, String than) {
    actual
        .byName()
        .forEach(
            (name, now) -> {
              double[] once = gradients.byName().get(name).data();
              for (int i = 0; i < once.length; i++) {
                double error = Math.abs(times * once[i] - now.data()[i]);
                if (!isClose(times * once[i], now.data()[i])
                    && !(times > 1 && error <= rounding.of(name, i))) {
                  throw differs(name, now, i, words, than, once[i]);
                }
              }
            });
  }

  /** NaN is NaN again: the comparison with the slope finds it. */
  private boolean isClose(double wanted, double actual) {
    return Double.compare(wanted, actual) == 0
        || Comparison.relativeError(wanted, actual) <= tolerance
        || Math.abs(wanted - actual) <= ROUNDING * largest;
  }

  private AssertionError differs(
      String name, Tensor now, int i, String words, String than, double before) {
    return Wording.failure(
        Wording.element(name, now, i)
            + " of "
            + subject.title
            + ": "
            + words
            + " "
            + Wording.rounded(now.data()[i])
            + " but "
            + than
            + " "
            + Wording.rounded(before));
  }

  /** Outputs have the same bits. */
  private void requireSame(Tensor output, Tensor expected, String what, String than) {
    if (!output.sameShape(expected)) {
      throw Wording.failure(
          what
              + " of "
              + subject.title
              + " gives shape "
              + Shapes.text(output)
              + " but "
              + than
              + " "
              + Shapes.text(expected));
    }
    int i = Arrays.mismatch(output.data(), expected.data());
    if (i >= 0) {
      throw Wording.failure(
          Wording.element("output", output, i)
              + " of "
              + subject.title
              + ": "
              + what
              + " gives "
              + output.data()[i]
              + " but "
              + than
              + " "
              + expected.data()[i]);
    }
  }
}
