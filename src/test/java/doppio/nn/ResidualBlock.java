package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.function.Supplier;

/** y = x + body(x): a composite that is no chain, as a user would write it. */
final class ResidualBlock extends Module {
  private final Module body;

  ResidualBlock(Module body) {
    this.body = child("body", body);
  }

  @Override
  public Tensor forward(Tensor x) {
    return sum(x, locate(() -> body.forward(x)));
  }

  @Override
  public Tensor backward(Tensor gradOutput) {
    return sum(gradOutput, locate(() -> body.backward(gradOutput)));
  }

  @Override
  public void accumulateGradients(Tensor gradOutput) {
    body.accumulateGradients(gradOutput);
  }

  @Override
  public Tensor infer(Tensor x) {
    return sum(x, locate(() -> body.infer(x)));
  }

  @Override
  public Description<ResidualBlock> describe() {
    return Description.of(parts -> new ResidualBlock(parts.child("body")));
  }

  private Tensor locate(Supplier<Tensor> call) {
    try {
      return call.get();
    } catch (ShapeException e) {
      throw e.in("body", "ResidualBlock");
    }
  }

  private static Tensor sum(Tensor a, Tensor b) {
    Tensor sum = a.copy();
    for (int i = 0; i < sum.size(); i++) {
      sum.data()[i] += b.data()[i];
    }
    return sum;
  }
}
