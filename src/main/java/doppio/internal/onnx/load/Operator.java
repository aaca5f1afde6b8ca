package doppio.internal.onnx.load;

import doppio.internal.onnx.OnnxNode;
import doppio.internal.state.JsonWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An operator that can be read.
 *
 * @param name its name
 * @param least the fewest inputs
 * @param most the most inputs
 * @param attributes the attributes that it may have, in any version
 * @param rule makes the steps of a node
 */
record Operator(String name, int least, int most, Set<String> attributes, Rule rule) {
  /** Any number of inputs. */
  static final int MANY = Integer.MAX_VALUE;

  /** Makes the steps of a node. */
  @FunctionalInterface
  interface Rule {
    void build(Site site) throws IOException;
  }

  /** Makes the steps of a node, after a look at what it has. */
  void build(Site site) throws IOException {
    OnnxNode node = site.node();
    int inputs = node.inputs().size();
    if (inputs < least || inputs > most) {
      throw site.refuse(
          "expected " + least + (most == least ? "" : " to " + most) + " inputs, got " + inputs);
    }
    for (String attribute : node.attributes().keySet()) {
      if (!attributes.contains(attribute)) {
        throw site.refuse(
            "attribute "
                + JsonWriter.brief(attribute)
                + " is not supported; supported are "
                + new TreeSet<>(attributes));
      }
    }
    rule.build(site);
  }

  /** Adds a row: the fewest and the most inputs, how steps are made, the attributes. */
  static void row(
      Map<String, Operator> rows,
      String name,
      int least,
      int most,
      Operator.Rule rule,
      String... attributes) {
    rows.put(name, new Operator(name, least, most, Set.copyOf(Arrays.asList(attributes)), rule));
  }
}
