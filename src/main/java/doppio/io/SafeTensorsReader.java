package doppio.io;

import doppio.Tensor;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the safetensors format: the header is checked as a whole against the length of the data
 * before the first tensor is allocated.
 */
final class SafeTensorsReader {
  private final JsonReader json;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  private SafeTensorsReader(byte[] header) {
    json = new JsonReader(header);
  }

  /**
   * What the header says of one tensor; {@code begin} and {@code end} count from the data's start.
   */
  private static final class Entry {
    private final String name;
    private StoredType type;
    private ShapeBuilder shape;
    private long begin;
    private long end;

    Entry(String name) {
      this.name = name;
    }
  }

  static SafeTensors.Contents read(ValueReader in) throws IOException {
    SafeTensorsReader reader = new SafeTensorsReader(header(in));
    reader.parse();
    reader.checkLayout(in.remaining());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry e : reader.entries) {
      double[] data = in.values(e.shape.size(), e.type, ByteOrder.LITTLE_ENDIAN);
      tensors.put(e.name, Tensor.wrap(data, e.shape.toArray()));
    }
    return new SafeTensors.Contents(tensors, reader.metadata);
  }

  private static byte[] header(ValueReader in) throws IOException {
    if (in.remaining() < Long.BYTES) {
      throw new IOException(
          "expected a header length of 8 bytes but the file has " + in.remaining());
    }
    long length = in.bytes(Long.BYTES).getLong();
    if (length < 0 || length > SafeTensors.MAX_HEADER) {
      throw new IOException(
          "expected a header of at most "
              + SafeTensors.MAX_HEADER
              + " bytes but its length is "
              + Long.toUnsignedString(length));
    }
    if (length > in.remaining()) {
      throw new IOException(
          "expected a header of " + length + " bytes but the file has " + in.remaining() + " more");
    }
    return in.bytes((int) length).array();
  }

  private void parse() throws IOException {
    if (json.peek() != '{') {
      throw json.expected("'{'");
    }
    Set<String> keys = new HashSet<>();
    for (boolean more = json.open('{', '}'); more; more = json.more('}')) {
      String name = json.key(keys);
      boolean isMetadata = name.equals(SafeTensors.METADATA);
      try {
        if (isMetadata) {
          parseMetadata();
        } else {
          entries.add(parseEntry(name));
        }
      } catch (IOException e) {
        String what = isMetadata ? name : "tensor " + JsonWriter.brief(name);
        throw new IOException(what + ": " + e.getMessage(), e);
      }
    }
    json.end();
  }

  private void parseMetadata() throws IOException {
    Set<String> keys = new HashSet<>();
    for (boolean more = json.open('{', '}'); more; more = json.more('}')) {
      metadata.put(json.key(keys), json.string());
    }
  }

  private Entry parseEntry(String name) throws IOException {
    Entry entry = new Entry(name);
    Set<String> fields = new HashSet<>();
    for (boolean more = json.open('{', '}'); more; more = json.more('}')) {
      String field = json.key(fields);
      switch (field) {
        case "dtype" -> entry.type = type(json.string());
        case "shape" -> entry.shape = parseShape();
        case "data_offsets" -> parseOffsets(entry);
        default ->
            throw new IOException(
                "expected the fields dtype, shape and data_offsets but got "
                    + JsonWriter.brief(field));
      }
    }
    for (String field : List.of("dtype", "shape", "data_offsets")) {
      if (!fields.contains(field)) {
        throw new IOException(
            "expected the fields dtype, shape and data_offsets but " + field + " is missing");
      }
    }
    checkSize(entry);
    return entry;
  }

  private static StoredType type(String name) throws IOException {
    for (StoredType type : StoredType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new IOException(
        "expected one of the dtypes "
            + Arrays.toString(StoredType.values())
            + " but got "
            + JsonWriter.brief(name));
  }

  private ShapeBuilder parseShape() throws IOException {
    ShapeBuilder shape = new ShapeBuilder();
    for (boolean more = json.open('[', ']'); more; more = json.more(']')) {
      shape.add(json.wholeNumber());
    }
    return shape;
  }

  private void parseOffsets(Entry entry) throws IOException {
    json.expect('[');
    entry.begin = json.wholeNumber();
    json.expect(',');
    entry.end = json.wholeNumber();
    json.expect(']');
  }

  private static void checkSize(Entry e) throws IOException {
    long bytes = (long) e.shape.size() * e.type.width();
    if (e.end - e.begin != bytes) {
      throw new IOException(
          "expected "
              + bytes
              + " bytes (shape "
              + e.shape
              + " of "
              + e.type
              + ") but data_offsets are ["
              + e.begin
              + ", "
              + e.end
              + "]");
    }
  }

  /** The tensors must cover the data without hole or overlap, in whatever order they are listed. */
  private void checkLayout(long dataLength) throws IOException {
    // Stable, so that tensors of no bytes at one offset stay in the header's order.
    entries.sort(Comparator.<Entry>comparingLong(e -> e.begin).thenComparingLong(e -> e.end));
    long covered = 0;
    for (Entry e : entries) {
      if (e.begin != covered) {
        throw new IOException(
            "tensor "
                + JsonWriter.brief(e.name)
                + ": expected data to begin at offset "
                + covered
                + " but it begins at "
                + e.begin
                + (e.begin > covered
                    ? ", which leaves a hole"
                    : ", which overlaps another tensor"));
      }
      covered = e.end;
    }
    if (covered != dataLength) {
      String last =
          entries.isEmpty()
              ? "no tensors"
              : "tensor " + JsonWriter.brief(entries.get(entries.size() - 1).name) + " to be last";
      throw new IOException(
          "expected " + covered + " bytes of data (" + last + ") but the file has " + dataLength);
    }
  }
}
