package doppio.data;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import java.util.Arrays;
import java.util.Objects;

/**
 * Gives each feature mean 0 and standard deviation 1, as measured on a training set: (x − mean) /
 * std.
 *
 * <p>A feature is one place in a sample: inputs {@code [n, f]} have f of them, images {@code [n, h,
 * w]} have h·w. The standard deviation is that of the population, √(Σ(x − mean)² / n). A feature
 * that never varies has std 0; it is shifted, not scaled. So is one that varies by rounding alone,
 * as 0.3 and 0.1 + 0.2 do: its std is within n times the relative precision of a double, 2⁻⁵², of
 * its mean, as in scikit-learn's {@code StandardScaler}, but within 32 times where n is larger.
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
   * @throws IllegalArgumentException if a mean is not finite, or a standard deviation is negative
   *     or not finite
   */
  public Standardizer {
    Objects.requireNonNull(std, "std");
    if (!mean.sameShape(std)) {
      throw new ShapeException(
          "mean and std need the same shape, got "
              + Shapes.text(mean)
              + " and "
              + Shapes.text(std));
    }
    for (int j = 0; j < std.size(); j++) {
      require(Double.isFinite(mean.data()[j]), "mean must be finite", mean, j);
      require(!(std.data()[j] == Double.POSITIVE_INFINITY), "std must be finite", std, j);
      require(std.data()[j] >= 0, "std must not be negative", std, j);
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
    Tensor mean = Tensor.zeros(training.inputShape());
    Tensor std = Tensor.zeros(training.inputShape());
    FeatureMoments[] features = moments(training.inputs().data(), n, mean.size());
    for (int j = 0; j < features.length; j++) {
      mean.data()[j] = features[j].mean();
      std.data()[j] = features[j].std();
    }
    return new Standardizer(mean, std);
  }

  /** Goes over the rows thrice, each time as they lie in memory. */
  private static FeatureMoments[] moments(double[] x, int n, int count) {
    double[] largest = new double[count];
    for (int from = 0; from < x.length; from += count) {
      for (int j = 0; j < count; j++) {
        largest[j] = Math.max(largest[j], Math.abs(x[from + j]));
      }
    }
    FeatureMoments[] features = new FeatureMoments[count];
    for (int j = 0; j < count; j++) {
      if (!Double.isFinite(largest[j])) {
        throw new IllegalArgumentException("feature " + j + " holds values that are not finite");
      }
      features[j] = new FeatureMoments(x[j], largest[j], n);
    }
    for (int from = 0; from < x.length; from += count) {
      for (int j = 0; j < count; j++) {
        features[j].addToMean(x[from + j]);
      }
    }
    for (FeatureMoments feature : features) {
      feature.takeMean();
    }
    for (int from = 0; from < x.length; from += count) {
      for (int j = 0; j < count; j++) {
        features[j].addToSpread(x[from + j]);
      }
    }
    return features;
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
              + Shapes.text(sample)
              + " does not fit inputs "
              + Shapes.text(shape));
    }
    Tensor result = inputs.copy();
    double[] x = result.data();
    double[] m = mean.data();
    double[] s = std.data();
    for (int from = 0; from < x.length; from += m.length) {
      for (int j = 0; j < m.length; j++) {
        x[from + j] = standardized(x[from + j], m[j], s[j] == 0 ? 1 : s[j]);
      }
    }
    return result;
  }

  /** (x − mean) / std, in halves where the difference overflows. */
  private static double standardized(double x, double mean, double std) {
    double difference = x - mean;
    return Double.isInfinite(difference) ? (x / 2 - mean / 2) / (std / 2) : difference / std;
  }

  private static void require(boolean fits, String what, Tensor figures, int feature) {
    if (!fits) {
      throw new IllegalArgumentException(
          what + ", got " + figures.data()[feature] + " for feature " + feature);
    }
  }

  /** A sample's shape. */
  @Override
  public String toString() {
    return "Standardizer(features " + Shapes.text(mean) + ")";
  }
}
