package doppio.attack;

import doppio.Tensor;
import doppio.nn.Description;
import doppio.nn.Linear;
import doppio.nn.Module;

/** A user's module that does not do what a module should. */
final class Saboteur extends Module {
  /** What it does wrong. */
  enum Manner {
    RETURNS_NULL,
    THROWS,
    RETURNS_ITS_INPUT,
    RETURNS_A_SCALAR,
    RETURNS_NAN
  }

  private final Manner manner;

  Saboteur(Manner manner) {
    this.manner = manner;
    child("inner", new Linear(2, 2));
  }

  @Override
  public Tensor forward(Tensor x) {
    return sabotaged(x);
  }

  @Override
  public Tensor backward(Tensor gradOutput) {
    return sabotaged(gradOutput);
  }

  @Override
  public Tensor infer(Tensor x) {
    return sabotaged(x);
  }

  @Override
  public Description<Saboteur> describe() {
    if (manner == Manner.THROWS) {
      throw new Planted();
    }
    return manner == Manner.RETURNS_NULL ? null : Description.of(parts -> new Saboteur(manner));
  }

  private Tensor sabotaged(Tensor x) {
    return switch (manner) {
      case RETURNS_NULL -> null;
      case THROWS -> throw new Planted();
      case RETURNS_ITS_INPUT -> x;
      case RETURNS_A_SCALAR -> Tensor.zeros();
      case RETURNS_NAN -> Tensor.full(Double.NaN, x.shape());
    };
  }
}
