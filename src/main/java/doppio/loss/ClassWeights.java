package doppio.loss;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import doppio.internal.Signs;
import doppio.internal.Total;
import java.util.Arrays;

/** What classes count: one number each, null where all count alike. */
final class ClassWeights {
  /** The setting's name in a description. */
  static final String SETTING = "weight";

  private ClassWeights() {}

  /**
   * A copy of weights that can be used.
   *
   * @throws IllegalArgumentException if one is negative or not finite, or none is above 0
   */
  static double[] checked(double[] weights) {
    boolean any = false;
    for (int c = 0; c < weights.length; c++) {
      if (!(weights[c] >= 0 && weights[c] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "class weights must be finite and not negative, got " + weights[c] + " for class " + c);
      }
      any |= weights[c] > 0;
    }
    if (!any) {
      throw new IllegalArgumentException(
          "class weights must not all be 0, got " + Arrays.toString(weights));
    }
    return weights.clone();
  }

  /**
   * Refuses predictions, called so in the message, that have another number of classes.
   *
   * @param weights null for none
   */
  static void requireFor(Loss loss, double[] weights, String predictions, Tensor prediction) {
    if (weights != null && weights.length != prediction.dim(-1)) {
      throw new ShapeException(
          loss
              + " has "
              + weights.length
              + " class weights and expects "
              + predictions
              + Signs.text(" […, ")
              + weights.length
              + "] but got "
              + Shapes.text(prediction));
    }
  }

  /** The weights of the class indices that are not ignored, added up. */
  static double sum(double[] weights, Tensor target, double ignored) {
    Total sum = new Total(target.size());
    for (double y : target.data()) {
      if (y != ignored) {
        sum.add(of(weights, (int) y));
      }
    }
    return sum.value();
  }

  /** The weight of class c. */
  static double of(double[] weights, int c) {
    return weights == null ? 1 : weights[c];
  }
}
