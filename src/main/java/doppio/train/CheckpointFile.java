package doppio.train;

import doppio.Tensor;
import doppio.internal.Keys;
import doppio.io.SafeTensors;
import doppio.model.ModelFile;
import doppio.model.Registry;
import doppio.nn.Module;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A checkpoint's file, taken apart by its tensors' names: the model's tensors have their own, as in
 * a model file; those of another part begin with a dot and the part's name, {@code .optimizer.…},
 * as no name of a model's tensor can.
 */
final class CheckpointFile {
  private static final String FORMAT = Keys.of("checkpoint");
  private static final String VERSION = "2";

  /** That of 0.1.0, where the model was a part like the others: {@code model.0.weight}. */
  private static final String VERSION_1 = "1";

  private static final String MODEL_1 = "model";

  private final Map<String, Tensor> model = new LinkedHashMap<>();
  private final Map<String, Map<String, Tensor>> parts = new LinkedHashMap<>();

  private CheckpointFile() {}

  /**
   * What a file is to hold. Where the model cannot be described, its architecture is left out, and
   * the file says why.
   */
  static SafeTensors.Contents contents(
      Module model, Registry own, Map<String, Map<String, Tensor>> parts) {
    Map<String, Tensor> all = new LinkedHashMap<>(model.stateDict());
    parts.forEach(
        (part, tensors) ->
            tensors.forEach((name, tensor) -> all.put("." + part + "." + name, tensor)));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(FORMAT, VERSION);
    try {
      metadata.putAll(ModelFile.metadata(model, own));
    } catch (IllegalArgumentException e) {
      metadata.put(Keys.of("model.missing"), e.getMessage());
    }
    return new SafeTensors.Contents(all, metadata);
  }

  /**
   * What a file holds.
   *
   * @throws IllegalArgumentException if it is no checkpoint of a known version
   */
  static CheckpointFile of(SafeTensors.Contents contents) {
    String version = contents.metadata().get(FORMAT);
    boolean isFirst = VERSION_1.equals(version);
    if (!isFirst && !VERSION.equals(version)) {
      String found =
          version == null
              ? "there is none: if it holds weights alone,"
                  + " use model.loadStateDict(SafeTensors.load(file))"
              : "got " + version;
      throw new IllegalArgumentException(
          "expected metadata " + FORMAT + " " + VERSION_1 + " or " + VERSION + " but " + found);
    }
    CheckpointFile file = new CheckpointFile();
    contents
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (isFirst) {
                file.put(name, tensor);
              } else if (name.startsWith(".")) {
                file.put(name.substring(1), tensor);
              } else {
                file.model.put(name, tensor);
              }
            });
    if (isFirst) {
      file.model.putAll(file.take(MODEL_1));
    }
    return file;
  }

  /** The tensors of the model, by their names in it. */
  Map<String, Tensor> model() {
    return model;
  }

  /** The tensors of another part, by their names in it, which are then no longer here. */
  Map<String, Tensor> take(String part) {
    Map<String, Tensor> taken = parts.remove(part);
    return taken == null ? Map.of() : taken;
  }

  /** The parts that nobody has taken. */
  Set<String> left() {
    return parts.keySet();
  }

  private void put(String name, Tensor tensor) {
    int dot = name.indexOf('.');
    String part = dot <= 0 ? name : name.substring(0, dot);
    parts.computeIfAbsent(part, p -> new LinkedHashMap<>()).put(name.substring(dot + 1), tensor);
  }
}
