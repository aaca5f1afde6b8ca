package doppio.internal.onnx;

import doppio.internal.Buffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;

/** The bytes of a file by their place. Only a few of them, those around the last, are in memory. */
final class FileBytes {
  private static final int WINDOW = 1 << 14;

  private final SeekableByteChannel channel;
  private final int size;
  private final ByteBuffer window =
      Buffers.room(ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN), 0);
  private int first;

  /**
   * Those of a file.
   *
   * @throws IOException if it has more than the format allows
   */
  FileBytes(SeekableByteChannel channel) throws IOException {
    if (channel.size() > Integer.MAX_VALUE) {
      throw new IOException(
          "expected an ONNX file, at most 2 GiB, but it has " + channel.size() + " bytes");
    }
    this.channel = channel;
    size = (int) channel.size();
  }

  int size() {
    return size;
  }

  byte get(int place) throws IOException {
    return window.get(inWindow(place, 1));
  }

  int getInt(int place) throws IOException {
    return window.getInt(inWindow(place, Integer.BYTES));
  }

  long getLong(int place) throws IOException {
    return window.getLong(inWindow(place, Long.BYTES));
  }

  /** A copy of some of them. */
  byte[] copy(int place, int count) throws IOException {
    byte[] bytes = new byte[count];
    read(ByteBuffer.wrap(bytes), place);
    return bytes;
  }

  /** Where in the window a place is, after all of so many bytes from there on are in it. */
  private int inWindow(int place, int count) throws IOException {
    if (place < first || place > first + window.limit() - count) {
      Buffers.room(window, Math.min(WINDOW, size - place));
      first = place;
      read(window, place);
      Buffers.flip(window);
    }
    return place - first;
  }

  private void read(ByteBuffer into, int place) throws IOException {
    channel.position(place);
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new IOException("expected " + size + " bytes but the file ended");
      }
    }
  }
}
