package doppio.train;

import doppio.internal.Shapes;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.Map;

/**
 * Where a parameter sits in a model, for messages.
 *
 * @param path its name in the model; empty where it is none of the model's
 * @param text the path and the module that it leads to, or the parameter itself
 */
record ParameterPlace(String path, String text) {
  static ParameterPlace of(Module model, Parameter p) {
    for (Map.Entry<String, Parameter> e : model.namedParameters().entrySet()) {
      if (e.getValue().equals(p)) {
        String path = e.getKey();
        String module = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
        return new ParameterPlace(path, path + ", of " + Titles.of(model.get(module)) + ",");
      }
    }
    return new ParameterPlace("", "" + p);
  }

  /** The index, one number a dimension, of a parameter's element at an offset. */
  static String index(Parameter p, int offset) {
    return Shapes.index(p.value().shape(), offset);
  }
}
