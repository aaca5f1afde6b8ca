package doppio.check;

import doppio.Tensor;
import doppio.nn.Module;

/** Passes everything on; tests override what they get wrong. */
class Wrapper extends Module {
  private final Module inner;

  Wrapper(Module inner) {
    this.inner = child("inner", inner);
  }

  @Override
  public Tensor forward(Tensor input) {
    return inner.forward(input);
  }

  @Override
  public Tensor backward(Tensor gradOutput) {
    return inner.backward(gradOutput);
  }

  @Override
  public Tensor infer(Tensor input) {
    return inner.infer(input);
  }
}
