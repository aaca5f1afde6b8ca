package doppio.io;

import doppio.internal.AtomicFile;
import doppio.internal.Buffers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.WritableByteChannel;

/** Writes bytes, and numbers little-endian through a small buffer. */
final class ValueWriter {
  private static final int BUFFER_BYTES = 1 << 18;

  private final WritableByteChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  ValueWriter(WritableByteChannel channel) {
    this.channel = channel;
  }

  /** Has all of some content written to a stream, which is flushed and not closed. */
  static void write(OutputStream out, AtomicFile.Content content) throws IOException {
    content.writeTo(new StreamChannel(out));
    out.flush();
  }

  void write(byte[] bytes) throws IOException {
    drain(ByteBuffer.wrap(bytes));
  }

  /** Writes numbers that the format has been asked about, see {@link Dtype#check}. */
  void write(double[] values, Dtype dtype) throws IOException {
    int chunk = BUFFER_BYTES / dtype.width();
    for (int done = 0; done < values.length; ) {
      int n = Math.min(chunk, values.length - done);
      Buffers.room(buffer, n * dtype.width());
      put(values, done, n, dtype);
      drain(buffer);
      done += n;
    }
  }

  private void put(double[] values, int from, int count, Dtype dtype) {
    switch (dtype) {
      case F64 -> {
        DoubleBuffer doubles = buffer.asDoubleBuffer();
        doubles.put(values, from, count);
      }
      case F32 -> {
        FloatBuffer floats = buffer.asFloatBuffer();
        for (int i = 0; i < count; i++) {
          floats.put((float) values[from + i]);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          putWhole(values[from + i], dtype.width());
        }
        Buffers.flip(buffer);
      }
    }
  }

  /** The lower bytes, which are the same with and without sign. */
  private void putWhole(double value, int width) {
    long bits = value < 0x1p63 ? (long) value : (long) (value - 0x1p63) | Long.MIN_VALUE;
    switch (width) {
      case Long.BYTES -> buffer.putLong(bits);
      case Integer.BYTES -> buffer.putInt((int) bits);
      case Short.BYTES -> buffer.putShort((short) bits);
      default -> buffer.put((byte) bits);
    }
  }

  private void drain(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** A stream as a channel: that of {@code Channels} closes it where the thread is interrupted. */
  private record StreamChannel(OutputStream out) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer from) throws IOException {
      int count = from.remaining();
      out.write(from.array(), from.arrayOffset() + from.position(), count);
      Buffers.to(from, from.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
