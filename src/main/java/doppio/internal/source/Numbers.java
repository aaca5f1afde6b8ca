package doppio.internal.source;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The numbers of a network as constants: a class for each layer, whose initialisation, which the
 * JVM does once and when the layer is first used, decodes them.
 *
 * <p>What Java allows: a text of 65,535 bytes, and so many to a class; a method, the initialiser
 * too, of 64 KB, in which a text takes 8 bytes.
 */
final class Numbers {
  /** A line of a text, 96 signs: 9 doubles need no padding in Base64. */
  private static final int LINE = 9;

  /** Lines of a text, which then has 64,032 bytes. */
  private static final int LINES = 667;

  private static final int TEXT = LINE * LINES;

  /** The most numbers of a network: 6,665 texts, if one layer has them all. */
  static final long MOST = 40_000_000;

  private final String prefix;
  private final Map<String, Map<String, double[]>> holders = new LinkedHashMap<>();
  private final IdentityHashMap<double[], String> names = new IdentityHashMap<>();
  private long count;

  /** With what the names of the classes begin with. */
  Numbers(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Adds an array, unless it is there already; returns the Java expression for it.
   *
   * @throws IllegalArgumentException if there are more numbers than a Java file can hold
   */
  String add(String layer, String name, double[] values) {
    String known = names.get(values);
    if (known != null) {
      return known;
    }
    count += values.length;
    if (count > MOST) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the network has more than the %,d numbers that a Java file can hold;"
                  + " ModelFile holds any",
              MOST));
    }
    String holder = prefix + layer;
    String constant = name.toUpperCase(Locale.ROOT);
    holders.computeIfAbsent(holder, h -> new LinkedHashMap<>()).put(constant, values);
    String expression = holder + "." + constant;
    names.put(values, expression);
    return expression;
  }

  boolean isEmpty() {
    return holders.isEmpty();
  }

  /** Writes the classes, each behind an empty line. */
  void writeTo(Writer out) throws IOException {
    for (Map.Entry<String, Map<String, double[]>> holder : holders.entrySet()) {
      out.write("\n  private static final class " + holder.getKey() + " {\n");
      for (Map.Entry<String, double[]> constant : holder.getValue().entrySet()) {
        write(constant.getKey(), constant.getValue(), out);
      }
      out.write("  }\n");
    }
  }

  private static void write(String name, double[] values, Writer out) throws IOException {
    out.write("    static final double[] " + name + " =\n        numbers(\n            ");
    out.write(Integer.toString(values.length));
    for (int from = 0; from < values.length; from += LINE) {
      out.write(from % TEXT == 0 ? ",\n            \"" : "\n                + \"");
      int size = Math.min(LINE, values.length - from);
      ByteBuffer bytes = ByteBuffer.allocate(size * Double.BYTES);
      bytes.asDoubleBuffer().put(values, from, size);
      out.write(new String(Base64.getEncoder().encode(bytes.array()), StandardCharsets.US_ASCII));
      out.write('"');
    }
    out.write(");\n");
  }
}
