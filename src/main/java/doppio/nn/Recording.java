package doppio.nn;

import doppio.Tensor;
import java.util.Arrays;

/**
 * A recording pass through a composite, and the way back from it. It keeps its tensors from pass to
 * pass, the k-th for the k-th that is asked for, and knows which forward pass of each child it was.
 */
final class Recording {
  private Module[] called = new Module[4];
  private int[] numbers = new int[4];
  private boolean[] returned = new boolean[4];
  private int calls;

  final Lending forward =
      new Kept() {
        @Override
        Tensor run(Module child, Tensor x) {
          Tensor y = child.forwardShared(x);
          note(child);
          return y;
        }

        @Override
        void add(Module child, Tensor gradOutput) {
          throw new IllegalStateException("a forward pass has no gradients to accumulate");
        }
      };

  final Lending back =
      new Kept() {
        @Override
        Tensor run(Module child, Tensor gradOutput) {
          find(child);
          return child.backwardShared(gradOutput);
        }

        @Override
        void add(Module child, Tensor gradOutput) {
          find(child);
          child.accumulateGradients(gradOutput);
        }
      };

  /** Begins a forward pass. */
  Pass begin() {
    calls = 0;
    return forward.begin();
  }

  /** Begins a way back. */
  Pass beginBack() {
    Arrays.fill(returned, 0, calls, false);
    return back.begin();
  }

  private void note(Module child) {
    if (calls == called.length) {
      numbers = Arrays.copyOf(numbers, 2 * calls);
      returned = Arrays.copyOf(returned, 2 * calls);
      // The last one: where memory is too little for any of them, all are asked for again.
      called = Arrays.copyOf(called, 2 * calls);
    }
    called[calls] = child;
    numbers[calls++] = child.passes();
  }

  /** Refuses to go back through a child from a pass that is not its last. */
  private void find(Module child) {
    int i = calls - 1;
    while (i >= 0 && (!Members.same(called[i], child) || returned[i])) {
      i--;
    }
    if (i < 0 || numbers[i] != child.passes()) {
      throw usedAgain(child);
    }
    returned[i] = true;
  }

  private static IllegalStateException usedAgain(Module child) {
    return new IllegalStateException(
        child.title()
            + ": backward does not belong to its last forward; a module remembers one input, so let"
            + " each backward follow its forward, or use two modules that share their parameters");
  }

  private abstract static class Kept extends Lending {
    @Override
    public final boolean isRecording() {
      return true;
    }
  }
}
