package doppio.internal.disk;

import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;

/** How much room a {@link Disk} has. */
final class DiskStore extends FileStore {
  private final Disk disk;

  DiskStore(Disk disk) {
    this.disk = disk;
  }

  @Override
  public long getUsableSpace() {
    return disk.free();
  }

  @Override
  public long getUnallocatedSpace() {
    return disk.free();
  }

  @Override
  public long getTotalSpace() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public String type() {
    return "disk";
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return false;
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return false;
  }

  @Override
  public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
    return null;
  }

  @Override
  public Object getAttribute(String attribute) {
    throw new UnsupportedOperationException();
  }
}
