package doppio.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A file of a {@link Disk}, or a folder, that is open. */
final class DiskChannel extends FileChannel {
  private final Disk disk;
  private final Path path;
  private final FileChannel real;

  DiskChannel(Disk disk, Path path, FileChannel real) {
    this.disk = disk;
    this.path = path;
    this.real = real;
  }

  /** No more than fits, as a disk does that is about to be full. */
  @Override
  public int write(ByteBuffer from) throws IOException {
    disk.may("write", path);
    int count = disk.take(from.remaining());
    byte[] bytes = new byte[count];
    from.get(bytes);
    long at = real.position();
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      real.write(rest);
    }
    disk.written(path, at, bytes);
    return count;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    disk.may("force", path);
    real.force(metadata);
    disk.forced(path, metadata);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    disk.may("lock", path);
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    return real.read(to);
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public FileChannel position(long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int read(ByteBuffer to, long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer from, long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}
