package doppio.check;

import doppio.Tensor;
import doppio.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one way back has given: copies.
 *
 * @param byName by the name in messages: {@code input}, then the paths of the parameters
 */
record Gradients(Map<String, Tensor> byName) {
  static final String INPUT = "input";

  /**
   * What lies in the parameters.
   *
   * @param input the gradient with respect to the input, null where nobody asked for it
   */
  static Gradients of(Tensor input, Map<String, Parameter> parameters) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    if (input != null) {
      copies.put(INPUT, input.copy());
    }
    parameters.forEach((path, p) -> copies.put(path, p.grad().copy()));
    return new Gradients(copies);
  }
}
