package doppio.nn;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import doppio.internal.Signs;

/**
 * Fills tensors with initial values, as {@code torch.nn.init} does; each method returns its tensor.
 *
 * <p>fan_in is the number of inputs of a weight {@code [out, in]}, fan_out that of its outputs; for
 * a weight {@code [out, in, kernel…]} both are multiplied by the size of the kernel. Sources: He et
 * al., "Delving deep into rectifiers" (2015), equation 10 for Kaiming; Glorot and Bengio,
 * "Understanding the difficulty of training deep feedforward neural networks" (2010), equation 16
 * for Xavier.
 */
public final class Init {
  /** Above it ranges and normal numbers may overflow. */
  private static final double LARGEST_GAIN = 1e300;

  private Init() {}

  /** Which of a weight's sizes Kaiming's variance is divided by. */
  public enum Fan {
    /** fan_in: the outputs keep the variance of the inputs. */
    IN,
    /** fan_out: the gradients keep their variance on the way back. */
    OUT
  }

  /**
   * U(−b, b) with b = gain · √(3 / fan_in), gain = √(2 / (1 + a²)): a is the slope of a leaky ReLU.
   */
  public static Tensor kaimingUniform(Tensor weight, double a, Generator generator) {
    return kaimingUniform(weight, a, Fan.IN, generator);
  }

  /** The same with b = gain · √(3 / fan), for either fan. */
  public static Tensor kaimingUniform(Tensor weight, double a, Fan fan, Generator generator) {
    double bound = Math.sqrt(3) * kaimingStd(weight, a, fan);
    return uniform(weight, -bound, bound, generator);
  }

  /** N(0, gain² / fan_in) with gain = √(2 / (1 + a²)): a is the slope of a leaky ReLU. */
  public static Tensor kaimingNormal(Tensor weight, double a, Generator generator) {
    return kaimingNormal(weight, a, Fan.IN, generator);
  }

  /** The same as N(0, gain² / fan), for either fan. */
  public static Tensor kaimingNormal(Tensor weight, double a, Fan fan, Generator generator) {
    return normal(weight, 0, kaimingStd(weight, a, fan), generator);
  }

  /**
   * U(−b, b) with b = gain · √(6 / (fan_in + fan_out)).
   *
   * @throws IllegalArgumentException if the gain is negative, not finite or above 1e300
   */
  public static Tensor xavierUniform(Tensor weight, double gain, Generator generator) {
    double bound = Math.sqrt(3) * xavierStd(weight, gain);
    return uniform(weight, -bound, bound, generator);
  }

  /**
   * N(0, gain² · 2 / (fan_in + fan_out)).
   *
   * @throws IllegalArgumentException if the gain is negative, not finite or above 1e300
   */
  public static Tensor xavierNormal(Tensor weight, double gain, Generator generator) {
    return normal(weight, 0, xavierStd(weight, gain), generator);
  }

  /**
   * U(low, high).
   *
   * @throws IllegalArgumentException if low is above high, or one of them or high − low is not
   *     finite
   */
  public static Tensor uniform(Tensor t, double low, double high, Generator generator) {
    generator.uniform(t.data(), low, high);
    return t;
  }

  /**
   * N(mean, std²).
   *
   * @throws IllegalArgumentException if std is negative or one of them is not finite
   */
  public static Tensor normal(Tensor t, double mean, double std, Generator generator) {
    if (!(std >= 0) || !Double.isFinite(mean + std)) {
      throw new IllegalArgumentException(
          "mean and std must be finite, std not negative, got " + mean + " and " + std);
    }
    generator.normal(t.data(), mean, std);
    return t;
  }

  /**
   * N(mean, std²) without what lies below low or above high; these are values, not multiples of std
   * (PyTorch's are −2 and 2 unless told otherwise). See {@link Generator#truncatedNormal}.
   *
   * @throws IllegalArgumentException if std is not positive, low is above high, or mean lies more
   *     than two std outside of them
   */
  public static Tensor truncatedNormal(
      Tensor t, double mean, double std, double low, double high, Generator generator) {
    generator.truncatedNormal(t.data(), mean, std, low, high);
    return t;
  }

  /** Every element equal to the value. */
  public static Tensor constant(Tensor t, double value) {
    return t.fill(value);
  }

  // The order of operations is PyTorch's: the bounds, and so the values, agree to the bit.
  private static double kaimingStd(Tensor weight, double a, Fan fan) {
    Require.finite("a", a);
    double square = a * a;
    double gain =
        Double.isInfinite(square) ? Math.sqrt(2) / Math.abs(a) : Math.sqrt(2 / (1 + square));
    return gain / Math.sqrt(fan(weight, fan == Fan.IN ? 1 : 0));
  }

  private static double xavierStd(Tensor weight, double gain) {
    Require.finite("gain", gain);
    Require.notNegative("gain", gain);
    if (gain > LARGEST_GAIN) {
      throw new IllegalArgumentException("gain must be at most " + LARGEST_GAIN + ", got " + gain);
    }
    return gain * Math.sqrt(2 / ((double) fan(weight, 1) + fan(weight, 0)));
  }

  private static int fan(Tensor weight, int dimension) {
    if (weight.rank() < 2 || weight.size() == 0) {
      throw new ShapeException(
          Signs.text("expected a weight [out, in] or [out, in, kernel…] but got ")
              + Shapes.text(weight));
    }
    return weight.dim(dimension) * (weight.size() / (weight.dim(0) * weight.dim(1)));
  }
}
