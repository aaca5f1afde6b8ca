package doppio.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A file's content in memory, to be read as a file is. */
public final class MemoryChannel implements SeekableByteChannel {
  /** Small enough for garbage collectors that lay larger arrays apart, and waste the rest. */
  private static final int CHUNK = 1 << 18;

  private final List<byte[]> chunks;
  private final int chunk;
  private final long size;
  private boolean once;
  private long position;
  private boolean open = true;

  private MemoryChannel(List<byte[]> chunks, int chunk, long size) {
    this.chunks = chunks;
    this.chunk = chunk;
    this.size = size;
  }

  /** The bytes themselves, not a copy. */
  public static MemoryChannel of(byte[] bytes) {
    Objects.requireNonNull(bytes, "file");
    return new MemoryChannel(List.of(bytes), Math.max(1, bytes.length), bytes.length);
  }

  /** All that is left of a stream, which is not closed. It may be larger than an array. */
  public static MemoryChannel of(InputStream in) throws IOException {
    List<byte[]> chunks = new ArrayList<>();
    long size = 0;
    byte[] next;
    do {
      next = in.readNBytes(CHUNK);
      chunks.add(next);
      size += next.length;
    } while (next.length == CHUNK);
    return new MemoryChannel(chunks, CHUNK, size);
  }

  /**
   * As {@link #of(InputStream)}, to be read once, from front to end: what has been read is no
   * longer in memory.
   */
  public static MemoryChannel once(InputStream in) throws IOException {
    MemoryChannel channel = of(in);
    channel.once = true;
    return channel;
  }

  @Override
  public int read(ByteBuffer into) {
    if (position >= size) {
      return -1;
    }
    int at = (int) (position / chunk);
    byte[] bytes = chunks.get(at);
    if (once && at > 0) {
      chunks.set(at - 1, null);
    }
    int from = (int) (position % chunk);
    int count = Math.min(into.remaining(), bytes.length - from);
    into.put(bytes, from, count);
    position += count;
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public MemoryChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public int write(ByteBuffer from) {
    throw new NonWritableChannelException();
  }

  @Override
  public MemoryChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }
}
