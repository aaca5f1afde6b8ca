package doppio.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a file from front to end: bytes for a header, then numbers through a small buffer. */
final class ValueReader {
  private static final int BUFFER_BYTES = 1 << 18;

  private final SeekableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long remaining;

  private ValueReader(SeekableByteChannel channel) throws IOException {
    this.channel = channel;
    remaining = channel.size();
  }

  /** What a format makes of a file; its messages need not name the file. */
  @FunctionalInterface
  interface Format<T> {
    T read(ValueReader in) throws IOException;
  }

  /**
   * Opens a file, has a format read it and closes it again.
   *
   * @throws IOException if the file cannot be read or the format refuses it; names the file
   */
  static <T> T read(Path file, Format<T> format) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "expected a file but found a folder");
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      return format.read(new ValueReader(channel));
    } catch (NoSuchFileException e) {
      NoSuchFileException named = new NoSuchFileException(file.toString(), null, "no such file");
      named.initCause(e);
      throw named;
    } catch (FileSystemException | ClosedChannelException e) {
      // The first names the file already, the second is no fault of the file.
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
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
    int chunk = BUFFER_BYTES / type.width();
    for (int done = 0; done < count; ) {
      int n = Math.min(chunk, count - done);
      buffer.clear().limit(n * type.width()).order(order);
      fill(buffer);
      type.widen(buffer, values, done, n);
      done += n;
    }
    return values;
  }

  /** Passes over the next {@code count} bytes; at most {@link #remaining()}. */
  void skip(long count) throws IOException {
    channel.position(channel.position() + count);
    remaining -= count;
  }

  private void fill(ByteBuffer target) throws IOException {
    remaining -= target.remaining();
    while (target.hasRemaining()) {
      if (channel.read(target) < 0) {
        throw new IOException("expected " + target.remaining() + " bytes more but the file ended");
      }
    }
    target.flip();
  }
}
