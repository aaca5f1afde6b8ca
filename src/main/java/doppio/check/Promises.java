package doppio.check;

import doppio.Tensor;
import doppio.nn.Module;
import java.util.Arrays;
import java.util.Set;

/**
 * What a module promises beside right gradients: the same numbers for the same input, whatever it
 * has computed before or infers in between, and gradients that add up.
 */
final class Promises {
  /** What a repeated pass may be off, of the largest element. */
  private static final double REPEATED = 1e-9;

  private final Subject subject;
  private final Module module;
  private final double tolerance;
  private final Gradients gradients;
  private final Rounding rounding;

  /**
   * @param gradients what a first pass has given, for others to be compared with
   * @param rounding how far they may be apart
   */
  Promises(Subject subject, double tolerance, Gradients gradients, Rounding rounding) {
    this.subject = subject;
    this.module = subject.module;
    this.tolerance = tolerance;
    this.gradients = gradients;
    this.rounding = rounding;
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
    requireRepeated(subject.backward());
  }

  private void checkAddingUp() {
    module.zeroGrad();
    subject.forward();
    requireSum(subject.accumulate(), 1, "accumulateGradients gives");
    subject.forward();
    Gradients added = subject.backward();
    added.byName().remove(Gradients.INPUT);
    requireSum(added, 2, "a second backward, which has to add, gives");
  }

  /** The same numbers again; rounding may differ where threads share the work. */
  private void requireRepeated(Gradients actual) {
    actual
        .byName()
        .forEach(
            (name, now) -> {
              double[] before = gradients.byName().get(name).data();
              double largest = Arrays.stream(before).map(Math::abs).max().orElse(0);
              for (int i = 0; i < before.length; i++) {
                if (!isClose(before[i], now.data()[i], REPEATED * largest)) {
                  String words = "after other passes backward gives";
                  throw differs(name, now, i, words, "at first", before[i]);
                }
              }
            });
  }

  private void requireSum(Gradients actual, int times, String words) {
    actual
        .byName()
        .forEach(
            (name, now) -> {
              double[] once = gradients.byName().get(name).data();
              for (int i = 0; i < once.length; i++) {
                double sum = now.data()[i];
                if (!isClose(times * once[i], sum, 0)
                    && !isClose(times * once[i], sum, rounding.of(name, i))) {
                  throw differs(name, now, i, words, "backward alone", once[i]);
                }
              }
            });
  }

  /** NaN is NaN again: the comparison with the slope finds it. */
  private boolean isClose(double wanted, double actual, double rounding) {
    return Double.compare(wanted, actual) == 0
        || Comparison.relativeError(wanted, actual) <= tolerance
        || Math.abs(wanted - actual) <= rounding;
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
              + Arrays.toString(output.shape())
              + " but "
              + than
              + " "
              + Arrays.toString(expected.shape()));
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
