package doppio.io;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Replaces a file as a whole: whoever opens it, even after a crash, finds all of the old content or
 * all of the new.
 *
 * <p>The content goes to a temporary file {@code .doppio-….tmp} in the same folder, is forced to
 * the disk and takes the file's name in one step. Where writing fails, the temporary file is
 * removed and the old file is as it was.
 *
 * <pre>{@code
 * AtomicFile.write(path, channel -> channel.write(ByteBuffer.wrap(bytes)));
 * }</pre>
 */
public final class AtomicFile {
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
   *     replaced; an old file's permissions are kept, less those that the process's mask takes away
   * @param content writes what the file is to hold
   * @throws IOException if the file is a folder or device, or cannot be written, or whatever {@code
   *     content} throws; the old file is then untouched and no temporary file is left
   */
  public static void write(Path file, Content content) throws IOException {
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
      throw new FileSystemException(
          file.toString(),
          null,
          "expected a file but found a " + (Files.isDirectory(file) ? "folder" : "device"));
    }
    Path target = exists ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.getParent();
    Path temporary = folder.resolve(".doppio-" + UUID.randomUUID() + ".tmp");
    FileChannel channel = create(temporary, target, file);
    try {
      try (channel) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
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

  private static FileChannel create(Path temporary, Path target, Path file) throws IOException {
    try {
      return FileChannel.open(
          temporary,
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          permissions(target));
    } catch (FileSystemException e) {
      FileSystemException named =
          new FileSystemException(
              file.toString(),
              null,
              Files.isDirectory(target.getParent())
                  ? "cannot create a file in folder " + target.getParent()
                  : "no such folder: " + target.getParent());
      named.initCause(e);
      throw named;
    }
  }

  /** The old file's permissions, so that what was private does not become public. */
  private static FileAttribute<?>[] permissions(Path target) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    if (view == null || !Files.exists(target)) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(view.readAttributes().permissions())
    };
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
