package doppio.train;

import doppio.internal.AtomicFile;
import doppio.internal.FileAccess;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Whether a file could be written where it is to be. */
final class Folder {
  private Folder() {}

  /**
   * Refuses a file whose folder is missing, is no folder, or takes no file, and one that is no file
   * or is read-only; in the words that writing it would have.
   */
  static void require(Path file) throws IOException {
    boolean exists = Files.exists(file);
    if (exists && !Files.isRegularFile(file)) {
      String found = Files.isDirectory(file) ? "folder" : "device";
      throw refused(file, "expected a file but found a " + found);
    }
    Path target = AtomicFile.target(file);
    Path folder = target.getParent();
    try {
      FileAccess.requireFolder(folder);
    } catch (AccessDeniedException e) {
      throw refused(file, e.getReason());
    } catch (NoSuchFileException e) {
      throw refused(file, "no such folder: " + folder);
    } catch (FileSystemException e) {
      throw refused(file, "expected a folder but found a file: " + folder);
    }
    if (exists && FileAccess.isReadOnly(target)) {
      throw refused(file, "is read-only, and so not replaced");
    }
    if (!Files.isWritable(folder)) {
      throw refused(
          file,
          "cannot create a file in folder "
              + folder
              + " (no permission)"
              + FileAccess.room(folder));
    }
  }

  private static FileSystemException refused(Path file, String reason) {
    return new FileSystemException(file.toString(), null, reason);
  }
}
