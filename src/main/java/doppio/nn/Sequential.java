package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Modules in a chain: each one's output is the next one's input.
 *
 * <p>The modules are named {@code 0}, {@code 1}, … as in PyTorch. Between them buffers are reused;
 * what {@link #forward}, {@link #backward} and {@link #infer} return is the caller's own. {@link
 * #accumulateGradients} stops at the first module with parameters to train.
 *
 * <p>An exception about a shape says at the end which module it was: {@code (layer 2 of
 * Sequential)}.
 */
public final class Sequential extends Module {
  private final Module[] modules;
  private boolean ready;

  /**
   * A chain of the given modules; an empty one is the identity.
   *
   * @throws IllegalArgumentException if one module stands in two places: it could remember only one
   *     of its inputs. Two layers may share a {@link Parameter}.
   */
  public Sequential(Module... modules) {
    this.modules = modules.clone();
    Set<Module> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < modules.length; i++) {
      child(Integer.toString(i), modules[i]);
      if (!seen.add(modules[i])) {
        throw new IllegalArgumentException(
            modules[i]
                + " stands in two places, the second is "
                + i
                + "; a module remembers one input: use two that share their parameters");
      }
    }
  }

  /** The number of modules. */
  public int size() {
    return modules.length;
  }

  /** The module at a place, counted from 0. */
  public Module get(int i) {
    return modules[i];
  }

  @Override
  public Tensor forward(Tensor x) {
    return forwardShared(x).copy();
  }

  @Override
  public Tensor backward(Tensor gradOutput) {
    return backwardShared(gradOutput).copy();
  }

  @Override
  public void accumulateGradients(Tensor gradOutput) {
    checkReady();
    int first = 0;
    while (first < modules.length && !modules[first].isTrainable()) {
      first++;
    }
    Tensor g = gradOutput;
    for (int i = modules.length - 1; i >= first; i--) {
      try {
        if (i > first) {
          g = modules[i].backwardShared(g);
        } else {
          modules[i].accumulateGradients(g);
        }
      } catch (ShapeException e) {
        throw locate(e, i);
      }
    }
  }

  @Override
  public Tensor infer(Tensor x) {
    if (modules.length == 0) {
      return x.copy();
    }
    Tensor y = x;
    for (int i = 0; i < modules.length; i++) {
      try {
        y = modules[i].infer(y);
      } catch (ShapeException e) {
        throw locate(e, i);
      }
    }
    return y;
  }

  @Override
  Tensor forwardShared(Tensor x) {
    ready = false;
    Tensor y = x;
    for (int i = 0; i < modules.length; i++) {
      try {
        y = modules[i].forwardShared(y);
      } catch (ShapeException e) {
        throw locate(e, i);
      }
    }
    ready = true;
    return y;
  }

  @Override
  Tensor backwardShared(Tensor gradOutput) {
    checkReady();
    Tensor g = gradOutput;
    for (int i = modules.length - 1; i >= 0; i--) {
      try {
        g = modules[i].backwardShared(g);
      } catch (ShapeException e) {
        throw locate(e, i);
      }
    }
    return g;
  }

  @Override
  protected Module copy(Copies copies) {
    return new Sequential(Arrays.stream(modules).map(copies::of).toArray(Module[]::new));
  }

  private void checkReady() {
    if (!ready) {
      throw new IllegalStateException(
          "Sequential of " + modules.length + " modules: backward before forward");
    }
  }

  private static ShapeException locate(ShapeException e, int i) {
    return e.in(Integer.toString(i), "Sequential");
  }
}
