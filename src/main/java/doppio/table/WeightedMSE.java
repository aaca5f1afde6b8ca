package doppio.table;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Total;
import doppio.loss.Loss;
import doppio.nn.Description;
import java.util.Arrays;

/** The mean of w·(ŷ − y)² for predictions {@code [n, 1]} and targets {@code [n, 2]} of y and w. */
final class WeightedMSE extends Loss {
  @Override
  protected void check(Tensor prediction, Tensor target) {
    int n = prediction.size();
    if (!Arrays.equals(prediction.shape(), new int[] {n, 1})
        || !Arrays.equals(target.shape(), new int[] {n, 2})) {
      throw new ShapeException(
          "expected a network with one output but its outputs have shape "
              + Arrays.toString(prediction.shape()));
    }
  }

  @Override
  protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
    int n = prediction.size();
    Total sum = new Total(n);
    for (int i = 0; i < n; i++) {
      double w = target.data()[2 * i + 1];
      double d = prediction.data()[i] - target.data()[2 * i];
      sum.add(w * d * d);
      gradient.data()[i] = 2 * w * d / n;
    }
    return reduced(sum.value());
  }

  @Override
  public Description<WeightedMSE> describe() {
    return Description.of(parts -> new WeightedMSE());
  }
}
