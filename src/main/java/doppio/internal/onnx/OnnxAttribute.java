package doppio.internal.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An attribute of a node.
 *
 * @param name its name
 * @param value a {@code Long}, {@code Double}, {@code String}, {@code List} of texts, {@link
 *     OnnxTensor} or {@link OnnxList}, which a {@code long[]} becomes where it is written; null of
 *     a kind that no operator here has
 */
public record OnnxAttribute(String name, Object value) {
  /** No list of texts has more. */
  private static final int MOST_TEXTS = 64;

  static OnnxAttribute read(ProtoReader in) throws IOException {
    ProtoReader whole = in.again();
    String name = "";
    int type = 0;
    Object value = null;
    List<String> texts = new ArrayList<>(0);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> value = (double) in.float32();
        case 3 -> value = in.varint();
        case 4 -> value = in.text();
        case 5 -> value = OnnxTensor.read(in.message());
        case 7, 8 -> {
          type = in.field() - 1;
          in.skip();
        }
        case 9 -> {
          if (texts.size() == MOST_TEXTS) {
            throw new IOException("a list of more than " + MOST_TEXTS + " texts");
          }
          texts.add(in.text());
          value = texts;
        }
        case 20 -> type = (int) in.varint();
        default -> in.skip();
      }
    }
    return new OnnxAttribute(name, value == null ? ofType(type, whole) : value);
  }

  /** What an attribute of a type is that has a list, or none of the values, as it is a zero. */
  private static Object ofType(int type, ProtoReader attribute) throws IOException {
    return switch (type) {
      case 1 -> 0.0;
      case 2 -> 0L;
      case 3 -> "";
      case 6 -> OnnxList.of(attribute, false);
      case 7 -> OnnxList.of(attribute, true);
      case 8 -> List.of();
      default -> null;
    };
  }
}
