package doppio.internal.onnx.load;

import doppio.Tensor;
import doppio.internal.onnx.ErrorFunction;
import java.util.function.DoubleUnaryOperator;

/** A function of each number by itself. */
final class Unary extends Function {
  static final Unary ABS = new Unary(Math::abs, (x, y) -> Math.signum(x));
  static final Unary NEG = new Unary(x -> -x, (x, y) -> -1);
  static final Unary EXP = new Unary(StrictMath::exp, (x, y) -> y);
  static final Unary LOG = new Unary(StrictMath::log, (x, y) -> 1 / x);
  static final Unary SQRT = new Unary(Math::sqrt, (x, y) -> 0.5 / y);
  static final Unary ERF = new Unary(ErrorFunction::of, (x, y) -> ErrorFunction.slope(x));
  static final Unary SOFTSIGN =
      new Unary(x -> x / (1 + Math.abs(x)), (x, y) -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x))));
  static final Unary HARD_SWISH =
      new Unary(
          x -> x * Math.max(0, Math.min(1, x / 6 + 0.5)),
          (x, y) -> x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5);

  /** What {@code Cast} does to whole numbers. */
  static final Unary TRUNCATED = new Unary(x -> x < 0 ? Math.ceil(x) : Math.floor(x), null);

  /** What {@code Cast} does to truth values. */
  static final Unary TRUTH = new Unary(x -> x == 0 ? 0 : 1, null);

  private final DoubleUnaryOperator value;
  private final Slope slope;

  /** The derivative at x, where the value is y. */
  @FunctionalInterface
  interface Slope {
    double at(double x, double y);
  }

  Unary(DoubleUnaryOperator value, Slope slope) {
    this.value = value;
    this.slope = slope;
  }

  static Unary clip(double min, double max) {
    return new Unary(x -> Math.min(Math.max(x, min), max), (x, y) -> x >= min && x <= max ? 1 : 0);
  }

  static Unary hardSigmoid(double alpha, double beta) {
    return new Unary(
        x -> Math.max(0, Math.min(1, alpha * x + beta)), (x, y) -> y > 0 && y < 1 ? alpha : 0);
  }

  static Unary selu(double alpha, double gamma) {
    return new Unary(
        x -> x > 0 ? gamma * x : gamma * alpha * StrictMath.expm1(x),
        (x, y) -> x > 0 ? gamma : y + gamma * alpha);
  }

  @Override
  int[] shape(Argument[] in) {
    return in[0].shape();
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    double[] x = in[0].data();
    double[] values = y.data();
    for (int i = 0; i < x.length; i++) {
      values[i] = value.applyAsDouble(x[i]);
    }
  }

  @Override
  boolean hasGradient() {
    return slope != null;
  }

  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    double[] x = in[0].data();
    for (int i = 0; i < x.length; i++) {
      gx.data()[i] = gy.data()[i] * slope.at(x[i], y.data()[i]);
    }
  }
}
