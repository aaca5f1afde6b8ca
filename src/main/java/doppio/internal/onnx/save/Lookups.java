package doppio.internal.onnx.save;

import static doppio.internal.onnx.save.Emitter.attributes;

import doppio.internal.onnx.ElementType;
import doppio.nn.ColumnEmbeddings;
import doppio.nn.Embedding;
import java.util.ArrayList;
import java.util.List;

/** The rows of what looks indices up, which are of the graph's kind of numbers before. */
final class Lookups {
  private Lookups() {}

  static String embedding(Emitter e, Embedding m, Value x) {
    String index = e.node("Cast", attributes("to", (long) ElementType.INT64.code()), x.name());
    return e.node("Gather", e.tensor("weight", m.weight().value()), index);
  }

  /** The runs of numbers between the indices, and the tables' rows, side by side. */
  static String columns(Emitter e, ColumnEmbeddings m, Value x) {
    List<String> parts = new ArrayList<>();
    int[] columns = m.columns();
    int from = 0;
    for (int k = 0; k <= columns.length; k++) {
      int to = k < columns.length ? columns[k] : m.inFeatures();
      if (from < to) {
        parts.add(slice(e, x, from, to));
      }
      if (k < columns.length) {
        int[] one = x.shape().clone();
        one[one.length - 1] = 1;
        Value index = new Value(slice(e, x, to, to + 1), one);
        String name = Integer.toString(k);
        Value rows = e.module(name, m.children().get(name), index);
        parts.add(e.node("Squeeze", rows.name(), e.wholes(-2)));
      }
      from = to + 1;
    }
    return e.node("Concat", attributes("axis", -1L), parts.toArray(new String[0]));
  }

  private static String slice(Emitter e, Value x, int from, int to) {
    return e.node("Slice", x.name(), e.wholes(from), e.wholes(to), e.wholes(-1));
  }
}
