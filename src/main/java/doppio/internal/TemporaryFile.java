package doppio.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file {@code .doppio-….tmp} that is written beside the one whose place it takes, and is gone
 * when it is closed.
 *
 * <p>It is locked for as long as somebody writes it, for a lock ends with its process, however that
 * ends, while the number of a process says nothing in another container. So one that can be locked
 * was left behind. Its name begins with a hash of the other file's, which may be too long to stand
 * in it.
 */
final class TemporaryFile implements WritableByteChannel {
  /** Of this process, whose locks are lost where it closes a file that it has opened again. */
  private static final Set<String> OURS = ConcurrentHashMap.newKeySet();

  /** Where the lock lies: behind all content, which some systems keep others from reading. */
  private static final long BEHIND = 1L << 62;

  /** How often one is made that nobody can see, before that is the way of its file system. */
  private static final int ATTEMPTS = 3;

  private final Path target;
  private final Path file;
  private final String name;
  private final Path path;
  private final FileChannel channel;
  private boolean visible;
  private boolean moved;
  private long written;

  private TemporaryFile(Path target, Path file) throws IOException {
    this.target = target;
    this.file = file;
    name = prefix(target) + UUID.randomUUID() + ".tmp";
    path = target.resolveSibling(name);
    OURS.add(name);
    try {
      channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (Throwable t) {
      OURS.remove(name);
      throw t;
    }
  }

  /**
   * Makes an empty one.
   *
   * @param target what it is to be; its folder is there
   * @param file what messages call that
   */
  static TemporaryFile of(Path target, Path file) throws IOException {
    try {
      for (int attempt = 1; ; attempt++) {
        TemporaryFile made = new TemporaryFile(target, file);
        made.visible = made.isLocked() && Files.exists(made.path);
        if (made.visible || attempt == ATTEMPTS) {
          return made;
        }
        // Whoever looked for what was left behind came before the lock, and takes it away.
        made.close();
      }
    } catch (UnsupportedOperationException e) {
      throw refused(file, "its file system is read-only", e);
    } catch (IOException e) {
      Path folder = target.getParent();
      requireFolder(folder, file);
      throw refused(
          file,
          "cannot create a file in folder " + folder + because(e) + FileAccess.room(folder),
          e);
    }
  }

  /**
   * Refuses what is no folder, or may not be looked into.
   *
   * @param file what was to be written in it, for the message
   */
  static void requireFolder(Path folder, Path file) throws FileSystemException {
    try {
      FileAccess.requireFolder(folder);
    } catch (AccessDeniedException e) {
      throw refused(file, e.getReason(), e);
    } catch (FileSystemException e) {
      throw refused(file, e.getReason() + ": " + folder, e);
    } catch (IOException e) {
      throw refused(file, "cannot look into folder " + folder + because(e), e);
    }
  }

  /** Removes what killed processes have left of those for a file. */
  static void clear(Path target) {
    String prefix = prefix(target);
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(target.getParent(), path -> nameOf(path).startsWith(prefix))) {
      left.forEach(TemporaryFile::removeUnlessLocked);
    } catch (IOException | DirectoryIteratorException e) {
      // It stays, which keeps no file from being written.
    }
  }

  private static void removeUnlessLocked(Path path) {
    if (OURS.contains(nameOf(path)) || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (FileChannel left = FileChannel.open(path, StandardOpenOption.WRITE);
        FileLock lock = left.tryLock(BEHIND, 1, false)) {
      if (lock != null) {
        Files.delete(path);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // Nobody can say that it is dead.
    }
  }

  private static String prefix(Path target) {
    String name = nameOf(target);
    // FNV-1a in 64 bits.
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return ".doppio-" + Long.toHexString(hash) + "-";
  }

  private static String nameOf(Path path) {
    return path.getFileName().toString();
  }

  /** Locks it; not where another process, to remove it, was faster. */
  private boolean isLocked() {
    try {
      return channel.tryLock(BEHIND, 1, false) != null;
    } catch (IOException e) {
      // A file system without locks, where nobody finds out that one is dead.
      return true;
    }
  }

  /** Makes it belong to those that the file before belongs to; null where there was none. */
  void giveTo(Owners old) throws IOException {
    if (old != null && visible) {
      old.give(path, file);
    }
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    try {
      int count = channel.write(from);
      written += count;
      return count;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Makes the content last through a crash. */
  void force() throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Takes the place of the file. */
  void replaceTarget(Owners old) throws IOException {
    if (!visible) {
      // Of a zip file system, which shows a file only when it has been closed.
      channel.close();
      visible = true;
      giveTo(old);
    }
    try {
      // Where a move is atomic it replaces anyway; a zip file system wants to be told.
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      moved = true;
    } catch (IOException e) {
      throw refused(
          file,
          Files.exists(target)
              ? "cannot be replaced by a new file"
                  + because(e)
                  + "; if it is mounted by itself, as into a container, mount its folder"
              : "cannot be created" + because(e) + FileAccess.room(target.getParent()),
          e);
    }
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      try {
        if (!moved) {
          boolean unused = Files.deleteIfExists(path);
        }
      } finally {
        OURS.remove(name);
      }
    }
  }

  private IOException failed(IOException e) {
    String count = "; " + written + " bytes were written";
    return e instanceof ClosedChannelException
        ? e
        : refused(
            file,
            "cannot be written" + because(e) + count + FileAccess.room(target.getParent()),
            e);
  }

  private static String because(IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    if (reason == null && e instanceof AccessDeniedException) {
      reason = "no permission";
    }
    return reason == null ? "" : " (" + reason + ")";
  }

  static FileSystemException refused(Path file, String why, Throwable cause) {
    FileSystemException refused = new FileSystemException(file.toString(), null, why);
    refused.initCause(cause);
    return refused;
  }
}
