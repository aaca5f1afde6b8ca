package doppio.nn;

import doppio.Tensor;
import java.util.Map;

/** The steps of a module that computes each by itself. */
final class Alone extends Steps {
  private final Module module;

  /** Of a layer: its last input, for the shape, and output. */
  private Tensor input;

  private Tensor output;

  Alone(Module module) {
    this.module = module;
  }

  @Override
  public Tensor step(Tensor x) {
    if (!(module instanceof Layer layer)) {
      return module.infer(x);
    }
    if (input == null || !input.sameShape(x)) {
      output = Pass.fitted(output, layer.outputShape(x.shape()));
      input = x;
    }
    layer.compute(x, output);
    return output;
  }

  @Override
  public void advance() {}

  @Override
  public Map<String, Tensor> state() {
    return Map.of();
  }

  @Override
  public void load(Map<String, Tensor> state) {
    fill(module, Map.of(), state);
  }
}
