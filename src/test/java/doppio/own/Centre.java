package doppio.own;

import doppio.Tensor;
import doppio.nn.Description;
import doppio.nn.Layer;

/** y = x − a running mean of what training has shown it: a layer with state. */
public final class Centre extends Layer {
  private final Tensor mean;

  public Centre(int features) {
    this(Tensor.zeros(features));
  }

  private Centre(Tensor mean) {
    this.mean = buffer("running_mean", mean);
  }

  @Override
  protected void record(Tensor x, Tensor y) {
    compute(x, y);
    int features = mean.size();
    int rows = x.size() / features;
    for (int i = 0; isTraining() && rows > 0 && i < features; i++) {
      double sum = 0;
      for (int r = 0; r < rows; r++) {
        sum += x.data()[r * features + i];
      }
      mean.data()[i] += 0.1 * (sum / rows - mean.data()[i]);
    }
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = x.data()[i] - mean.data()[i % mean.size()];
    }
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
  }

  @Override
  public Description<Centre> describe() {
    return Description.of(parts -> new Centre(parts.buffer("running_mean")));
  }
}
