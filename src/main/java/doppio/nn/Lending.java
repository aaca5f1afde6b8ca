package doppio.nn;

import doppio.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A pass with tensors of its own, the k-th for the k-th that is asked for since it began. */
abstract class Lending extends Pass {
  private final List<Tensor> tensors = new ArrayList<>();
  private int lent;

  /** What was lent before may be lent again. */
  final Pass begin() {
    lent = 0;
    return this;
  }

  @Override
  public final Tensor tensor(int... shape) {
    if (lent == tensors.size()) {
      tensors.add(Tensor.zeros(shape));
    } else {
      tensors.set(lent, fitted(tensors.get(lent), shape));
    }
    return tensors.get(lent++);
  }
}
