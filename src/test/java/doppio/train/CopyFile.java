package doppio.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Keeps what another callback has saved, under a name for each step and each epoch. */
record CopyFile(Path file, Path folder) implements Callback {
  static String name(long step, boolean inBatch) {
    return (inBatch ? "batch-" : "epoch-") + step;
  }

  @Override
  public void batch(Training training) {
    copy(name(training.step(), true));
  }

  @Override
  public void epoch(Training training) {
    copy(name(training.step(), false));
  }

  private void copy(String name) {
    if (!Files.exists(file)) {
      return;
    }
    try {
      Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
