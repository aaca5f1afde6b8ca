package doppio.train;

import doppio.Tensor;
import doppio.io.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A checkpoint's tensors by the names that version 0.1.0 gave them. */
final class FirstFormat {
  private FirstFormat() {}

  static Map<String, Tensor> of(Path checkpoint) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    SafeTensors.load(checkpoint)
        .forEach(
            (name, tensor) ->
                tensors.put(name.startsWith(".") ? name.substring(1) : "model." + name, tensor));
    return tensors;
  }
}
