package doppio.own;

import doppio.Tensor;
import doppio.nn.Composite;
import doppio.nn.Description;
import doppio.nn.Module;
import doppio.nn.Pass;

/** y = x + body(x): a residual block, as the README shows it. */
public final class Skip extends Composite {
  private final Module body;

  public Skip(Module body) {
    this.body = child("body", body);
  }

  @Override
  protected Tensor compute(Pass pass, Tensor x) {
    return sum(pass, x, pass.call(body, x));
  }

  @Override
  protected Tensor inputGradient(Pass pass, Tensor gy) {
    return sum(pass, gy, pass.call(body, gy));
  }

  @Override
  public Description<Skip> describe() {
    return Description.of(parts -> new Skip(parts.child("body")));
  }

  private static Tensor sum(Pass pass, Tensor a, Tensor b) {
    Tensor sum = pass.tensor(a.shape());
    for (int i = 0; i < sum.size(); i++) {
      sum.data()[i] = a.data()[i] + b.data()[i];
    }
    return sum;
  }
}
