package doppio.internal.onnx.save;

import static doppio.internal.onnx.save.Emitter.attributes;

import doppio.Tensor;
import doppio.internal.onnx.OnnxAttribute;
import doppio.nn.LastStep;
import doppio.nn.MeanOverSteps;
import doppio.nn.Module;
import doppio.nn.Parts;
import java.util.List;

/** The rows of layers for sequences. The format has the steps before the batch. */
final class Sequences {
  private static final long[] SWAPPED = {1, 0, 2};

  private Sequences() {}

  /**
   * A recurrent layer: a node for each of its layers, both directions in one.
   *
   * @param order for each gate of the format its place among PyTorch's
   */
  static String recurrent(Emitter e, Module m, Value x, String operator, int... order) {
    Parts s = Parts.of(m);
    long hidden = s.integer("hiddenSize");
    boolean both = s.flag("bidirectional");
    List<OnnxAttribute> settings = attributes("hidden_size", hidden);
    if (both) {
      settings.addAll(attributes("direction", "bidirectional"));
    }
    if (operator.equals("GRU")) {
      settings.addAll(attributes("linear_before_reset", 1L));
    }
    String y = e.node("Transpose", attributes("perm", SWAPPED), x.name());
    for (int layer = 0; layer < s.integer("numLayers"); layer++) {
      String w = gates(e, s, "weight_ih_l" + layer, both, order);
      String r = gates(e, s, "weight_hh_l" + layer, both, order);
      y = e.node(operator, settings, y, w, r, biases(e, s, layer, both, order));
      if (both) {
        y = e.node("Transpose", attributes("perm", new long[] {0, 2, 1, 3}), y);
        y = e.node("Reshape", y, e.wholes(0, 0, 2 * hidden));
      } else {
        y = e.node("Squeeze", y, e.wholes(1));
      }
    }
    return e.node("Transpose", attributes("perm", SWAPPED), y);
  }

  /** A weight of each direction, its gates in the format's order. */
  private static String gates(Emitter e, Parts s, String name, boolean both, int... order) {
    Tensor w = s.parameter(name).value();
    Tensor all = Tensor.zeros(both ? 2 : 1, w.dim(0), w.dim(1));
    copy(w, all, 0, order);
    if (both) {
      copy(s.parameter(name + "_reverse").value(), all, w.size(), order);
    }
    return e.tensor(name, all);
  }

  /** Of each direction the bias of the input and the one of the state. */
  private static String biases(Emitter e, Parts s, int layer, boolean both, int... order) {
    int size = s.parameter("bias_ih_l" + layer).value().size();
    Tensor all = Tensor.zeros(both ? 2 : 1, 2 * size);
    for (int i = 0; i < all.size() / size; i++) {
      String name = (i % 2 == 0 ? "bias_ih_l" : "bias_hh_l") + layer + (i < 2 ? "" : "_reverse");
      copy(s.parameter(name).value(), all, i * size, order);
    }
    return e.tensor("bias_l" + layer, all);
  }

  private static void copy(Tensor from, Tensor to, int at, int... order) {
    int block = from.size() / order.length;
    for (int gate = 0; gate < order.length; gate++) {
      System.arraycopy(from.data(), order[gate] * block, to.data(), at + gate * block, block);
    }
  }

  static String lastStep(Emitter e, LastStep m, Value x) {
    return e.node("Gather", attributes("axis", 1L), x.name(), e.whole(-1));
  }

  static String meanOverSteps(Emitter e, MeanOverSteps m, Value x) {
    return e.node("ReduceMean", attributes("axes", new long[] {1}, "keepdims", 0L), x.name());
  }
}
