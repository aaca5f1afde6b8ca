package doppio.train;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a file could be written where it is to be. */
final class Folder {
  private Folder() {}

  /**
   * Refuses a file whose folder is missing, is none, or takes no file, and one that is a folder
   * itself; in the words that writing it would have.
   */
  static void require(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw refused(file, "expected a file but found a folder");
    }
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.getParent();
    if (!Files.exists(folder)) {
      throw refused(file, "no such folder: " + folder);
    }
    if (!Files.isDirectory(folder)) {
      throw refused(file, "expected a folder but found a file: " + folder);
    }
    if (!Files.isWritable(folder)) {
      throw refused(file, "cannot create a file in folder " + folder);
    }
  }

  private static FileSystemException refused(Path file, String reason) {
    return new FileSystemException(file.toString(), null, reason);
  }
}
