package doppio.io;

import doppio.Tensor;
import doppio.internal.AtomicFile;
import doppio.internal.MemoryChannel;
import doppio.internal.OtherFormat;
import doppio.internal.Strides;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Saves and loads one tensor in NumPy's .npy format.
 *
 * <p>A file is a magic number, a version, the length of its header, the header (a Python
 * dictionary: number format, order, shape) and the numbers. Versions 1.0, 2.0 and 3.0 can be read,
 * with floating-point numbers ({@code f8}, {@code f4}, {@code f2}), whole numbers ({@code i8} to
 * {@code i1}, {@code u8} to {@code u1}) and truth values ({@code b1}), little- or big-endian, in C
 * or Fortran order; doubles hold all of them exactly, but for whole numbers beyond 2⁵³, of which
 * those that do not fit are refused. Rank 0 and dimensions of 0 make the round trip.
 *
 * <p>Source: {@code numpy.lib.format}, NumPy enhancement proposal 1.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Magic number and version. */
  private static final int START = 8;

  private static final int ALIGNMENT = 64;

  /** The longest header that version 1.0 has a length for. */
  private static final int MAX_WRITTEN_HEADER = 0xffff;

  /** The longest header that is read; one of a few hundred bytes is usual. */
  private static final int MAX_HEADER = 1 << 20;

  private Npy() {}

  /**
   * Saves a tensor as F64, every double to the bit.
   *
   * @throws IllegalArgumentException as {@link #save(Path, Tensor, Dtype)} does
   * @throws IOException as {@link #save(Path, Tensor, Dtype)} does
   */
  public static void save(Path file, Tensor tensor) throws IOException {
    save(file, tensor, Dtype.F64);
  }

  /**
   * Saves a tensor in the given number format: version 1.0, C order, little-endian. The file is
   * replaced as a whole: where saving fails, an old file stays as it was.
   *
   * @param file created, or replaced if it exists; its folder must exist
   * @throws IllegalArgumentException if the shape does not fit the 65,535 bytes of a header, or a
   *     number is not one of the dtype's whole numbers
   * @throws IOException if the file cannot be written
   */
  public static void save(Path file, Tensor tensor, Dtype dtype) throws IOException {
    AtomicFile.writeUninterrupted(file, content(tensor, dtype));
  }

  /** As {@link #save(Path, Tensor)}, to a stream, which is flushed and not closed. */
  public static void save(OutputStream out, Tensor tensor) throws IOException {
    save(out, tensor, Dtype.F64);
  }

  /** As {@link #save(Path, Tensor, Dtype)}, to a stream, which is flushed and not closed. */
  public static void save(OutputStream out, Tensor tensor, Dtype dtype) throws IOException {
    ValueWriter.write(out, content(tensor, dtype));
  }

  private static AtomicFile.Content content(Tensor tensor, Dtype dtype) {
    dtype.check(tensor.data());
    byte[] start = start(NpyHeader.format(dtype, tensor.shape()));
    return channel -> {
      ValueWriter out = new ValueWriter(channel);
      out.write(start);
      out.write(tensor.data(), dtype);
    };
  }

  /** All that comes before the numbers, padded so that they begin at a multiple of 64. */
  private static byte[] start(byte[] header) {
    int used = START + Short.BYTES + header.length + 1;
    int length = (used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    int headerLength = length - START - Short.BYTES;
    if (headerLength > MAX_WRITTEN_HEADER) {
      throw new IllegalArgumentException(
          "expected a shape that fits a header of "
              + MAX_WRITTEN_HEADER
              + " bytes but it takes "
              + headerLength);
    }
    byte[] start = new byte[length];
    Arrays.fill(start, (byte) ' ');
    ByteBuffer.wrap(start)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) headerLength)
        .put(header);
    start[length - 1] = '\n';
    return start;
  }

  /**
   * Loads a tensor: floating-point numbers, whole numbers, and truth values as 0 and 1. Time and
   * memory follow what the file holds, not what its header claims: at most 8 bytes for each of the
   * file's, and 64 MiB.
   *
   * @throws IOException if the file cannot be read or is not one whole .npy file: another format or
   *     version, a malformed header, numbers of another kind, missing or left over, or a whole
   *     number that no double holds; the message names the file, what was expected and what was
   *     found
   */
  public static Tensor load(Path file) throws IOException {
    return ValueReader.read(file, Npy::read);
  }

  /**
   * As {@link #load(Path)}, from a stream, which is read to its end and not closed. What it gives
   * is in memory until the tensor is made.
   */
  public static Tensor load(InputStream in) throws IOException {
    return ValueReader.read(MemoryChannel.once(in), Npy::read);
  }

  /** As {@link #load(Path)}, from the bytes of a file. */
  public static Tensor load(byte[] file) throws IOException {
    return ValueReader.read(MemoryChannel.of(file), Npy::read);
  }

  /** Reads all that is left. */
  static Tensor read(ValueReader in) throws IOException {
    NpyHeader header = NpyHeader.parse(header(in));
    ShapeBuilder shape = header.shape();
    long expected = (long) shape.size() * header.type().width();
    if (in.remaining() != expected) {
      throw new IOException(
          "expected "
              + expected
              + " bytes of data (shape "
              + shape
              + " of "
              + header.type()
              + ") but the file has "
              + in.remaining());
    }
    int[] dimensions = shape.toArray();
    if (!header.columnMajor()) {
      return Tensor.wrap(in.values(shape.size(), header.type(), header.order()), dimensions);
    }
    int[] steps = Strides.reversed(Strides.rowMajor(dimensions));
    Strides places = new Strides(Strides.reversed(dimensions), steps, steps);
    return Tensor.wrap(in.values(shape.size(), header.type(), header.order(), places), dimensions);
  }

  private static byte[] header(ValueReader in) throws IOException {
    byte[] start = in.peek(OtherFormat.START);
    byte[] magic = in.bytes((int) Math.min(MAGIC.length, in.remaining())).array();
    if (!Arrays.equals(magic, MAGIC)) {
      String other = OtherFormat.inPlaceOfBytes(start);
      if (other != null) {
        throw new IOException("expected an .npy file but this is " + other);
      }
      throw new IOException(
          "expected an .npy file (bytes "
              + OtherFormat.hex(MAGIC, " ")
              + ") but it begins with "
              + (magic.length == 0 ? "nothing" : OtherFormat.hex(magic, " ")));
    }
    ByteBuffer version = take(in, 2, "version");
    int major = Byte.toUnsignedInt(version.get());
    int minor = Byte.toUnsignedInt(version.get());
    if (major < 1 || major > 3 || minor != 0) {
      throw new IOException("expected version 1.0, 2.0 or 3.0 but got " + major + "." + minor);
    }
    long length =
        major == 1
            ? Short.toUnsignedLong(take(in, 2, "header length").getShort())
            : Integer.toUnsignedLong(take(in, 4, "header length").getInt());
    if (length > MAX_HEADER) {
      throw new IOException(
          "expected a header of at most " + MAX_HEADER + " bytes but its length is " + length);
    }
    return take(in, (int) length, "header").array();
  }

  private static ByteBuffer take(ValueReader in, int count, String what) throws IOException {
    if (count > in.remaining()) {
      throw new IOException(
          "expected a "
              + what
              + " of "
              + count
              + " bytes but the file has "
              + in.remaining()
              + " more");
    }
    return in.bytes(count);
  }
}
