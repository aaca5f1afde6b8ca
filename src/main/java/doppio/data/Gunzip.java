package doppio.data;

import doppio.internal.FileAccess;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a gzip stream of one or more members, and says what is wrong with it.
 *
 * <p>The JDK's stream passes over what follows the last member without a word, takes a header that
 * is cut off for the end, and calls itself for each empty member; this one does none of it.
 *
 * <p>Source: RFC 1952.
 */
final class Gunzip extends InputStream {
  private static final int BUFFER = 1 << 16;
  private static final int DEFLATE = 8;
  private static final int HEADER_SUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32();
  private final CRC32 headerSum = new CRC32();
  private final byte[] buffer = new byte[BUFFER];
  private int position;
  private int limit;
  private long count;
  private boolean ended;

  private Gunzip(InputStream in) throws IOException {
    this.in = in;
    header();
  }

  /**
   * Opens a file, unpacking it if its first bytes are those of gzip, whatever its name.
   *
   * @throws java.nio.file.FileSystemException if there is no such file, or it cannot be read
   */
  static InputStream open(Path file) throws IOException {
    InputStream raw = FileAccess.stream(file);
    try {
      return unpack(raw);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /** The stream itself or, if its first bytes are those of gzip, its unpacked content. */
  static InputStream unpack(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Objects.requireNonNull(raw, "in"), BUFFER);
    byte[] start = peek(in, 2);
    boolean packed = start.length == 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
    return packed ? new BufferedInputStream(new Gunzip(in)) : in;
  }

  /** Up to so many of the next bytes of what {@link #unpack} gave, which are still to be read. */
  static byte[] peek(InputStream in, int most) throws IOException {
    in.mark(most);
    byte[] bytes = in.readNBytes(most);
    in.reset();
    return bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int got = 0;
    while (got == 0 && length > 0 && !ended) {
      got = inflate(bytes, from, length);
      sum.update(bytes, from, got);
      count += got;
      if (inflater.finished()) {
        trailer();
      }
    }
    return got == 0 && length > 0 ? -1 : got;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }

  private int inflate(byte[] bytes, int from, int length) throws IOException {
    if (position == limit && !fill()) {
      throw endsEarly();
    }
    inflater.setInput(buffer, position, limit - position);
    try {
      int got = inflater.inflate(bytes, from, length);
      position = limit - inflater.getRemaining();
      if (inflater.needsDictionary()) {
        throw corrupt("it needs a dictionary");
      }
      return got;
    } catch (DataFormatException e) {
      throw corrupt(e.getMessage());
    }
  }

  /** Checks a member's sum and length, and goes on to the next member, if there is one. */
  private void trailer() throws IOException {
    long expected = 0;
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      int next = next();
      if (next < 0) {
        throw endsEarly();
      }
      expected |= (long) next << shift;
    }
    long length = inflater.getBytesWritten() & 0xffffffffL;
    if (expected != (length << Integer.SIZE | sum.getValue())) {
      throw corrupt("its sum or its length is another");
    }
    ended = position == limit && !fill();
    if (!ended) {
      inflater.reset();
      sum.reset();
      header();
    }
  }

  private void header() throws IOException {
    headerSum.reset();
    if (headerByte() != 0x1f || headerByte() != 0x8b) {
      throw new IOException("unexpected bytes after the end of the gzip data");
    }
    int method = headerByte();
    if (method != DEFLATE) {
      throw new IOException("corrupt gzip header: packed by method " + method + ", not 8");
    }
    int flags = headerByte();
    if ((flags & RESERVED) != 0) {
      throw new IOException("corrupt gzip header: unknown flags");
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(headerByte() | headerByte() << Byte.SIZE);
    }
    for (int text : new int[] {NAME, COMMENT}) {
      while ((flags & text) != 0 && headerByte() != 0) {
        // Up to the zero that ends it.
      }
    }
    if ((flags & HEADER_SUM) != 0) {
      int expected = (int) headerSum.getValue() & 0xffff;
      if ((headerByte() | headerByte() << Byte.SIZE) != expected) {
        throw new IOException("corrupt gzip header: its sum is another");
      }
    }
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      headerByte();
    }
  }

  private int headerByte() throws IOException {
    int next = next();
    if (next < 0) {
      throw new IOException("gzip data ends within its header");
    }
    headerSum.update(next);
    return next;
  }

  private int next() throws IOException {
    return position == limit && !fill() ? -1 : Byte.toUnsignedInt(buffer[position++]);
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  private IOException endsEarly() {
    return new IOException("gzip data ends early, after " + count + " unpacked bytes");
  }

  private IOException corrupt(String what) {
    return new IOException("corrupt gzip data after " + count + " unpacked bytes: " + what);
  }
}
