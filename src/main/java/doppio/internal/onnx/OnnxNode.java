package doppio.internal.onnx;

import doppio.internal.Allowance;
import doppio.internal.state.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node of a graph: an operator, what it reads and what it gives.
 *
 * @param name its name, often empty
 * @param operator the name of the operator
 * @param domain where the operator is from; empty for the standard
 * @param inputs the names of its arguments, empty where one is left out
 * @param outputs the names of its results
 * @param attributes its settings by name
 */
public record OnnxNode(
    String name,
    String operator,
    String domain,
    List<String> inputs,
    List<String> outputs,
    Map<String, OnnxAttribute> attributes) {
  /** What a name or an attribute costs in memory. */
  private static final int PART = 1 << 7;

  /** What a node costs, with the steps that are made of it. */
  private static final int NODE = 1 << 10;

  static OnnxNode read(ProtoReader in, Allowance allowance) throws IOException {
    allowance.take(NODE);
    String name = "";
    String operator = "";
    String domain = "";
    List<String> inputs = new ArrayList<>(2);
    List<String> outputs = new ArrayList<>(1);
    Map<String, OnnxAttribute> attributes = null;
    while (in.next()) {
      allowance.take(PART);
      switch (in.field()) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 3 -> name = in.text();
        case 4 -> operator = in.text();
        case 5 -> {
          OnnxAttribute attribute = OnnxAttribute.read(in.message());
          attributes = attributes == null ? new LinkedHashMap<>() : attributes;
          attributes.put(attribute.name(), attribute);
        }
        case 7 -> domain = in.text();
        default -> in.skip();
      }
    }
    if (operator.isEmpty() || outputs.isEmpty()) {
      throw new IOException("expected a node with an operator and an output but got " + operator);
    }
    return new OnnxNode(
        name,
        operator,
        domain.equals("ai.onnx") ? "" : domain,
        inputs,
        outputs,
        attributes == null ? Map.of() : attributes);
  }

  /** How messages name it: {@code node "conv1" (Conv)}, or by its output if it has no name. */
  public String title() {
    String own =
        name.isEmpty()
            ? "the node that gives " + JsonWriter.brief(outputs.get(0))
            : "node " + JsonWriter.brief(name);
    String full = domain.isEmpty() ? operator : domain + "." + operator;
    return own + " (" + full + ")";
  }
}
