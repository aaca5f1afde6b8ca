package doppio.io;

import doppio.Tensor;
import doppio.internal.Shapes;
import doppio.internal.state.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes the safetensors format; everything is checked before the first byte is written. */
final class SafeTensorsWriter {
  /** The key of the header that is no tensor. */
  static final String METADATA = "__metadata__";

  /** The longest header in bytes, in the reference implementation too. */
  static final int MAX_HEADER = 100_000_000;

  private static final int ALIGNMENT = 8;

  private final List<Entry> entries = new ArrayList<>();
  private final byte[] header;

  private record Entry(String name, Tensor tensor, Dtype dtype) {}

  /** A writer of tensors, each in the format that its name is given. */
  SafeTensorsWriter(
      Map<String, Tensor> tensors, Function<String, Dtype> dtypes, Map<String, String> metadata) {
    if (tensors == null) {
      throw new IllegalArgumentException("expected tensors and a dtype but got no tensors");
    }
    tensors.forEach((name, tensor) -> entries.add(entry(name, tensor, dtypes.apply(name))));
    // The widest first, so that each number lies at a multiple of its width.
    entries.sort(Comparator.comparingInt(e -> -e.dtype.width()));
    header = header(metadata == null ? Map.of() : metadata);
  }

  private static Entry entry(String name, Tensor tensor, Dtype dtype) {
    String text = text("tensor name", name);
    if (text.equals(METADATA)) {
      throw new IllegalArgumentException("a tensor may not be named " + METADATA);
    }
    if (tensor == null) {
      throw new IllegalArgumentException("tensor " + JsonWriter.brief(text) + " is null");
    }
    if (dtype == null) {
      throw new IllegalArgumentException("expected tensors and a dtype but got no dtype");
    }
    try {
      dtype.check(tensor.data());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "tensor " + JsonWriter.brief(text) + ": " + e.getMessage(), e);
    }
    return new Entry(text, tensor, dtype);
  }

  void writeTo(WritableByteChannel channel) throws IOException {
    ValueWriter out = new ValueWriter(channel);
    byte[] length = new byte[Long.BYTES];
    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
    out.write(length);
    out.write(header);
    for (Entry e : entries) {
      out.write(e.tensor.data(), e.dtype);
    }
  }

  private byte[] header(Map<String, String> metadata) {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      json.append(JsonWriter.quote(METADATA)).append(':').append(object(metadata));
    }
    long offset = 0;
    for (Entry e : entries) {
      long end = offset + (long) e.tensor.size() * e.dtype.width();
      json.append(json.length() > 1 ? "," : "")
          .append(JsonWriter.quote(e.name))
          .append(":{\"dtype\":\"")
          .append(e.dtype)
          .append("\",\"shape\":")
          .append(Shapes.text(e.tensor).replace(" ", ""))
          .append(",\"data_offsets\":[")
          .append(offset)
          .append(',')
          .append(end)
          .append("]}");
      offset = end;
    }
    return padded(json.append('}').toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String object(Map<String, String> metadata) {
    return metadata.entrySet().stream()
        .map(
            e ->
                JsonWriter.quote(text("metadata key", e.getKey()))
                    + ":"
                    + JsonWriter.quote(text("metadata value", e.getValue())))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String text(String what, String text) {
    if (text == null) {
      throw new IllegalArgumentException(what + " is null");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          what + " " + JsonWriter.brief(text) + " has half a surrogate pair");
    }
    return text;
  }

  /** The header with as many spaces as make the data begin at a multiple of 8 in the file. */
  private static byte[] padded(byte[] json) {
    if (json.length > MAX_HEADER - ALIGNMENT) {
      throw new IllegalArgumentException(
          "expected names and metadata for a header of at most "
              + MAX_HEADER
              + " bytes but got "
              + json.length);
    }
    byte[] header = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(header, json.length, header.length, (byte) ' ');
    return header;
  }
}
