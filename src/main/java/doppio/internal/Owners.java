package doppio.internal;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/** Whose a file is and who may do what with it, for the file that takes its place. */
final class Owners {
  private final PosixFileAttributes attributes;

  private Owners(PosixFileAttributes attributes) {
    this.attributes = attributes;
  }

  /** Those of a file, or null where the file system knows none. */
  static Owners of(Path file) throws IOException {
    PosixFileAttributeView view = view(file);
    return view == null ? null : new Owners(view.readAttributes());
  }

  /**
   * Gives a new file to the old one's owner and group, with the old one's permissions, so that what
   * was private does not become public.
   *
   * @param file the old file, for the message
   * @throws FileSystemException if this process may not
   */
  void give(Path to, Path file) throws IOException {
    PosixFileAttributeView view = view(to);
    PosixFileAttributes now = view.readAttributes();
    try {
      if (!now.group().equals(attributes.group())) {
        view.setGroup(attributes.group());
      }
      if (!now.owner().equals(attributes.owner())) {
        view.setOwner(attributes.owner());
      }
      if (!now.permissions().equals(attributes.permissions())) {
        view.setPermissions(attributes.permissions());
      }
    } catch (FileSystemException e) {
      FileSystemException refused =
          new FileSystemException(
              file.toString(),
              null,
              "belongs to "
                  + attributes.owner().getName()
                  + " and group "
                  + attributes.group().getName()
                  + ", which the file in its place would not: remove it first, or save elsewhere");
      refused.initCause(e);
      throw refused;
    }
  }

  private static PosixFileAttributeView view(Path file) {
    return Files.getFileAttributeView(file, PosixFileAttributeView.class);
  }
}
