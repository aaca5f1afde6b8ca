package doppio.internal.onnx.load;

import doppio.internal.layer.Gelu;
import doppio.internal.onnx.load.Binary.Kind;
import doppio.nn.ELU;
import doppio.nn.GELU;
import doppio.nn.LeakyReLU;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.SiLU;
import doppio.nn.Softplus;

/**
 * Activations as this library writes them for doubles, out of operators that ONNX Runtime has for
 * them, found at the last operator.
 */
final class Bends {
  private final GraphBuilder graph;

  Bends(GraphBuilder graph) {
    this.graph = graph;
  }

  /**
   * An activation of one input.
   *
   * @param module what computes it
   * @param x where its input lies
   */
  record Found(Module module, int x) {}

  /** The activation that ends in this operator, null if there is none. */
  Found find(Kind kind, int a, int b) {
    Step rectified = graph.producer(a);
    if (kind == Kind.DIV) {
      return isOnePlusExp(b, a) ? new Found(new SiLU(), a) : null;
    }
    if (rectified == null || !(rectified.module() instanceof ReLU)) {
      return null;
    }
    int x = rectified.in()[0];
    Module module =
        switch (kind) {
          case ADD -> beside(x, b);
          case SUB -> isTail(x, b) ? new GELU() : null;
          default -> null;
        };
    return module == null ? null : new Found(module, x);
  }

  /** What max(x, 0) plus this is. */
  private Module beside(int x, int other) {
    Step log = graph.producer(other);
    if (log != null && Unary.LOG.equals(log.function())) {
      Step sum = binary(log.in()[0], Kind.ADD, 1);
      Step exp = sum == null ? null : unary(sum.in()[0], Unary.EXP);
      Step neg = exp == null ? null : unary(exp.in()[0], Unary.NEG);
      Step abs = neg == null ? null : unary(neg.in()[0], Unary.ABS);
      return abs != null && abs.in()[0] == x ? new Softplus() : null;
    }
    Step product = binary(other, Kind.MUL, Double.NaN);
    double factor = product == null ? Double.NaN : graph.fact(product.in()[1]).scalar();
    if (!Double.isFinite(factor)) {
      return null;
    }
    if (isLow(product.in()[0], x)) {
      return new LeakyReLU(factor);
    }
    Step difference = binary(product.in()[0], Kind.SUB, 1);
    Step exp = difference == null ? null : unary(difference.in()[0], Unary.EXP);
    return exp != null && isLow(exp.in()[0], x) ? new ELU(factor) : null;
  }

  /** Whether a value is min(x, 0). */
  private boolean isLow(int slot, int x) {
    Step low = binary(slot, Kind.MIN, 0);
    return low != null && low.in()[0] == x;
  }

  /** Whether a value is 1 + e^−x. */
  private boolean isOnePlusExp(int slot, int x) {
    Step sum = binary(slot, Kind.ADD, 1);
    Step exp = sum == null ? null : unary(sum.in()[0], Unary.EXP);
    Step neg = exp == null ? null : unary(exp.in()[0], Unary.NEG);
    return neg != null && neg.in()[0] == x;
  }

  /** Whether a value is z·Q(z) with z = min(|x|, 40), as {@link Gelu} has it. */
  private boolean isTail(int x, int slot) {
    Step product = binary(slot, Kind.MUL, Double.NaN);
    if (product == null) {
      return false;
    }
    int z = product.in()[0];
    Step smaller = binary(z, Kind.MIN, Gelu.MAX);
    Step abs = smaller == null ? null : unary(smaller.in()[0], Unary.ABS);
    Step tail = binary(product.in()[1], Kind.MUL, Double.NaN);
    Step exp = tail == null ? null : unary(tail.in()[0], Unary.EXP);
    Step ratio = tail == null ? null : binary(tail.in()[1], Kind.DIV, Double.NaN);
    return abs != null
        && abs.in()[0] == x
        && exp != null
        && isHalfSquare(exp.in()[0], z)
        && ratio != null
        && isSum(ratio.in()[1], z, 1)
        && isPolynomial(ratio.in()[0], z);
  }

  /** Whether a value is −z²/2. */
  private boolean isHalfSquare(int slot, int z) {
    Step half = binary(slot, Kind.MUL, -0.5);
    Step square = half == null ? null : binary(half.in()[0], Kind.MUL, Double.NaN);
    return square != null && square.in()[0] == z && square.in()[1] == z;
  }

  private boolean isSum(int slot, int z, double constant) {
    Step sum = binary(slot, Kind.ADD, constant);
    return sum != null && sum.in()[0] == z;
  }

  /** Whether a value is the polynomial of u = (z − 5)/(z + 5), from the inside out. */
  private boolean isPolynomial(int slot, int z) {
    double[] p = Gelu.tail();
    int sum = slot;
    for (int k = 0; k < p.length - 1; k++) {
      Step addition = binary(sum, Kind.ADD, p[k]);
      Step product = addition == null ? null : binary(addition.in()[0], Kind.MUL, Double.NaN);
      Step u = product == null ? null : binary(product.in()[1], Kind.DIV, Double.NaN);
      Step above = u == null ? null : binary(u.in()[0], Kind.SUB, Gelu.CENTRE);
      if (above == null || above.in()[0] != z || !isSum(u.in()[1], z, Gelu.CENTRE)) {
        return false;
      }
      sum = product.in()[0];
    }
    return graph.fact(sum).scalar() == p[p.length - 1];
  }

  /** The step that gives a value if it is this function of two, the second a number unless NaN. */
  private Step binary(int slot, Kind kind, double second) {
    Step step = graph.producer(slot);
    boolean fits = step != null && step.function() instanceof Binary b && b.is(kind);
    return fits && (Double.isNaN(second) || graph.fact(step.in()[1]).scalar() == second)
        ? step
        : null;
  }

  private Step unary(int slot, Unary function) {
    Step step = graph.producer(slot);
    return step != null && function.equals(step.function()) ? step : null;
  }
}
