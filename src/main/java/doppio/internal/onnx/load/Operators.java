package doppio.internal.onnx.load;

import doppio.internal.onnx.OnnxNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The table of all operators that can be read. */
final class Operators {
  private static final Map<String, Operator> BY_NAME = new TreeMap<>();

  static {
    ElementRows.addTo(BY_NAME);
    LayerRows.addTo(BY_NAME);
    ProductRows.addTo(BY_NAME);
    RecurrentRows.addTo(BY_NAME);
    ShapeRows.addTo(BY_NAME);
    ArrangementRows.addTo(BY_NAME);
  }

  private Operators() {}

  /**
   * The operator of a node.
   *
   * @throws IllegalArgumentException if it is not supported; names the node, and what is
   */
  static Operator of(OnnxNode node) {
    Operator operator = node.domain().isEmpty() ? BY_NAME.get(node.operator()) : null;
    if (operator == null) {
      throw new IllegalArgumentException(
          node.title() + " is not supported; supported are " + String.join(", ", names()));
    }
    return operator;
  }

  /** The names of all. */
  static Set<String> names() {
    return BY_NAME.keySet();
  }
}
