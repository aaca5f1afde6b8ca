package doppio.internal.onnx.save;

import static doppio.internal.onnx.save.Emitter.attributes;

import doppio.nn.Concat;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Residual;
import doppio.nn.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rows of {@code Linear} and of the modules that are made of others. */
final class Dense {
  private Dense() {}

  static String linear(Emitter e, Linear m, Value x) {
    String w = e.tensor("weight", m.weight().value());
    String b = m.bias() == null ? null : e.tensor("bias", m.bias().value());
    if (x.rank() == 2) {
      List<String> inputs = new ArrayList<>(List.of(x.name(), w));
      if (b != null) {
        inputs.add(b);
      }
      return e.node("Gemm", attributes("transB", 1L), inputs.toArray(new String[0]));
    }
    String transposed = e.node("Transpose", attributes("perm", new long[] {1, 0}), w);
    String y = e.node("MatMul", x.name(), transposed);
    return b == null ? y : e.node("Add", y, b);
  }

  static String sequential(Emitter e, Sequential m, Value x) {
    Value y = x;
    for (Map.Entry<String, Module> child : m.children().entrySet()) {
      y = e.module(child.getKey(), child.getValue(), y);
    }
    return y.name();
  }

  static String residual(Emitter e, Residual m, Value x) {
    Value straight = m.shortcut() == null ? x : e.module("shortcut", m.shortcut(), x);
    return e.node("Add", straight.name(), e.module("body", m.body(), x).name());
  }

  static String concat(Emitter e, Concat m, Value x) {
    List<String> parts = new ArrayList<>();
    int rank = 0;
    for (Map.Entry<String, Module> child : m.children().entrySet()) {
      Value part = e.module(child.getKey(), child.getValue(), x);
      parts.add(part.name());
      rank = part.rank();
    }
    Object named = m.describe().settings().get("dimension");
    int along = named == null ? (rank == 4 ? 1 : -1) : (int) named;
    if (along == 0 || along == -rank) {
      throw new IllegalArgumentException(m + " joins along the batch, which a file cannot say");
    }
    return e.node("Concat", attributes("axis", (long) along), parts.toArray(new String[0]));
  }
}
