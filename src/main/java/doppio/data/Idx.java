package doppio.data;

import doppio.Tensor;
import doppio.internal.OtherFormat;
import doppio.internal.Shapes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;

/**
 * Reads IDX files, the format of MNIST.
 *
 * <p>An IDX file is two zero bytes, a type, the rank, one 32-bit length a dimension and the values
 * in row-major order, all big-endian. Types are 0x08 unsigned byte, 0x09 byte, 0x0B short, 0x0C
 * int, 0x0D float and 0x0E double.
 *
 * <p>Memory follows what the file holds, not what its header claims: at most 8 bytes for each of
 * the file's, and 64 MiB. What a stream gives or a packed file holds stands for the file, and is in
 * memory beside that until all of it is there.
 */
public final class Idx {
  /** The length of array that every JVM can make. */
  private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

  /** A multiple of every value's width. */
  private static final int CHUNK = 1 << 16;

  private Idx() {}

  /** The element types: code in the header and bytes a value. */
  private enum Type {
    UBYTE(0x08, 1),
    BYTE(0x09, 1),
    SHORT(0x0b, 2),
    INT(0x0c, 4),
    FLOAT(0x0d, 4),
    DOUBLE(0x0e, 8);

    private final int code;
    private final int bytes;

    Type(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    boolean isWhole() {
      return this != FLOAT && this != DOUBLE;
    }

    double read(ByteBuffer from) {
      return switch (this) {
        case UBYTE -> Byte.toUnsignedInt(from.get());
        case BYTE -> from.get();
        case SHORT -> from.getShort();
        case INT -> from.getInt();
        case FLOAT -> from.getFloat();
        case DOUBLE -> from.getDouble();
      };
    }
  }

  /**
   * Reads the values as they stand, in the file's shape.
   *
   * @param file an IDX file, plain or packed by gzip; its first bytes tell which
   * @return the values
   * @throws IOException if the file cannot be read or is not one whole IDX file: another format, a
   *     negative or too large dimension, values missing or left over, damaged gzip data; the
   *     message names the file, what was expected and what was found
   */
  public static Tensor read(Path file) throws IOException {
    return content(file).values();
  }

  /** As {@link #read(Path)}, from a stream, which is read to its end and not closed. */
  public static Tensor read(InputStream in) throws IOException {
    return content(Gunzip.unpack(in), 0).values();
  }

  /** As {@link #read(Path)}, from the bytes of a file. */
  public static Tensor read(byte[] file) throws IOException {
    Objects.requireNonNull(file, "file");
    return content(Gunzip.unpack(new ByteArrayInputStream(file)), file.length).values();
  }

  /** What a file holds: the values as they stand, and whether their type has only whole ones. */
  record Content(Tensor values, boolean isWhole) {}

  /** Reads a file as {@link #read} does. */
  static Content content(Path file) throws IOException {
    try (InputStream in = Gunzip.open(file)) {
      return content(in, Files.size(file));
    } catch (FileSystemException | ClosedByInterruptException e) {
      // Names the file already.
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads content.
   *
   * @param file a length that the file has for sure: as many numbers may be made before the values
   *     are there
   */
  private static Content content(InputStream in, long file) throws IOException {
    byte[] start = Gunzip.peek(in, OtherFormat.START);
    byte[] magic = in.readNBytes(4);
    if (magic.length < 4 || magic[0] != 0 || magic[1] != 0) {
      String other = OtherFormat.inPlaceOfBytes(start);
      if (other != null) {
        throw new IOException("expected an IDX file but this is " + other);
      }
      throw new IOException(
          "expected an IDX file (bytes 00 00, type, rank) but it begins with "
              + (magic.length == 0 ? "nothing" : OtherFormat.hex(magic, " ")));
    }
    Type type = type(magic[2]);
    int[] shape = shape(in, Byte.toUnsignedInt(magic[3]));
    int size = size(shape);
    Values values = new Values(in, type, shape, size);
    if (size > file) {
      values.readAhead();
    }
    double[] data = new double[size];
    for (int i = 0; i < size; ) {
      for (ByteBuffer chunk = values.next(); chunk.hasRemaining(); ) {
        data[i++] = type.read(chunk);
      }
    }
    values.end();
    return new Content(Tensor.wrap(data, shape), type.isWhole());
  }

  private static Type type(byte code) throws IOException {
    for (Type type : Type.values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IOException(
        String.format(
            Locale.ROOT, "expected an IDX type of 08, 09, 0b, 0c, 0d or 0e but got %02x", code));
  }

  private static int[] shape(InputStream in, int rank) throws IOException {
    byte[] header = in.readNBytes(4 * rank);
    if (header.length < 4 * rank) {
      throw new IOException(
          "expected an IDX header of "
              + (4 + 4 * rank)
              + " bytes (rank "
              + rank
              + ") but the data ends after "
              + (4 + header.length));
    }
    int[] shape = new int[rank];
    ByteBuffer.wrap(header).asIntBuffer().get(shape);
    for (int n : shape) {
      if (n < 0) {
        throw new IOException(
            "expected dimensions from 0 to 2147483647 but got IDX shape " + Shapes.text(shape));
      }
    }
    return shape;
  }

  private static int size(int[] shape) throws IOException {
    long size = 1;
    for (int n : shape) {
      size *= n;
      if (size > MAX_SIZE) {
        throw new IOException(
            "expected at most "
                + MAX_SIZE
                + " values but IDX shape "
                + Shapes.text(shape)
                + " has more");
      }
    }
    return (int) size;
  }

  /** The bytes of all values, in chunks that are asked for only as the data arrives. */
  private static final class Values {
    private final InputStream in;
    private final long expected;
    private final String description;
    private final Queue<byte[]> ahead = new ArrayDeque<>();
    private long left;

    Values(InputStream in, Type type, int[] shape, int size) {
      this.in = in;
      expected = (long) size * type.bytes;
      left = expected;
      description =
          expected
              + " bytes of values (IDX shape "
              + Shapes.text(shape)
              + " of "
              + type.name().toLowerCase(Locale.ROOT)
              + ")";
    }

    /** Reads all chunks that are left, so that they are there for sure. */
    void readAhead() throws IOException {
      while (left > 0) {
        ahead.add(read());
      }
    }

    ByteBuffer next() throws IOException {
      return ByteBuffer.wrap(ahead.isEmpty() ? read() : ahead.remove());
    }

    private byte[] read() throws IOException {
      byte[] chunk = in.readNBytes((int) Math.min(left, CHUNK));
      boolean isWhole = chunk.length == Math.min(left, CHUNK);
      left -= chunk.length;
      if (!isWhole) {
        throw new IOException(
            "expected " + description + " but the data ends after " + (expected - left));
      }
      return chunk;
    }

    void end() throws IOException {
      if (in.read() >= 0) {
        throw new IOException("expected " + description + " but got more");
      }
    }
  }
}
