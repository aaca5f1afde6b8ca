package doppio.train;

import doppio.Tensor;
import doppio.data.Batch;
import doppio.internal.Observer;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/** Finds where a loss that is not finite came from: the data, else the first layer that has it. */
final class Diagnosis {
  private final int[] rows;
  private String layer;

  /** What was found; null while nothing was. */
  private String cause;

  private Diagnosis(int[] rows) {
    this.rows = rows;
  }

  /**
   * The exception for a loss.
   *
   * @param number the batch's, counted from 1
   */
  static NonFiniteLossException of(double value, int number, Step step) {
    Batch batch = step.batch();
    Diagnosis d = new Diagnosis(step.rows());
    d.lookAt("inputs", batch.inputs());
    if (d.cause == null) {
      d.lookAt("targets", batch.targets());
    }
    if (d.cause == null) {
      d.walk(step.model(), batch.inputs());
    }
    if (d.cause == null) {
      d.cause =
          "data, parameters and the outputs of all layers in evaluation mode are finite, so it"
              + " comes from "
              + step.loss()
              + " itself, the L2 term, or what a layer does in training alone";
    }
    return new NonFiniteLossException(value, step.epoch() + 1, number, d.layer, d.cause);
  }

  private void lookAt(String what, Tensor part) {
    int i = firstNonFinite(part);
    if (i >= 0) {
      int width = part.size() / part.dim(0);
      cause =
          "the "
              + what
              + " of the training data have "
              + part.data()[i]
              + " in row "
              + rows[i / width]
              + (part.rank() == 1 ? "" : ", " + place(part, i % width));
    }
  }

  private static String place(Tensor all, int offset) {
    if (all.rank() == 2) {
      return "column " + offset;
    }
    int[] shape = all.shape();
    return "element " + index(Arrays.copyOfRange(shape, 1, shape.length), offset);
  }

  /** Lets the model infer, and looks at the parameters and the output of each module it sees. */
  private void walk(Module model, Tensor x) {
    IdentityHashMap<Module, String> paths = new IdentityHashMap<>();
    model.namedModules().forEach((path, module) -> paths.put(module, path));
    new Observer() {
      @Override
      public void output(Object seen, Tensor in, Tensor out) {
        if (cause == null) {
          look((Module) seen, paths.getOrDefault(seen, ""), out);
        }
      }
    }.during(() -> look(model, "", model.infer(x)));
  }

  private void look(Module module, String path, Tensor y) {
    if (cause != null) {
      return;
    }
    String name =
        module.children().isEmpty() ? module.toString() : module.getClass().getSimpleName();
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
    }
  }

  private static String at(Tensor t, int i) {
    return t.data()[i] + " at " + index(t.shape(), i);
  }

  private static String index(int[] shape, int offset) {
    int[] index = new int[shape.length];
    int rest = offset;
    for (int d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % shape[d];
      rest /= shape[d];
    }
    return Arrays.toString(index);
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
