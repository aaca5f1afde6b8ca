package doppio.io;

import doppio.Tensor;
import doppio.internal.Allowance;
import doppio.internal.OtherFormat;
import doppio.internal.StoredType;
import doppio.internal.UnreadableNumberException;
import doppio.internal.state.JsonReader;
import doppio.internal.state.JsonWriter;
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
import java.util.function.Predicate;

/**
 * Reads the safetensors format: the header is checked as a whole against the length of the data
 * before the first tensor is allocated.
 */
final class SafeTensorsReader {
  private static final String OTHERS =
      "; SafeTensors.read(file, wanted) reads the file's other tensors";

  /** What a text of the metadata, and what is known of a tensor, costs in memory. */
  private static final int TEXT = 1 << 8;

  private static final int TENSOR = 1 << 9;

  private final JsonReader json;
  private final Allowance allowance;
  private final Predicate<String> wanted;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  private SafeTensorsReader(byte[] header, long file, Predicate<String> wanted) {
    json = new JsonReader(header);
    allowance = new Allowance(file);
    this.wanted = wanted;
  }

  /**
   * What the header says of one tensor; {@code begin} and {@code end} count from the data's start.
   * One that is not wanted has neither type nor shape.
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

  static SafeTensors.Contents read(ValueReader in, Predicate<String> wanted) throws IOException {
    long file = in.remaining();
    SafeTensorsReader reader = new SafeTensorsReader(header(in), file, wanted);
    reader.parse();
    reader.checkLayout(in.remaining());
    return reader.contents(in);
  }

  private SafeTensors.Contents contents(ValueReader in) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, Dtype> dtypes = new LinkedHashMap<>();
    for (Entry e : entries) {
      if (e.type == null) {
        in.skip(e.end - e.begin);
        continue;
      }
      tensors.put(e.name, tensor(in, e));
      for (Dtype dtype : Dtype.values()) {
        if (dtype.isWhole() && dtype.stored() == e.type) {
          dtypes.put(e.name, dtype);
        }
      }
    }
    return new SafeTensors.Contents(tensors, metadata, dtypes);
  }

  private Tensor tensor(ValueReader in, Entry e) throws IOException {
    try {
      allowance.take((long) Double.BYTES * e.shape.size());
      double[] data = in.values(e.shape.size(), e.type, ByteOrder.LITTLE_ENDIAN);
      return Tensor.wrap(data, e.shape.toArray());
    } catch (UnreadableNumberException x) {
      throw new IOException(
          "tensor " + JsonWriter.brief(e.name) + ": " + x.getMessage() + OTHERS, x);
    }
  }

  private static byte[] header(ValueReader in) throws IOException {
    if (in.remaining() < Long.BYTES) {
      throw new IOException(
          "expected a header length of 8 bytes but the file has " + in.remaining());
    }
    byte[] start = in.peek(OtherFormat.START);
    long length = in.bytes(Long.BYTES).getLong();
    if (length >>> 32 != 0 || start.length == Long.BYTES || start[Long.BYTES] != '{') {
      String other = OtherFormat.inPlaceOfBytes(start);
      if (other != null) {
        throw new IOException("expected a safetensors file but this is " + other);
      }
    }
    if (length < 0 || length > SafeTensorsWriter.MAX_HEADER) {
      throw new IOException(
          "expected a header of at most "
              + SafeTensorsWriter.MAX_HEADER
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
      boolean isMetadata = name.equals(SafeTensorsWriter.METADATA);
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
      allowance.take(TEXT);
      metadata.put(json.key(keys), json.string());
    }
  }

  private Entry parseEntry(String name) throws IOException {
    allowance.take(TENSOR);
    Entry entry = new Entry(name);
    boolean isWanted = wanted.test(name);
    Set<String> fields = new HashSet<>();
    for (boolean more = json.open('{', '}'); more; more = json.more('}')) {
      String field = json.key(fields);
      switch (field) {
        case "dtype" -> {
          String dtype = json.string();
          entry.type = isWanted ? type(dtype) : null;
        }
        case "shape" -> entry.shape = parseShape(isWanted);
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
            + JsonWriter.brief(name)
            + OTHERS);
  }

  /** The shape, or null where none is wanted: it may be larger than an array. */
  private ShapeBuilder parseShape(boolean isWanted) throws IOException {
    ShapeBuilder shape = new ShapeBuilder();
    for (boolean more = json.open('[', ']'); more; more = json.more(']')) {
      long n = json.wholeNumber();
      if (isWanted) {
        shape.add(n);
      }
    }
    return isWanted ? shape : null;
  }

  private void parseOffsets(Entry entry) throws IOException {
    json.expect('[');
    entry.begin = json.wholeNumber();
    json.expect(',');
    entry.end = json.wholeNumber();
    json.expect(']');
  }

  private static void checkSize(Entry e) throws IOException {
    if (e.type == null) {
      if (e.begin > e.end) {
        throw new IOException("data_offsets are [" + e.begin + ", " + e.end + "]");
      }
      return;
    }
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
