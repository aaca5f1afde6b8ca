package doppio.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A pickle of protocol 2 written by hand, operation by operation, and the archive around it. */
final class Pickle {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Map<String, byte[]> storages = new LinkedHashMap<>();

  Pickle() {
    op(0x80).op(2);
  }

  Pickle op(int... operations) {
    for (int operation : operations) {
      bytes.write(operation);
    }
    return this;
  }

  Pickle text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op('X').four(utf8.length);
    bytes.writeBytes(utf8);
    return this;
  }

  Pickle number(int value) {
    return op('J').four(value);
  }

  Pickle four(int value) {
    bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  Pickle global(String module, String name) {
    op('c');
    bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** A whole dict of tensors begins. */
  Pickle dict() {
    return op('}', '(');
  }

  /** A tensor of single precision over a storage. */
  Pickle tensor(String storage, int size, int offset, int[] shape, int[] strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .op('(')
        .storage("FloatStorage", storage, size)
        .number(offset)
        .tuple(shape)
        .tuple(strides)
        .op(0x89)
        .global("collections", "OrderedDict")
        .op(')', 'R', 't', 'R');
  }

  Pickle storage(String type, String key, int size) {
    return op('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .number(size)
        .op('t', 'Q');
  }

  Pickle tuple(int... values) {
    op('(');
    for (int value : values) {
      number(value);
    }
    return op('t');
  }

  /** The numbers of a storage. */
  Pickle floats(String key, float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    storages.put(key, buffer.array());
    return this;
  }

  /** The pickle alone. */
  byte[] bytes() {
    return bytes.toByteArray();
  }

  /** A file as torch.save writes it. */
  byte[] file() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", bytes());
    storages.forEach((key, values) -> entries.put("archive/data/" + key, values));
    entries.put("archive/version", new byte[] {'3', '\n'});
    return zip(entries);
  }

  static byte[] zip(Map<String, byte[]> entries) throws IOException {
    return zip(entries, Deflater.DEFAULT_COMPRESSION);
  }

  /** An archive in which the bytes of the entries stand as they are. */
  static byte[] plain(Map<String, byte[]> entries) throws IOException {
    return zip(entries, Deflater.NO_COMPRESSION);
  }

  private static byte[] zip(Map<String, byte[]> entries, int level) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(file)) {
      out.setLevel(level);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
    return file.toByteArray();
  }
}
