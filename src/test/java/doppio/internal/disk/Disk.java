package doppio.internal.disk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/**
 * A file system of real files that remembers what was asked of it, has as much room as a test
 * likes, and fails where a test likes; {@link Crash} says what may be left of it.
 */
public final class Disk extends FileSystem {
  /** Decides whether something can be done. */
  @FunctionalInterface
  public interface Fault {
    /**
     * Sees a call before it is done.
     *
     * @param call {@code create}, {@code open}, {@code list}, {@code lock}, {@code write}, {@code
     *     force}, {@code move} or {@code delete}
     */
    void at(String call, Path path) throws IOException;
  }

  private final FileSystemProvider provider = new DiskProvider(this);
  private final Path root;
  private Crash log = new Crash();
  private long free = Long.MAX_VALUE;
  private Fault fault = (call, path) -> {};
  private Path secret;

  /** Over the files of a folder. */
  public Disk(Path root) {
    this.root = root;
  }

  /** A file of the folder. */
  public Path file(String name) {
    return path(root.resolve(name));
  }

  /** Leaves so much room. */
  public Disk free(long bytes) {
    free = bytes;
    return this;
  }

  /** Fails where this throws. */
  public Disk fault(Fault fault) {
    this.fault = fault;
    return this;
  }

  /** Keeps everybody from looking into a folder. */
  public Disk secret(Path folder) {
    secret = folder;
    return this;
  }

  /** What has happened since the last call, all before it being safe. */
  public Crash log() {
    Crash before = log;
    log = new Crash(before);
    return before;
  }

  Path path(Path real) {
    return new DiskPath(this, real);
  }

  long free() {
    return free;
  }

  void may(String call, Path path) throws IOException {
    fault.at(call, path);
  }

  void mayLookAt(Path path) throws AccessDeniedException {
    if (secret != null && path.startsWith(secret) && !path.equals(secret)) {
      throw new AccessDeniedException(path.toString());
    }
  }

  /** Takes room for at most so many bytes. */
  int take(int bytes) throws IOException {
    int taken = (int) Math.min(bytes, free);
    if (taken == 0 && bytes > 0) {
      throw new IOException("No space left on device");
    }
    free -= taken;
    return taken;
  }

  void created(Path path) {
    log.created(path.toString());
  }

  void written(Path path, long at, byte[] bytes) {
    log.written(path.toString(), at, bytes);
  }

  void forced(Path path, boolean metadata) {
    log.forced(path.toString(), metadata);
  }

  void moved(Path from, Path to) {
    log.moved(from.toString(), to.toString());
  }

  void deleted(Path path) {
    log.deleted(path.toString());
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public Path getPath(String first, String... more) {
    return path(root.getFileSystem().getPath(first, more));
  }

  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return root.getFileSystem().getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new DiskStore(this));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return root.getFileSystem().supportedFileAttributeViews();
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }
}
