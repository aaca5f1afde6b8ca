package doppio.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What callbacks do with a file, because they throw nothing that is checked. */
final class Saving {
  private Saving() {}

  static void save(Training training, Path file) {
    try {
      training.save(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Refuses a file that could not be written, before a training runs for it. */
  static void requireFolder(Path file) {
    try {
      Folder.require(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
