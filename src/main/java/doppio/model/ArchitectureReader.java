package doppio.model;

import doppio.internal.Allowance;
import doppio.internal.state.Cursor;
import doppio.internal.state.JsonReader;
import doppio.internal.state.JsonWriter;
import doppio.model.Architecture.Node;
import doppio.model.Architecture.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what {@link ArchitectureWriter} writes, from whoever may have written it. */
final class ArchitectureReader {
  /** What a module costs in memory, and an element of a list or of a map. */
  private static final int MODULE = 1 << 11;

  private static final int ELEMENT = 1 << 8;

  private final JsonReader json;
  private final Allowance allowance;

  private ArchitectureReader(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    json = new JsonReader(bytes);
    allowance = new Allowance(bytes.length);
  }

  /** Reads a value of JSON. */
  @FunctionalInterface
  private interface Value<T> {
    T read() throws IOException;
  }

  /**
   * Reads an architecture.
   *
   * @throws IOException if the text is no architecture of this version; the message says where
   */
  static Architecture read(String text) throws IOException {
    return new ArchitectureReader(text).document();
  }

  private Architecture document() throws IOException {
    Architecture architecture = new Architecture();
    boolean known = false;
    Set<String> fields = new HashSet<>();
    for (boolean more = json.open('{', '}'); more; more = json.more('}')) {
      int start = json.position();
      String field = json.key(fields);
      if (!known && !field.equals("version")) {
        throw unexpected("the field \"version\" first", field, start);
      }
      switch (field) {
        case "version" -> {
          requireVersion(json.wholeNumber());
          known = true;
        }
        case "model" -> architecture.root = node(1);
        case "frozen" -> architecture.frozen.addAll(list(json::string));
        default -> throw unexpected("the fields version, model and frozen", field, start);
      }
    }
    json.end();
    if (architecture.root == null) {
      throw new IOException("expected the fields version and model but model is missing");
    }
    return architecture;
  }

  private static void requireVersion(long version) throws IOException {
    if (version != Architecture.VERSION) {
      throw new IOException(
          "expected version "
              + Architecture.VERSION
              + " but got "
              + version
              + ", which a later version of the library reads");
    }
  }

  private Node node(int depth) throws IOException {
    if (depth > Architecture.MAX_DEPTH) {
      throw new IOException(
          "expected at most "
              + Architecture.MAX_DEPTH
              + " modules within each other"
              + Cursor.at(json.position()));
    }
    allowance.take(MODULE);
    Node node = new Node();
    int begin = json.position();
    Set<String> fields = new HashSet<>();
    for (boolean more = json.open('{', '}'); more; more = json.more('}')) {
      int start = json.position();
      String field = json.key(fields);
      switch (field) {
        case "type" -> node.type = json.string();
        case "own" -> {
          node.type = json.string();
          node.isOwn = true;
        }
        case "same" -> node.same = json.string();
        case "training" -> node.isTraining = json.truth();
        case "settings" -> node.settings = map(this::setting);
        case "parameters" -> node.parameters = map(json::string);
        case "buffers" -> node.buffers = map(json::string);
        case "generators" -> node.generators = map(this::stream);
        case "children" -> node.children = map(() -> node(depth + 1));
        default -> throw unexpected("a field of a module", field, start);
      }
    }
    boolean isReference = fields.contains("same") && fields.size() == 1;
    boolean isModule = fields.contains("type") ^ fields.contains("own");
    if (!isReference && (!isModule || fields.contains("same"))) {
      throw new IOException("expected a module with one of type, own or same" + Cursor.at(begin));
    }
    return node;
  }

  private Stream stream() throws IOException {
    int number = 0;
    boolean isSingle = false;
    Set<String> fields = new HashSet<>();
    for (boolean more = json.open('{', '}'); more; more = json.more('}')) {
      int start = json.position();
      String field = json.key(fields);
      switch (field) {
        case "stream" -> number = (int) Math.min(json.wholeNumber(), Integer.MAX_VALUE);
        case "single" -> isSingle = json.truth();
        default -> throw unexpected("the fields stream and single", field, start);
      }
    }
    return new Stream(number, isSingle);
  }

  private Object setting() throws IOException {
    json.skipWhitespace();
    return json.peek() == '[' ? List.copyOf(list(this::scalar)) : scalar();
  }

  private Object scalar() throws IOException {
    json.skipWhitespace();
    return switch (json.peek()) {
      case '"' -> json.string();
      case 't', 'f' -> json.truth();
      case '{' -> notFinite();
      default -> json.number();
    };
  }

  /** What JSON has no number for: {@code {"number":"NaN"}}. */
  private Double notFinite() throws IOException {
    json.expect('{');
    String key = json.key(new HashSet<>());
    String text = json.string();
    json.expect('}');
    return switch (key + " " + text) {
      case "number NaN" -> Double.NaN;
      case "number Infinity" -> Double.POSITIVE_INFINITY;
      case "number -Infinity" -> Double.NEGATIVE_INFINITY;
      default ->
          throw new IOException(
              "expected a number that is NaN, Infinity or -Infinity but got "
                  + JsonWriter.brief(text)
                  + Cursor.at(json.position()));
    };
  }

  private <T> Map<String, T> map(Value<T> value) throws IOException {
    Map<String, T> map = new LinkedHashMap<>();
    Set<String> keys = new HashSet<>();
    for (boolean more = json.open('{', '}'); more; more = json.more('}')) {
      allowance.take(ELEMENT);
      String key = json.key(keys);
      map.put(key, value.read());
    }
    return map;
  }

  private <T> List<T> list(Value<T> value) throws IOException {
    List<T> list = new ArrayList<>();
    for (boolean more = json.open('[', ']'); more; more = json.more(']')) {
      allowance.take(ELEMENT);
      list.add(value.read());
    }
    return list;
  }

  private static IOException unexpected(String expected, String field, int start) {
    return new IOException(
        "expected " + expected + " but got " + JsonWriter.brief(field) + Cursor.at(start));
  }
}
