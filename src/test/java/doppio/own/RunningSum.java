package doppio.own;

import doppio.Tensor;
import doppio.nn.Description;
import doppio.nn.Layer;
import doppio.nn.Steps;
import java.util.Map;

/** y_t = x_0 + … + x_t: a layer that remembers, as a user would write it. */
public final class RunningSum extends Layer {
  private final int width;

  public RunningSum(int width) {
    this.width = width;
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    int rank = inputShape.length;
    if ((rank != 2 && rank != 3) || inputShape[rank - 1] != width) {
      throw refuse("[n, t, " + width + "] or [t, " + width + "]", inputShape);
    }
    return inputShape;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    int whole = x.dim(-2) * width;
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = x.data()[i] + (i % whole < width ? 0 : y.data()[i - width]);
    }
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    int whole = x.dim(-2) * width;
    for (int i = x.size() - 1; i >= 0; i--) {
      gx.data()[i] = gy.data()[i] + (i % whole >= whole - width ? 0 : gx.data()[i + width]);
    }
  }

  @Override
  protected Steps steps() {
    return new Steps() {
      private Tensor sum = Tensor.zeros(1, width);
      private Tensor next = Tensor.zeros(1, width);

      @Override
      public Tensor step(Tensor x) {
        outputShape(x.shape());
        for (int i = 0; i < width; i++) {
          next.data()[i] = x.data()[i] + sum.data()[i];
        }
        return next;
      }

      @Override
      public void advance() {
        Tensor old = sum;
        sum = next;
        next = old;
      }

      @Override
      public Map<String, Tensor> state() {
        return Map.of("sum", sum.copy());
      }

      @Override
      public void load(Map<String, Tensor> state) {
        fill(RunningSum.this, Map.of("sum", sum), state);
      }
    };
  }

  @Override
  public Description<RunningSum> describe() {
    return Description.of(parts -> new RunningSum(parts.integer("width"))).set("width", width);
  }

  @Override
  public String toString() {
    return "RunningSum(" + width + ")";
  }
}
