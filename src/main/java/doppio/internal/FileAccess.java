package doppio.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;

/** Opens files, and finds words for what stands in the way: nothing there, no permission. */
public final class FileAccess {
  private static final Set<PosixFilePermission> WRITE =
      Set.of(
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_WRITE);

  private FileAccess() {}

  /** What a format makes of a file; its messages need not name the file. */
  @FunctionalInterface
  public interface Format<T> {
    /** Reads the file, which is open. */
    T read(SeekableByteChannel file) throws IOException;
  }

  /** What is made of a file's contents; its messages need not name the file. */
  @FunctionalInterface
  public interface Reading<T> {
    /** Makes it. */
    T read() throws IOException;
  }

  /**
   * Makes something of a file's contents.
   *
   * @throws IllegalArgumentException if the contents do not fit; names the file
   */
  public static <T> T naming(Path file, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Opens a file, has a format read it and closes it again.
   *
   * @throws IOException if the file cannot be read or the format refuses it; names the file
   * @throws IllegalArgumentException if the format throws one; names the file
   */
  public static <T> T read(Path file, Format<T> format) throws IOException {
    try (SeekableByteChannel channel = open(file)) {
      return naming(file, () -> format.read(channel));
    } catch (ClosedByInterruptException e) {
      throw new InterruptedFileException("interrupted while reading " + file, e);
    } catch (FileSystemException | ClosedChannelException e) {
      // The first names the file already, the second is no fault of the file.
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Opens a file for reading.
   *
   * @throws FileSystemException if it is missing, a folder or not to be read; names it and says why
   */
  public static SeekableByteChannel open(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    try {
      if (Files.readAttributes(file, BasicFileAttributes.class).isDirectory()) {
        throw new FileSystemException(file.toString(), null, "expected a file but found a folder");
      }
      return Files.newByteChannel(file);
    } catch (NoSuchFileException e) {
      throw because(new NoSuchFileException(file.toString(), null, "no such file"), e);
    } catch (AccessDeniedException e) {
      throw because(new AccessDeniedException(file.toString(), null, denied(file)), e);
    }
  }

  /**
   * Opens a file as a stream.
   *
   * @throws FileSystemException as {@link #open} does; reading throws {@link
   *     InterruptedFileException} where the thread is interrupted
   */
  public static InputStream stream(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    return new FilterInputStream(Channels.newInputStream(open(file))) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        try {
          return in.read(bytes, from, length);
        } catch (ClosedByInterruptException e) {
          throw new InterruptedFileException("interrupted while reading " + file, e);
        }
      }
    };
  }

  /**
   * Checks that a folder is there and can be looked into.
   *
   * @throws FileSystemException if not; names it and says why
   */
  public static void requireFolder(Path folder) throws IOException {
    Objects.requireNonNull(folder, "folder");
    try {
      if (!Files.readAttributes(folder, BasicFileAttributes.class).isDirectory()) {
        throw new FileSystemException(
            folder.toString(), null, "expected a folder but found a file");
      }
      // The folder itself, by a name within it: to look that up takes the permission in question.
      Files.readAttributes(folder.resolve("."), BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw because(new NoSuchFileException(folder.toString(), null, "no such folder"), e);
    } catch (AccessDeniedException e) {
      throw because(new AccessDeniedException(folder.toString(), null, denied(folder)), e);
    }
  }

  /** Whether nobody may write a file, even if this process, as the superuser's, could. */
  public static boolean isReadOnly(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    return !Files.isWritable(file)
        || (view != null && Collections.disjoint(view.readAttributes().permissions(), WRITE));
  }

  /** How much is left, for a message, as far as anybody knows: a quota may leave less. */
  public static String room(Path folder) {
    try {
      return "; its disk has " + Files.getFileStore(folder).getUsableSpace() + " bytes left";
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /** The file itself, or the folder above it that hides even whether there is such a file. */
  private static String denied(Path file) {
    Path above = file.toAbsolutePath();
    while (above != null && !isKnown(above)) {
      above = above.getParent();
    }
    return above == null || !Files.isDirectory(above)
        ? "no permission to read it"
        : "no permission to look into folder " + above;
  }

  private static boolean isKnown(Path file) {
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static FileSystemException because(FileSystemException named, IOException cause) {
    named.initCause(cause);
    return named;
  }
}
