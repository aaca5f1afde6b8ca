package doppio.metric;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.internal.Shapes;
import doppio.nn.Module;
import java.util.Objects;

/** What a model says of a whole data set, computed by {@link Module#infer} batch by batch. */
public final class Predictions {
  private static final int BATCH = 256;

  private Predictions() {}

  /**
   * The predictions {@code [n, ...]}, in the data set's order; the model's mode does not matter.
   *
   * @throws ShapeException if the model does not take the inputs
   */
  public static Tensor of(Module model, Dataset data) {
    return of(model, data, BATCH);
  }

  /**
   * The predictions {@code [n, ...]}, in the data set's order, so many samples at a time.
   *
   * @throws ShapeException if the model does not take the inputs, or returns a batch of another
   *     size
   * @throws IllegalArgumentException if {@code batchSize < 1}
   */
  public static Tensor of(Module model, Dataset data, int batchSize) {
    DataLoader loader = new DataLoader(Objects.requireNonNull(data, "data"), batchSize);
    if (data.size() == 0) {
      return model.infer(data.inputs());
    }
    Tensor all = null;
    int done = 0;
    for (Batch batch : loader) {
      Tensor part = Objects.requireNonNull(model.infer(batch.inputs()), "output of model");
      if (part.rank() == 0 || part.dim(0) != batch.size()) {
        throw new ShapeException(
            "expected predictions of shape ["
                + batch.size()
                + ", ...] but the model returned "
                + Shapes.text(part));
      }
      if (all == null) {
        int[] shape = part.shape();
        shape[0] = data.size();
        all = Tensor.zeros(shape);
      }
      System.arraycopy(part.data(), 0, all.data(), done, part.size());
      done += part.size();
    }
    return all;
  }
}
