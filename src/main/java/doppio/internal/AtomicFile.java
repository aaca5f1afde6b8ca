package doppio.internal;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Replaces a file as a whole: whoever opens it, even after a crash, finds all of the old content or
 * all of the new.
 *
 * <p>The content goes to a temporary file {@code .doppio-….tmp} in the same folder, is forced to
 * the disk and takes the file's name in one step. Where writing fails, the temporary file is
 * removed and the old file is as it was; where the process is killed meanwhile, the next that
 * writes the same file removes it.
 *
 * <p>An old file is replaced only where that changes nothing but its content: one that is read-only
 * or mounted by itself, and one of another owner or group that this process may not give away, are
 * refused.
 *
 * <pre>{@code
 * AtomicFile.write(path, channel -> channel.write(ByteBuffer.wrap(bytes)));
 * }</pre>
 */
public final class AtomicFile {
  private static final int MOST_LINKS = 40;

  private AtomicFile() {}

  /** Produces the content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of the content.
     *
     * @param channel the new file, empty; it is closed for you
     * @throws IOException if the content cannot be written; the old file then stays
     */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /**
   * Writes a file, or replaces it if it exists.
   *
   * @param file its folder must exist; where it is a symbolic link, the file that it leads to is
   *     written or replaced; an old file's permissions, owner and group are kept
   * @param content writes what the file is to hold
   * @throws IOException if the file is a folder or device, is read-only, cannot be written or
   *     replaced, or whatever {@code content} throws; the old file is then untouched and no
   *     temporary file is left
   */
  public static void write(Path file, Content content) throws IOException {
    Objects.requireNonNull(file, "file");
    try {
      replace(file, content);
    } catch (ClosedByInterruptException e) {
      throw new InterruptedFileException("interrupted while writing " + file, e);
    }
  }

  /**
   * As {@link #write}, but an interruption of the thread, before or meanwhile, does not keep the
   * file from being written: it is seen again afterwards.
   *
   * @param content writes what the file is to hold; called again, with another empty file, where
   *     the thread is interrupted meanwhile
   */
  public static void writeUninterrupted(Path file, Content content) throws IOException {
    Objects.requireNonNull(file, "file");
    boolean interrupted = Thread.interrupted();
    try {
      while (!replaced(file, content)) {
        interrupted = true;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether it was done: not where an interruption, which is taken off the thread, closed it. */
  private static boolean replaced(Path file, Content content) throws IOException {
    try {
      replace(file, content);
      return true;
    } catch (ClosedByInterruptException e) {
      if (!Thread.interrupted()) {
        throw e;
      }
      return false;
    }
  }

  private static void replace(Path file, Content content) throws IOException {
    boolean exists = Files.exists(file);
    if (exists && !Files.isRegularFile(file)) {
      throw TemporaryFile.refused(
          file,
          "expected a file but found a " + (Files.isDirectory(file) ? "folder" : "device"),
          null);
    }
    Path target = target(file);
    Owners old = exists ? Owners.of(target) : null;
    if (exists && FileAccess.isReadOnly(target)) {
      throw TemporaryFile.refused(file, "is read-only, and so not replaced", null);
    }
    Path folder = target.getParent();
    if (!Files.isDirectory(folder)) {
      TemporaryFile.requireFolder(folder, file);
    }
    TemporaryFile.clear(target);
    try (TemporaryFile temporary = TemporaryFile.of(target, file)) {
      temporary.giveTo(old);
      content.writeTo(temporary);
      temporary.force();
      temporary.replaceTarget(old);
    }
    force(folder);
  }

  /**
   * Where a file is to be: through symbolic links, those that lead to nothing yet among them.
   *
   * @throws FileSystemException if links lead to links without end
   */
  public static Path target(Path file) throws IOException {
    if (Files.exists(file)) {
      return file.toRealPath();
    }
    Path target = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw TemporaryFile.refused(
            file, "leads from one symbolic link to the next without end", null);
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  /** Makes the new name last through a crash; the file itself is in place already. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows, among others, opens no folders.
    }
  }
}
