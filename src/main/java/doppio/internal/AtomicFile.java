package doppio.internal;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;

/**
 * Replaces a file as a whole: whoever opens it, even after a crash, finds all of the old content or
 * all of the new.
 *
 * <p>The content goes to a temporary file {@code .doppio-….tmp} in the same folder, is forced to
 * the disk and takes the file's name in one step. Where writing fails, the temporary file is
 * removed and the old file is as it was.
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
      throw refused(
          file,
          "expected a file but found a " + (Files.isDirectory(file) ? "folder" : "device"),
          null);
    }
    Path target = exists ? file.toRealPath() : linked(file);
    Owners old = exists ? Owners.of(target) : null;
    if (exists && FileAccess.isReadOnly(target)) {
      throw refused(file, "is read-only, and so not replaced", null);
    }
    Path folder = target.getParent();
    Path temporary = folder.resolve(".doppio-" + UUID.randomUUID() + ".tmp");
    FileChannel channel = create(temporary, folder, file);
    try {
      try (channel) {
        if (old != null && Files.exists(temporary)) {
          old.give(temporary, file);
        }
        content.writeTo(channel);
        channel.force(true);
      }
      if (old != null) {
        // A zip file system shows a file only when it has been closed.
        old.give(temporary, file);
      }
      move(temporary, target, file);
    } catch (Throwable failure) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
    force(folder);
  }

  /** Where a file is to be: through symbolic links that lead to nothing yet, too. */
  private static Path linked(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw refused(file, "leads from one symbolic link to the next without end", null);
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  private static FileChannel create(Path temporary, Path folder, Path file) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw refused(file, whyNot(folder), null);
    }
    try {
      return FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileSystemException e) {
      throw refused(file, whyNot(folder), e);
    } catch (UnsupportedOperationException e) {
      throw refused(file, "its file system is read-only", e);
    }
  }

  private static String whyNot(Path folder) throws IOException {
    try {
      FileAccess.requireFolder(folder);
      return "cannot create a file in folder " + folder;
    } catch (AccessDeniedException e) {
      return e.getReason();
    } catch (NoSuchFileException e) {
      return "no such folder: " + folder;
    } catch (FileSystemException e) {
      return e.getReason() + ": " + folder;
    }
  }

  private static void move(Path temporary, Path target, Path file) throws IOException {
    try {
      // Where a move is atomic it replaces anyway; a zip file system wants to be told.
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? "" : " (" + e.getReason() + ")";
      if (!Files.exists(target)) {
        throw refused(file, "cannot be created" + reason, e);
      }
      throw refused(
          file,
          "cannot be replaced by a new file"
              + reason
              + "; if it is mounted by itself, as into a container, mount its folder",
          e);
    }
  }

  private static FileSystemException refused(Path file, String why, Throwable cause) {
    FileSystemException refused = new FileSystemException(file.toString(), null, why);
    refused.initCause(cause);
    return refused;
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
