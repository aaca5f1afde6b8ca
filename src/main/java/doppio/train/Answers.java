package doppio.train;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.data.Samples;
import doppio.internal.Shapes;
import doppio.metric.Predictions;
import doppio.nn.Module;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model's predictions for samples, beside the targets, row by row in the order of the batches.
 * Where targets differ in length each step is a row: those of a batch {@code [n, t, ...]} are
 * {@code [n·t, ...]}.
 */
record Answers(Tensor predictions, Tensor targets) {
  /** The predictions for all samples. */
  static Answers of(Module model, Samples data, int batchSize) {
    if (data instanceof Dataset all) {
      return new Answers(Predictions.of(model, all, batchSize), all.targets());
    }
    return of(model, data, new DataLoader(data, batchSize));
  }

  /** The predictions for the first batch. */
  static Answers ofFirst(Module model, Samples data, int batchSize) {
    int[] rows = new DataLoader(data, batchSize).iterator().nextRows();
    return of(model, data, List.of(data.batch(rows)));
  }

  private static Answers of(Module model, Samples data, Iterable<Batch> batches) {
    int[] shape = data.targetShape();
    boolean steps = shape.length > 0 && shape[0] < 0;
    List<Tensor> predictions = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    for (Batch batch : batches) {
      Tensor y = batch.targets();
      Tensor p = Predictions.of(model, new Dataset(batch.inputs(), y), batch.size());
      if (steps && (p.rank() < 2 || p.dim(1) != y.dim(1))) {
        throw new ShapeException(
            "expected predictions of each step of the targets "
                + Shapes.text(y)
                + " but the model returned "
                + Shapes.text(p));
      }
      predictions.add(steps ? flat(p) : p);
      targets.add(steps ? flat(y) : y);
    }
    return new Answers(joined("predictions", predictions), joined("targets", targets));
  }

  /** {@code [n·t, ...]} of {@code [n, t, ...]}. */
  private static Tensor flat(Tensor t) {
    int[] shape = Arrays.copyOfRange(t.shape(), 1, t.rank());
    shape[0] *= t.dim(0);
    return t.reshape(shape);
  }

  private static Tensor joined(String what, List<Tensor> parts) {
    int[] shape = parts.get(0).shape();
    long rows = 0;
    for (Tensor part : parts) {
      int[] other = part.shape();
      rows += other[0];
      other[0] = shape[0];
      if (!Arrays.equals(other, shape)) {
        throw new ShapeException(
            what
                + " of a validation set need one shape of their rows but have "
                + Shapes.text(parts.get(0))
                + " and "
                + Shapes.text(part));
      }
    }
    shape[0] = Math.toIntExact(rows);
    Tensor all = Tensor.zeros(shape);
    int at = 0;
    for (Tensor part : parts) {
      System.arraycopy(part.data(), 0, all.data(), at, part.size());
      at += part.size();
    }
    return all;
  }
}
