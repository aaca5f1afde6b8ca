package doppio.internal.onnx;

import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A file of zeros that has fewer of them than it says. */
final class ShrunkChannel implements SeekableByteChannel {
  private final long said;
  private final long size;
  private long position;

  ShrunkChannel(long said, long size) {
    this.said = said;
    this.size = size;
  }

  @Override
  public int read(ByteBuffer into) {
    if (position >= size) {
      return -1;
    }
    into.put((byte) 0);
    position++;
    return 1;
  }

  @Override
  public int write(ByteBuffer from) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long to) {
    position = to;
    return this;
  }

  @Override
  public long size() {
    return said;
  }

  @Override
  public SeekableByteChannel truncate(long to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
