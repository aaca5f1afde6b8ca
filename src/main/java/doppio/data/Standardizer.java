package doppio.data;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;

/**
 * Gives each feature mean 0 and standard deviation 1, as measured on a training set: (x − mean) /
 * std.
 *
 * <p>A feature is one place in a sample: inputs {@code [n, f]} have f of them, images {@code [n, h,
 * w]} have h·w. The standard deviation is that of the population, √(Σ(x − mean)² / n). A feature
 * that never varies has std 0; it is shifted, not scaled.
 *
 * <p>Fit on the training part alone, then apply to every part and to what comes later.
 *
 * @param mean the mean of each feature, of a sample's shape
 * @param std the standard deviation of each feature, of a sample's shape; 0 leaves a feature
 *     unscaled
 */
public record Standardizer(Tensor mean, Tensor std) {
  /**
   * A standardizer of known figures, for example stored ones. The tensors are not copied.
   *
   * @throws ShapeException if their shapes differ
   * @throws IllegalArgumentException if a standard deviation is negative or NaN
   */
  public Standardizer {
    if (!mean.sameShape(std)) {
      throw new ShapeException(
          "mean and std need the same shape, got "
              + Arrays.toString(mean.shape())
              + " and "
              + Arrays.toString(std.shape()));
    }
    for (int j = 0; j < std.size(); j++) {
      if (!(std.data()[j] >= 0)) {
        throw new IllegalArgumentException(
            "std must not be negative, got " + std.data()[j] + " for feature " + j);
      }
    }
  }

  /**
   * Measures the mean and standard deviation of each feature of the inputs.
   *
   * @param training the training part, {@code [n, ...]}
   * @return a standardizer of samples {@code [...]}
   * @throws IllegalArgumentException if the data set is empty, or if a feature holds NaN or
   *     infinite values; the message names the feature
   */
  public static Standardizer fit(Dataset training) {
    int n = training.size();
    if (n == 0) {
      throw new IllegalArgumentException("cannot fit a standardizer on an empty data set");
    }
    int[] inputShape = training.inputs().shape();
    int[] shape = Arrays.copyOfRange(inputShape, 1, inputShape.length);
    Tensor mean = Tensor.zeros(shape);
    Tensor std = Tensor.zeros(shape);
    double[] x = training.inputs().data();
    double[] m = mean.data();
    double[] s = std.data();
    int features = m.length;
    // Differences from the first row: a feature that never varies then has exactly std 0.
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < features; j++) {
        m[j] += x[i * features + j] - x[j];
      }
    }
    for (int j = 0; j < features; j++) {
      m[j] = x[j] + m[j] / n;
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < features; j++) {
        double d = x[i * features + j] - m[j];
        s[j] += d * d;
      }
    }
    for (int j = 0; j < features; j++) {
      s[j] = Math.sqrt(s[j] / n);
      if (!Double.isFinite(s[j])) {
        throw new IllegalArgumentException("feature " + j + " holds values that are not finite");
      }
    }
    return new Standardizer(mean, std);
  }

  /**
   * Computes (x − mean) / std.
   *
   * @param inputs one sample, of the mean's shape, or a batch of them {@code [n, ...]}
   * @return a new tensor of the inputs' shape
   * @throws ShapeException if the samples have another shape
   */
  public Tensor apply(Tensor inputs) {
    int[] shape = inputs.shape();
    int[] sample = mean.shape();
    boolean batch =
        shape.length == sample.length + 1
            && Arrays.equals(shape, 1, shape.length, sample, 0, sample.length);
    if (!batch && !Arrays.equals(shape, sample)) {
      throw new ShapeException(
          "a standardizer of samples "
              + Arrays.toString(sample)
              + " does not fit inputs "
              + Arrays.toString(shape));
    }
    Tensor result = inputs.copy();
    double[] x = result.data();
    double[] m = mean.data();
    double[] s = std.data();
    for (int from = 0; from < x.length; from += m.length) {
      for (int j = 0; j < m.length; j++) {
        x[from + j] = (x[from + j] - m[j]) / (s[j] == 0 ? 1 : s[j]);
      }
    }
    return result;
  }

  /** A sample's shape. */
  @Override
  public String toString() {
    return "Standardizer(features " + Arrays.toString(mean.shape()) + ")";
  }
}
