package doppio.io;

import doppio.internal.Buffers;
import doppio.internal.FileAccess;
import doppio.internal.StoredType;
import doppio.internal.Strides;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** Reads a file from front to end: bytes for a header, then numbers through a small buffer. */
final class ValueReader {
  private static final int BUFFER_BYTES = 1 << 18;

  /** Numbers of any width that the buffer has room for. */
  private static final int CHUNK = BUFFER_BYTES / Double.BYTES;

  private final ReadableByteChannel channel;
  private final ByteBuffer buffer;
  private ByteBuffer ahead = ByteBuffer.allocate(0);
  private long remaining;

  /** A reader of so many bytes. */
  ValueReader(ReadableByteChannel channel, long size) {
    this.channel = channel;
    buffer = ByteBuffer.allocate((int) Math.min(size, BUFFER_BYTES));
    remaining = size;
  }

  /** What a format makes of a file from front to end. */
  @FunctionalInterface
  interface Values<T> {
    T read(ValueReader in) throws IOException;
  }

  /**
   * Opens a file, has a format read it from front to end and closes it again.
   *
   * @throws IOException if the file cannot be read or the format refuses it; names the file
   */
  static <T> T read(Path file, Values<T> format) throws IOException {
    return FileAccess.read(file, channel -> read(channel, format));
  }

  /** Has a format read all of a file that is open. */
  static <T> T read(SeekableByteChannel file, Values<T> format) throws IOException {
    return format.read(new ValueReader(file, file.size()));
  }

  /** The number of bytes not yet read, by the file's size when it was opened. */
  long remaining() {
    return remaining;
  }

  /** The next {@code count} bytes, little-endian; at most {@link #remaining()} may be asked for. */
  ByteBuffer bytes(int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    fill(bytes);
    return bytes;
  }

  /**
   * The next {@code count} numbers; at most {@link #remaining()} bytes of them may be asked for.
   */
  double[] values(int count, StoredType type, ByteOrder order) throws IOException {
    double[] values = new double[count];
    int chunk = buffer.capacity() / type.width();
    for (int done = 0; done < count; ) {
      int n = Math.min(chunk, count - done);
      type.widen(next(n, type, order), values, done, n, done);
      done += n;
    }
    return values;
  }

  /** As {@link #values(int, StoredType, ByteOrder)}, each number at the next of these places. */
  double[] values(int count, StoredType type, ByteOrder order, Strides places) throws IOException {
    double[] values = new double[count];
    double[] chunk = new double[Math.min(count, CHUNK)];
    for (int done = 0; done < count; ) {
      int n = Math.min(chunk.length, count - done);
      type.widen(next(n, type, order), chunk, 0, n, done);
      for (int i = 0; i < n; i++) {
        values[places.to()] = chunk[i];
        places.next();
      }
      done += n;
    }
    return values;
  }

  private ByteBuffer next(int count, StoredType type, ByteOrder order) throws IOException {
    fill(Buffers.room(buffer, count * type.width()).order(order));
    return buffer;
  }

  /** Passes over the next {@code count} bytes; at most {@link #remaining()}. */
  void skip(long count) throws IOException {
    int known = (int) Math.min(count, ahead.remaining());
    Buffers.to(ahead, ahead.position() + known);
    if (channel instanceof SeekableByteChannel file) {
      file.position(file.position() + count - known);
      remaining -= count;
      return;
    }
    remaining -= known;
    for (long left = count - known; left > 0; left -= buffer.limit()) {
      fill(Buffers.room(buffer, (int) Math.min(left, buffer.capacity())));
    }
  }

  /** Up to so many of the next bytes, which are still to be read. */
  byte[] peek(int count) throws IOException {
    byte[] bytes = bytes((int) Math.min(count, remaining)).array();
    ahead = ByteBuffer.wrap(bytes);
    remaining += bytes.length;
    return bytes;
  }

  private void fill(ByteBuffer target) throws IOException {
    remaining -= target.remaining();
    while (ahead.hasRemaining() && target.hasRemaining()) {
      target.put(ahead.get());
    }
    while (target.hasRemaining()) {
      if (channel.read(target) < 0) {
        throw new IOException("expected " + target.remaining() + " bytes more but the file ended");
      }
    }
    Buffers.flip(target);
  }
}
