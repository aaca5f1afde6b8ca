package doppio.nn;

import doppio.RandomTensors;
import doppio.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of a module's forward and backward pass, to compare with PyTorch's. */
final class LayerResults {
  private LayerResults() {}

  /** The output, and the gradients with respect to the input and to each parameter. */
  static Map<String, Tensor> of(Module module, Tensor x) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    results.put("output", module.forward(x));
    results.put("input gradient", module.backward(outputGradient(results.get("output").shape())));
    module
        .namedParameters()
        .forEach((name, p) -> results.put("gradient of " + name, p.grad().copy()));
    return results;
  }

  /** What is handed to backward. */
  static Tensor outputGradient(int[] shape) {
    return RandomTensors.normal(9, shape);
  }
}
