package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;
import java.util.IdentityHashMap;

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

  /** The last output, null if there was none: its shape is the gradient's. */
  private Tensor output;

  /**
   * A chain of the given modules; an empty one is the identity.
   *
   * @throws IllegalArgumentException if one module stands in two places: it could remember only one
   *     of its inputs. Two layers may share a {@link Parameter}.
   */
  public Sequential(Module... modules) {
    this.modules = modules.clone();
    for (int i = 0; i < modules.length; i++) {
      child(Integer.toString(i), modules[i]);
    }
    refuseTwice(this, "", new IdentityHashMap<>());
  }

  private static void refuseTwice(
      Module module, String path, IdentityHashMap<Module, String> paths) {
    module
        .children()
        .forEach(
            (name, child) -> {
              String here = path.isEmpty() ? name : path + "." + name;
              String before = paths.put(child, here);
              if (before != null) {
                throw new IllegalArgumentException(
                    child
                        + " stands in two places, "
                        + before
                        + " and "
                        + here
                        + "; a module remembers one input: use two that share their parameters");
              }
              refuseTwice(child, here, paths);
            });
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
    if (first == modules.length) {
      checkShape(gradOutput);
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
    output = null;
    Tensor y = x;
    for (int i = 0; i < modules.length; i++) {
      try {
        y = modules[i].forwardShared(y);
      } catch (ShapeException e) {
        throw locate(e, i);
      }
    }
    output = y;
    return y;
  }

  @Override
  Tensor backwardShared(Tensor gradOutput) {
    checkReady();
    if (modules.length == 0) {
      checkShape(gradOutput);
    }
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
    if (output == null) {
      throw new IllegalStateException(
          "Sequential of " + modules.length + " modules: backward before forward");
    }
  }

  /** For where no module sees the gradient. */
  private void checkShape(Tensor gradOutput) {
    if (!gradOutput.sameShape(output)) {
      throw new ShapeException(
          "Sequential expects a gradient "
              + Arrays.toString(output.shape())
              + " but got "
              + Arrays.toString(gradOutput.shape()));
    }
  }

  private static ShapeException locate(ShapeException e, int i) {
    return e.in(Integer.toString(i), "Sequential");
  }
}
