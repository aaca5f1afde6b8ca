package doppio.io;

import doppio.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the safetensors format; everything is checked before the first byte is written. */
final class SafeTensorsWriter {
  private static final int ALIGNMENT = 8;

  private final Map<String, Tensor> tensors;
  private final Dtype dtype;
  private final byte[] header;

  SafeTensorsWriter(Map<String, Tensor> tensors, Dtype dtype, Map<String, String> metadata) {
    if (tensors == null || dtype == null) {
      throw new IllegalArgumentException(
          "expected tensors and a dtype but got " + (tensors == null ? "no tensors" : "no dtype"));
    }
    this.tensors = new LinkedHashMap<>(tensors);
    this.dtype = dtype;
    header = header(metadata == null ? Map.of() : metadata);
  }

  void writeTo(WritableByteChannel channel) throws IOException {
    ValueWriter out = new ValueWriter(channel);
    byte[] length = new byte[Long.BYTES];
    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
    out.write(length);
    out.write(header);
    for (Tensor t : tensors.values()) {
      out.write(t.data(), dtype);
    }
  }

  private byte[] header(Map<String, String> metadata) {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      json.append(JsonWriter.quote(SafeTensors.METADATA)).append(':').append(object(metadata));
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
      String name = text("tensor name", e.getKey());
      if (name.equals(SafeTensors.METADATA)) {
        throw new IllegalArgumentException("a tensor may not be named " + SafeTensors.METADATA);
      }
      Tensor t = e.getValue();
      if (t == null) {
        throw new IllegalArgumentException("tensor " + JsonWriter.brief(name) + " is null");
      }
      long end = offset + (long) t.size() * dtype.width();
      json.append(json.length() > 1 ? "," : "")
          .append(JsonWriter.quote(name))
          .append(":{\"dtype\":\"")
          .append(dtype)
          .append("\",\"shape\":")
          .append(Arrays.toString(t.shape()).replace(" ", ""))
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
    if (json.length > SafeTensors.MAX_HEADER - ALIGNMENT) {
      throw new IllegalArgumentException(
          "expected names and metadata for a header of at most "
              + SafeTensors.MAX_HEADER
              + " bytes but got "
              + json.length);
    }
    byte[] header = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(header, json.length, header.length, (byte) ' ');
    return header;
  }
}
