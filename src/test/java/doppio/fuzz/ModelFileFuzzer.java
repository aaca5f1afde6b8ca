package doppio.fuzz;

import doppio.model.ModelFile;
import doppio.model.Registry;
import doppio.nn.Module;
import doppio.own.Skip;
import doppio.own.Square;
import java.io.IOException;
import java.nio.file.Path;

/** The target of Jazzer for model files: safetensors files with an architecture in JSON. */
public final class ModelFileFuzzer {
  private static final Registry OWN =
      Registry.of("Square", Square.class, parts -> new Square())
          .and("Skip", Skip.class, parts -> new Skip(parts.child("body")));
  private static final FuzzedReader READER = new FuzzedReader(ModelFileFuzzer::load);

  private ModelFileFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }

  /** What has been loaded can be saved. */
  private static Object load(Path file) throws IOException {
    Module module = ModelFile.load(file, OWN);
    return ModelFile.metadata(module, OWN);
  }
}
