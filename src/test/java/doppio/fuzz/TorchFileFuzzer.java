package doppio.fuzz;

import doppio.model.TorchFile;
import java.io.IOException;
import java.nio.file.Path;

/** The target of Jazzer for files of torch.save: zip archives of a pickle and numbers. */
public final class TorchFileFuzzer {
  private static final FuzzedReader READER = new FuzzedReader(TorchFileFuzzer::load);

  private TorchFileFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }

  /** With a key where there are several dicts. */
  private static Object load(Path file) throws IOException {
    try {
      return TorchFile.load(file);
    } catch (IllegalArgumentException e) {
      return TorchFile.load(file, "model");
    }
  }
}
