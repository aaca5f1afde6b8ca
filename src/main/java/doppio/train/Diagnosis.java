package doppio.train;

import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.data.Samples;
import doppio.internal.Observer;
import doppio.internal.Shapes;
import doppio.metric.Predictions;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Finds where a loss that is not finite came from: the data, else the first layer that has it. */
final class Diagnosis {
  private static final int BATCH = 256;

  /** What the numbers belong to, for the message. */
  private final String set;

  /** The row numbers of what is looked at; null where they count from 0. */
  private final int[] rows;

  private String layer;

  /** Whether all parameters were finite and an output was not. */
  private boolean overflow;

  /** Whether it looks like a training that runs away from finite data and parameters. */
  private boolean likely;

  /** What was found; null while nothing was. */
  private String cause;

  private Diagnosis(String set, int[] rows) {
    this.set = set;
    this.rows = rows;
  }

  /**
   * The exception for a loss.
   *
   * @param number the batch's, counted from 1
   * @param rate the learning rate
   */
  static NonFiniteLossException of(double value, int number, Step step, double rate) {
    Batch batch = step.batch();
    Diagnosis d = new Diagnosis("training data", step.rows());
    d.lookAt("inputs", batch.inputs());
    if (d.cause == null) {
      d.lookAt("targets", batch.targets());
    }
    if (d.cause == null) {
      d.walk(step.model(), batch.inputs());
      d.likely = d.overflow || Double.isInfinite(value);
    }
    if (d.cause == null) {
      d.cause =
          "data, parameters and the outputs of all layers in evaluation mode are finite, so it"
              + " comes from "
              + step.loss()
              + " itself, the L2 term, or what a layer does in training alone";
    }
    if (d.likely) {
      d.cause = d.divergence(batch.inputs(), rate) + d.cause;
    }
    int epoch = step.epoch() + 1;
    String what = "the loss is " + value + " in epoch " + epoch + ", batch " + number;
    return new NonFiniteLossException(value, epoch, number, d.layer, what, d.cause);
  }

  /**
   * The exception for what is NaN on the validation set after an epoch.
   *
   * @param what the name of the number
   * @return null if no input, target or prediction is NaN or infinite, unless there is always to be
   *     an exception
   */
  static NonFiniteLossException of(
      Settings settings, double value, int epoch, String what, boolean always) {
    Module model = settings.model;
    Diagnosis d = each(settings.validation, (at, batch) -> at.lookAt("inputs", batch.inputs()));
    if (d.cause == null) {
      d = each(settings.validation, (at, batch) -> at.lookAt("targets", batch.targets()));
    }
    if (d.cause == null) {
      d = each(settings.validation, (at, batch) -> at.lookAtPredictions(model, batch.inputs()));
    }
    if (d.cause == null && always) {
      d.cause =
          "inputs, targets and predictions are finite, so it comes from "
              + settings.loss
              + " itself or the L2 term";
    }
    return d.cause == null
        ? null
        : new NonFiniteLossException(
            value, epoch, 0, d.layer, "the " + what + " is NaN after epoch " + epoch, d.cause);
  }

  /** Looks at each batch of the validation set until something is found. */
  private static Diagnosis each(Samples data, BiConsumer<Diagnosis, Batch> look) {
    DataLoader.Epoch order = new DataLoader(data, BATCH).iterator();
    Diagnosis d = new Diagnosis("validation set", null);
    while (d.cause == null && order.hasNext()) {
      int[] rows = order.nextRows();
      d = new Diagnosis("validation set", rows);
      look.accept(d, data.batch(rows));
    }
    return d;
  }

  private void lookAtPredictions(Module model, Tensor inputs) {
    Tensor predictions = model.infer(inputs);
    lookAt("predictions", predictions);
    if (cause != null) {
      String where = cause;
      cause = null;
      int size = predictions.size() / predictions.dim(0);
      walk(model, row(inputs, firstNonFinite(predictions) / size));
      cause = cause == null ? where : where + ": " + cause;
    }
  }

  /** One row, as a batch. */
  private static Tensor row(Tensor batch, int row) {
    int[] shape = batch.shape();
    shape[0] = 1;
    int size = batch.size() / batch.dim(0);
    return Tensor.wrap(Arrays.copyOfRange(batch.data(), row * size, (row + 1) * size), shape);
  }

  /**
   * The exception for a validation set whose loss cannot be a number whatever the epochs bring:
   * where its first row with a number that is not finite has no loss already.
   *
   * @return null if nothing of that kind is seen
   */
  static NonFiniteLossException ahead(Settings settings, Dataset data) {
    Diagnosis d = new Diagnosis("validation set", null);
    d.lookAt("inputs", data.inputs());
    Tensor part = d.cause == null ? data.targets() : data.inputs();
    d.lookAt("targets", d.cause == null ? part : Tensor.zeros(0));
    if (d.cause == null) {
      return null;
    }
    int row = firstNonFinite(part) / (part.size() / part.dim(0));
    Dataset one = data.slice(row, row + 1);
    Tensor prediction = Predictions.of(settings.model, one);
    if (!(settings.loss.divisor(prediction, one.targets()) > 0)
        || !Double.isNaN(settings.loss.forward(prediction, one.targets()))) {
      return null;
    }
    return new NonFiniteLossException(
        Double.NaN, 0, 0, null, "the validation loss would be NaN", d.cause);
  }

  /** What most likely drove the numbers up: inputs that are not scaled, then the rate. */
  private String divergence(Tensor inputs, double rate) {
    int largest = 0;
    for (int i = 1; i < inputs.size(); i++) {
      if (Math.abs(inputs.data()[i]) > Math.abs(inputs.data()[largest])) {
        largest = i;
      }
    }
    return "most likely the training diverges: the largest input of the batch is "
        + inputs.data()[largest]
        + " in "
        + place(inputs, largest)
        + ", the learning rate is "
        + rate
        + ", and ";
  }

  private void lookAt(String what, Tensor part) {
    int i = firstNonFinite(part);
    if (i >= 0) {
      cause =
          "the " + what + " of the " + set + " have " + part.data()[i] + " in " + place(part, i);
    }
  }

  /** Where in the data an element of a part of it stands. */
  private String place(Tensor part, int offset) {
    int width = part.size() / part.dim(0);
    int row = offset / width;
    String text = "row " + (rows == null ? row : rows[row]);
    if (part.rank() == 1) {
      return text;
    }
    int[] shape = part.shape();
    return part.rank() == 2
        ? text + ", column " + offset % width
        : text
            + ", element "
            + Shapes.index(Arrays.copyOfRange(shape, 1, shape.length), offset % width);
  }

  /** Lets the model infer, and looks at the parameters and the output of each module it sees. */
  private void walk(Module model, Tensor x) {
    IdentityHashMap<Module, String> paths = new IdentityHashMap<>();
    model.namedModules().forEach((path, module) -> paths.put(module, path));
    new Observer() {
      @Override
      public void output(Object seen, Tensor in, Tensor out) {
        look((Module) seen, paths.getOrDefault(seen, ""), out);
      }
    }.during(() -> look(model, "", model.infer(x)));
  }

  private void look(Module module, String path, Tensor y) {
    if (cause != null) {
      return;
    }
    String name = Titles.of(module);
    String described = path.isEmpty() ? name : "layer " + path + ", " + name + ",";
    for (Map.Entry<String, Parameter> p : module.namedParameters().entrySet()) {
      int i = firstNonFinite(p.getValue().value());
      if (i >= 0) {
        layer = path;
        cause = described + " has " + at(p.getValue().value(), i) + " of its " + p.getKey();
        return;
      }
    }
    int i = firstNonFinite(y);
    if (i >= 0) {
      layer = path;
      cause = described + " is the first to put out " + at(y, i);
      overflow = true;
    }
  }

  private static String at(Tensor t, int i) {
    return t.data()[i] + " at " + Shapes.index(t.shape(), i);
  }

  private static int firstNonFinite(Tensor t) {
    for (int i = 0; i < t.size(); i++) {
      if (!Double.isFinite(t.data()[i])) {
        return i;
      }
    }
    return -1;
  }
}
