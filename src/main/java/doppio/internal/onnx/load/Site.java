package doppio.internal.onnx.load;

import doppio.Tensor;
import doppio.internal.onnx.OnnxAttribute;
import doppio.internal.onnx.OnnxList;
import doppio.internal.onnx.OnnxNode;
import doppio.internal.onnx.OnnxTensor;
import doppio.internal.state.JsonWriter;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A node while its steps are made: what it reads, its attributes, and what it gives. */
final class Site {
  private final GraphBuilder builder;
  private final OnnxNode node;

  Site(GraphBuilder builder, OnnxNode node) {
    this.builder = builder;
    this.node = node;
  }

  OnnxNode node() {
    return node;
  }

  GraphBuilder graph() {
    return builder;
  }

  int opset() {
    return builder.opset();
  }

  IllegalArgumentException refuse(String why) {
    return new IllegalArgumentException(node.title() + ": " + why);
  }

  /** Whether there is an input k. */
  boolean has(int k) {
    return k < node.inputs().size() && !node.inputs().get(k).isEmpty();
  }

  /** Where input k lies. */
  int slot(int k) throws IOException {
    if (!has(k)) {
      throw refuse("its input " + k + " is left out");
    }
    return builder.slot(node.inputs().get(k), node.title());
  }

  /** Where all inputs lie. */
  int[] slots() throws IOException {
    int[] slots = new int[node.inputs().size()];
    for (int k = 0; k < slots.length; k++) {
      slots[k] = slot(k);
    }
    return slots;
  }

  Fact fact(int k) throws IOException {
    return builder.fact(slot(k));
  }

  /** Input k, which must not depend on the graph's input. */
  Tensor constant(int k, String what) throws IOException {
    Tensor constant = fact(k).constant();
    if (constant == null) {
      throw refuse("its " + what + " must be a tensor of the file");
    }
    return constant;
  }

  /** Input k as a parameter, of a rank and not empty. */
  Parameter parameter(int k, String what, int rank) throws IOException {
    Tensor constant = constant(k, what);
    if (constant.rank() != rank || constant.size() == 0 || fact(k).whole()) {
      throw refuse(
          "its " + what + " must have rank " + rank + ", got " + Arrays.toString(constant.shape()));
    }
    return builder.parameter(slot(k));
  }

  long integer(String name, long otherwise) {
    return attribute(name, Long.class, otherwise, "a whole number");
  }

  boolean flag(String name, boolean otherwise) {
    return integer(name, otherwise ? 1 : 0) != 0;
  }

  double number(String name, double otherwise) {
    return meant(attribute(name, Double.class, otherwise, "a number"));
  }

  /** A setting as it was before it became a float, unless the file is one of doubles. */
  double meant(double value) {
    return builder.isDouble() ? value : decimal(value);
  }

  /** How much of the new is taken where so much of the old stays: 0.1 for 0.9. */
  double share(double kept) {
    return decimal((float) (1 - decimal(kept)));
  }

  /** The shortest decimal of a float, which is what 1e-5 meant before it became one. */
  static double decimal(double value) {
    float single = (float) value;
    return single == value ? Double.parseDouble(Float.toString(single)) : value;
  }

  /** An attribute that is a text, in capital letters. */
  String text(String name, String otherwise) {
    return attribute(name, String.class, otherwise, "a text").toUpperCase(Locale.ROOT);
  }

  /** An attribute that is a list of texts, in capital letters; empty if it is not there. */
  List<String> texts(String name) {
    List<?> texts = attribute(name, List.class, List.of(), "a list of texts");
    return texts.stream()
        .map(t -> t.toString().toUpperCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableList());
  }

  /** An attribute that is a short list of whole numbers, null if it is not there. */
  long[] integers(String name) throws IOException {
    OnnxList list = attribute(name, OnnxList.class, null, "a list of whole numbers");
    if (list == null) {
      return null;
    }
    if (!list.isWhole() || list.size() > Argument.MOST_WHOLE) {
      throw refuse(
          "attribute " + JsonWriter.brief(name) + " must be a list of a few whole numbers");
    }
    return new Argument(null, list.numbers()).whole();
  }

  /** An attribute that is a list, as a value. */
  int list(String name) throws IOException {
    OnnxList list = attribute(name, OnnxList.class, null, "a list of numbers");
    builder.folding().take(list.size());
    return builder.constant(Tensor.wrap(list.numbers(), list.size()), list.isWhole());
  }

  OnnxTensor tensor(String name) {
    return attribute(name, OnnxTensor.class, null, "a tensor");
  }

  boolean hasAttribute(String name) {
    return node.attributes().containsKey(name);
  }

  /** A whole number that stands for an axis or the like, within an int. */
  int small(String name, long otherwise) {
    long value = integer(name, otherwise);
    if (value != (int) value) {
      throw refuse("attribute " + name + " is " + value);
    }
    return (int) value;
  }

  /** As {@link #integers}, within ints, each of at least a number; null if it is not there. */
  int[] smalls(String name, int least) throws IOException {
    long[] values = integers(name);
    if (values == null) {
      return null;
    }
    int[] result = new int[values.length];
    for (int i = 0; i < result.length; i++) {
      if (values[i] < least || values[i] > Integer.MAX_VALUE) {
        throw refuse("attribute " + name + " is " + Arrays.toString(values));
      }
      result[i] = (int) values[i];
    }
    return result;
  }

  /** Adds a step between. */
  int step(Function function, int... in) {
    return builder.step(function, builder.fact(in[0]).whole(), node.title(), in);
  }

  /** The node's result is that of a function. */
  void give(Function function, int... in) {
    same(step(function, in));
  }

  /** The node's result is that of a function, of whole numbers or not. */
  void give(boolean whole, Function function, int... in) {
    same(builder.step(function, whole, node.title(), in));
  }

  /** The node's result is that of a module. */
  void give(Module module, Function shapes, int in) {
    same(builder.step(module, shapes, in, node.title()));
  }

  /** The node's result lies there already. */
  void same(int slot) {
    builder.name(node.outputs().get(0), slot, node.title());
  }

  /** Whole numbers as a value. */
  int wholes(long... values) {
    double[] data = Arrays.stream(values).asDoubleStream().toArray();
    return builder.constant(Tensor.wrap(data, data.length), true);
  }

  private <T> T attribute(String name, Class<T> type, T otherwise, String expected) {
    OnnxAttribute attribute = node.attributes().get(name);
    if (attribute == null) {
      return otherwise;
    }
    if (!type.isInstance(attribute.value())) {
      throw refuse("attribute " + JsonWriter.brief(name) + " must be " + expected);
    }
    return type.cast(attribute.value());
  }
}
