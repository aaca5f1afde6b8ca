package doppio.check;

import doppio.Tensor;
import doppio.nn.Module;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Passes with other numbers, so that whatever a module keeps from them is of another batch. */
final class OtherBatch {
  private OtherBatch() {}

  /**
   * Sends another batch through a module and back, twice, the second time with other random numbers
   * and buffers than a pass from the given state has.
   *
   * @return the generators that the first forward pass drew from; null if the module takes no other
   *     numbers than those it got
   */
  static Set<String> pass(Module module, Tensor x, State state) {
    state.restore();
    Tensor y = through(module::forward, x);
    if (y == null) {
      return null;
    }
    Set<String> drawn = state.movedGenerators();
    through(module::backward, y);
    through(module::backward, through(module::forward, x));
    return drawn;
  }

  /**
   * What a pass makes of other numbers than the given, smaller ones in another order; in the order
   * alone if it refuses them, and null if it refuses that too: not every module takes every number.
   */
  static Tensor through(UnaryOperator<Tensor> pass, Tensor x) {
    for (boolean shrunk : List.of(true, false)) {
      try {
        return pass.apply(other(x, shrunk));
      } catch (RuntimeException refused) {
        // The next one, if there is one.
      }
    }
    return null;
  }

  /** The numbers from the last to the first; shrunk by a factor from 1/2 to 1. */
  private static Tensor other(Tensor x, boolean shrunk) {
    Tensor other = x.copy();
    int n = x.size();
    for (int i = 0; i < n; i++) {
      double factor = shrunk ? (n + i) / (2.0 * n) : 1;
      other.data()[i] = factor * x.data()[n - 1 - i];
    }
    return other;
  }
}
