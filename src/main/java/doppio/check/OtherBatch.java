package doppio.check;

import doppio.Tensor;
import doppio.nn.Module;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Passes with other numbers, so that whatever a module keeps from them is of another batch. */
final class OtherBatch {
  private OtherBatch() {}

  /**
   * Sends other batches through a module and back, the second one with other random numbers and
   * buffers than a pass from the given state has.
   *
   * @return the generators that the first forward pass drew from; null if the module takes no other
   *     numbers than those it got
   */
  static Set<String> pass(Module module, Tensor x, State state) {
    state.restore();
    Tensor y = first(module::forward, List.of(flipped(x), scaled(turned(x), 0.5, 1), turned(x)));
    if (y == null) {
      return null;
    }
    Set<String> drawn = state.movedGenerators();
    through(module::backward, y);
    Tensor last =
        first(module::forward, List.of(scaled(x, -1, -0.5), scaled(x, 0.5, 1), turned(x)));
    if (last != null) {
      through(module::backward, last);
    }
    return drawn;
  }

  /** Whether x is a batch of two rows or more, as far as its shape tells. */
  static boolean hasRows(Tensor x) {
    return x.rank() > 1 && x.dim(0) > 1;
  }

  /** The first row alone, as a batch. */
  static Tensor oneRow(Tensor x) {
    int[] shape = x.shape();
    int size = x.size() / shape[0];
    shape[0] = 1;
    return Tensor.wrap(Arrays.copyOf(x.data(), size), shape);
  }

  /** Every number with the other sign, so that no mask is right for both. */
  static Tensor flipped(Tensor x) {
    return scaled(x, -0.5, -1);
  }

  /**
   * Sends other numbers than the given through a pass, smaller ones in another order; in the order
   * alone if it refuses them, and none if it refuses that too: not every module takes every number.
   */
  static void through(UnaryOperator<Tensor> pass, Tensor x) {
    first(pass, List.of(scaled(turned(x), 0.5, 1), turned(x)));
  }

  private static Tensor first(UnaryOperator<Tensor> pass, List<Tensor> batches) {
    for (Tensor batch : batches) {
      try {
        return pass.apply(batch);
      } catch (RuntimeException refused) {
        // The next one, if there is one.
      }
    }
    return null;
  }

  /** The numbers from the last to the first. */
  private static Tensor turned(Tensor x) {
    Tensor turned = x.copy();
    int n = x.size();
    for (int i = 0; i < n; i++) {
      turned.data()[i] = x.data()[n - 1 - i];
    }
    return turned;
  }

  /** The numbers times factors that go from one to another. */
  private static Tensor scaled(Tensor x, double from, double to) {
    Tensor scaled = x.copy();
    for (int i = 0; i < x.size(); i++) {
      scaled.data()[i] *= from + (to - from) * i / x.size();
    }
    return scaled;
  }
}
