package doppio.nn;

import doppio.Tensor;
import doppio.internal.Observer;
import doppio.internal.Pool;
import java.util.ArrayList;
import java.util.List;

/**
 * A pass that only infers. Its tensors come from a pool and go back there, so that a steady stream
 * of answers allocates nothing but the answers, from however many threads.
 */
final class Inference extends Pass {
  private static final Pool<Lent> POOL = new Pool<>(Lent::new);

  private static final class Lent extends Pool.Shared {
    final Inference pass = new Inference();
  }

  private final List<Tensor> lent = new ArrayList<>();

  /** Lent and given back in this pass. */
  private final List<Tensor> done = new ArrayList<>();

  /** From the pass before, not yet asked for in this one. */
  private final List<Tensor> spare = new ArrayList<>();

  /** What a module makes of an input, in a tensor of the caller's own. */
  static Tensor of(Buffered module, Tensor x) {
    Lent lent = POOL.take();
    try {
      return module.inferShared(x, lent.pass).copy();
    } finally {
      lent.pass.end();
      lent.give();
    }
  }

  @Override
  public Tensor tensor(int... shape) {
    long size = 1;
    for (int n : shape) {
      size *= n;
    }
    Tensor found = take(done, size);
    Tensor t = Pass.fitted(found == null ? take(spare, size) : found, shape);
    lent.add(t);
    return t;
  }

  @Override
  public boolean isRecording() {
    return false;
  }

  @Override
  Tensor run(Module child, Tensor x) {
    return child instanceof Buffered ours
        ? ours.inferShared(x, this)
        : Observer.see(child, x, child.infer(x));
  }

  @Override
  void add(Module child, Tensor gradOutput) {
    throw new IllegalStateException("an inference has no gradients to accumulate");
  }

  @Override
  void done(Tensor t) {
    for (int i = lent.size() - 1; i >= 0; i--) {
      if (lent.get(i) == t) {
        done.add(lent.remove(i));
        return;
      }
    }
  }

  /** Takes a tensor of so many elements out of a list, null if there is none. */
  private static Tensor take(List<Tensor> tensors, long size) {
    for (int i = tensors.size() - 1; i >= 0; i--) {
      if (tensors.get(i).size() == size) {
        return tensors.remove(i);
      }
    }
    return null;
  }

  /** What was not asked for this time has another size, and goes. */
  private void end() {
    spare.clear();
    spare.addAll(done);
    spare.addAll(lent);
    done.clear();
    lent.clear();
  }
}
