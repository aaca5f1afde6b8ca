package doppio.model;

import doppio.internal.state.JsonWriter;
import doppio.model.Architecture.Node;
import doppio.model.Architecture.Stream;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/** Writes an architecture as JSON; what is as usual is left out. */
final class ArchitectureWriter {
  private ArchitectureWriter() {}

  static String write(Architecture architecture) {
    StringJoiner fields = new StringJoiner(",", "{", "}");
    fields.add(field("version", Architecture.VERSION));
    fields.add(field("model", node(architecture.root)));
    if (!architecture.frozen.isEmpty()) {
      fields.add(field("frozen", list(architecture.frozen, JsonWriter::quote)));
    }
    return fields.toString();
  }

  private static String node(Node node) {
    StringJoiner fields = new StringJoiner(",", "{", "}");
    if (node.same != null) {
      return fields.add(field("same", JsonWriter.quote(node.same))).toString();
    }
    fields.add(field(node.isOwn ? "own" : "type", JsonWriter.quote(node.type)));
    if (!node.isTraining) {
      fields.add(field("training", false));
    }
    add(fields, "settings", node.settings, ArchitectureWriter::setting);
    add(fields, "parameters", node.parameters, JsonWriter::quote);
    add(fields, "buffers", node.buffers, JsonWriter::quote);
    add(fields, "generators", node.generators, ArchitectureWriter::stream);
    add(fields, "children", node.children, ArchitectureWriter::node);
    return fields.toString();
  }

  private static <T> void add(
      StringJoiner fields, String name, Map<String, T> map, Function<T, String> value) {
    if (!map.isEmpty()) {
      StringJoiner entries = new StringJoiner(",", "{", "}");
      map.forEach((key, v) -> entries.add(field(key, value.apply(v))));
      fields.add(field(name, entries));
    }
  }

  private static String setting(Object value) {
    if (value instanceof List<?> list) {
      return list(list, ArchitectureWriter::setting);
    }
    if (value instanceof String text) {
      return JsonWriter.quote(text);
    }
    if (value instanceof Double number && !Double.isFinite(number)) {
      return "{" + field("number", JsonWriter.quote(number.toString())) + "}";
    }
    return value.toString();
  }

  private static String stream(Stream stream) {
    String number = field("stream", stream.number());
    return "{" + number + (stream.isSingle() ? "," + field("single", true) : "") + "}";
  }

  private static <T> String list(List<T> list, Function<? super T, String> value) {
    StringJoiner elements = new StringJoiner(",", "[", "]");
    list.forEach(v -> elements.add(value.apply(v)));
    return elements.toString();
  }

  private static String field(String name, Object json) {
    return JsonWriter.quote(name) + ":" + json;
  }
}
