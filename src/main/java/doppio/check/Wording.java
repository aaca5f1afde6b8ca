package doppio.check;

import doppio.Tensor;
import doppio.internal.Shapes;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/** How the messages of a check name things and write numbers. */
final class Wording {
  private Wording() {}

  static AssertionError failure(String problem) {
    return new AssertionError("GradientCheck: " + problem);
  }

  /** The element by its index, {@code weight[3, 1]} say. */
  static String element(String name, Tensor t, int offset) {
    return name + Shapes.index(t.shape(), offset);
  }

  /** Nine digits: more than a slope that was measured has. */
  static String rounded(double value) {
    return rounded(value, 9);
  }

  static String rounded(double value, int digits) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    return Double.toString(new BigDecimal(value).round(new MathContext(digits)).doubleValue());
  }

  static void requireShape(Tensor gradient, Tensor value, String what, String of) {
    if (!gradient.sameShape(value)) {
      throw failure(
          "the gradient with respect to the "
              + what
              + " of "
              + of
              + " has shape "
              + Shapes.text(gradient)
              + " but the "
              + what
              + " "
              + Shapes.text(value));
    }
  }

  /** Fails if a tensor that was handed over has not its old bits. */
  static void requireUnwritten(Tensor now, Tensor before, String what, String by, String of) {
    int i = Arrays.mismatch(now.data(), before.data());
    if (i >= 0) {
      throw failure(
          by
              + " of "
              + of
              + " writes to its "
              + what
              + ": "
              + element(what, now, i)
              + " was "
              + before.data()[i]
              + " and is "
              + now.data()[i]);
    }
  }
}
