package doppio.nn;

import doppio.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code LayerGoldenTest} expects, by libtorch. */
public final class GoldenLayers {
  private GoldenLayers() {}

  /** The numbers by row and name. */
  public static Map<String, Tensor> results() {
    Map<String, Tensor> results = new LinkedHashMap<>();
    ModuleCases.all()
        .filter(c -> !AttentionTwin.drops(c.create(1)))
        .forEach(
            c -> {
              Module module = c.create(1);
              new LayerTwin(module, 1)
                  .results(c.batch(2, 3))
                  .forEach((name, tensor) -> results.put(c + "/" + name, tensor));
            });
    return results;
  }
}
