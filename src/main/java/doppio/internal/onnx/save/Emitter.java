package doppio.internal.onnx.save;

import doppio.Tensor;
import doppio.internal.onnx.ElementType;
import doppio.internal.onnx.OnnxAttribute;
import doppio.internal.onnx.OnnxWriter;
import doppio.nn.Module;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the rows of the table write with: nodes, constants, and the modules below. */
final class Emitter {
  private final OnnxWriter out;
  private final boolean isDouble;
  private final Modules modules;
  private final IdentityHashMap<double[], String> written = new IdentityHashMap<>();
  private final Map<Double, String> scalars = new HashMap<>();
  private String path = "";
  private int count;

  /** Writes a module that stands at a path. */
  @FunctionalInterface
  interface Modules {
    Value emit(Emitter e, Module module, Value x, String path);
  }

  Emitter(OnnxWriter out, boolean isDouble, Modules modules) {
    this.out = out;
    this.modules = modules;
    this.isDouble = isDouble;
  }

  /** Whether numbers are doubles, for which ONNX Runtime lacks some operators. */
  boolean isDouble() {
    return isDouble;
  }

  /** Writes a module, which is the child of a name; empty for the outermost. */
  Value module(String name, Module module, Value x) {
    String before = path;
    path = path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
    Value y = modules.emit(this, module, x, path);
    path = before;
    return y;
  }

  /** Writes a node. Returns the name of its result. */
  String node(String operator, List<OnnxAttribute> attributes, String... inputs) {
    String result =
        (path.isEmpty() ? "" : path + ".") + operator.toLowerCase(Locale.ROOT) + "_" + count++;
    out.node(result, operator, List.of(inputs), result, attributes);
    return result;
  }

  String node(String operator, String... inputs) {
    return node(operator, List.of(), inputs);
  }

  /** The name of a tensor that the module at the present path has under a name. */
  String tensor(String name, Tensor values) {
    return written.computeIfAbsent(
        values.data(),
        data -> {
          String full = path.isEmpty() ? name : path + "." + name;
          out.tensor(full, values);
          return full;
        });
  }

  /** The name of a tensor that no module has. */
  String constant(Tensor values) {
    String name = "constant_" + count++;
    out.constant(name, values);
    return name;
  }

  /** The name of a number. */
  String constant(double value) {
    return scalars.computeIfAbsent(value, v -> constant(Tensor.full(v)));
  }

  /** The name of a list of whole numbers. */
  String wholes(long... values) {
    Tensor tensor = Tensor.zeros(values.length);
    for (int i = 0; i < values.length; i++) {
      tensor.data()[i] = values[i];
    }
    return wholes(tensor);
  }

  /** The name of a whole number. */
  String whole(long value) {
    return wholes(Tensor.full((double) value));
  }

  private String wholes(Tensor values) {
    String name = "constant_" + count++;
    out.tensor(name, values, ElementType.INT64);
    return name;
  }

  /** A list of attributes: names and their values by turns. */
  static List<OnnxAttribute> attributes(Object... pairs) {
    List<OnnxAttribute> attributes = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      attributes.add(new OnnxAttribute((String) pairs[i], pairs[i + 1]));
    }
    return attributes;
  }

  /** What a module gives for a value, under a name that has been written. */
  static Value result(Module module, Value x, String name) {
    return new Value(name, module.infer(Tensor.zeros(x.shape())).shape());
  }
}
