package doppio.fuzz;

import doppio.table.Classifier;
import doppio.table.Regressor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** The target of Jazzer for classifiers and regressors: model files with a text beside. */
public final class TableFuzzer {
  private static final FuzzedReader READER = new FuzzedReader(TableFuzzer::load);

  /** What the files' columns are found in. */
  public record Fruit(String colour, String name, Double weight, boolean ripe, String kind) {}

  private static final Fruit FRUIT = new Fruit("green", "Elstar", null, true, null);

  private TableFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }

  /** What has been loaded answers, if only that it has no finite answer, and can be saved. */
  private static Object load(Path file) throws IOException {
    try {
      Regressor<Fruit> weight = Regressor.load(file, Fruit.class);
      weight.save(OutputStream.nullOutputStream());
      return weight.predict(FRUIT);
    } catch (IllegalArgumentException e) {
      Classifier<Fruit> kind = Classifier.load(file, Fruit.class);
      kind.save(OutputStream.nullOutputStream());
      return kind.predict(FRUIT);
    }
  }
}
