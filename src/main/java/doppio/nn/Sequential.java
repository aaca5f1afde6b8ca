package doppio.nn;

import doppio.Tensor;
import java.util.IdentityHashMap;

/**
 * Modules in a chain: each one's output is the next one's input.
 *
 * <p>The modules are named {@code 0}, {@code 1}, … as in PyTorch. Between them buffers are reused;
 * what {@link #forward}, {@link #backward} and {@link #infer} return is the caller's own. {@link
 * #accumulateGradients} stops at the first module with parameters to train.
 *
 * <p>An exception about a shape says at the end which module it was: {@code (layer 2 of
 * Sequential)}. To give a trained network a new head: {@code model.set(-1, new Linear(128, 3))}.
 */
public final class Sequential extends Composite {
  private final Module[] modules;

  /**
   * A chain of the given modules; an empty one is the identity.
   *
   * @throws IllegalArgumentException if one module stands in two places: it could remember only one
   *     of its inputs. Two layers may share a {@link Parameter}.
   */
  public Sequential(Module... modules) {
    members.container = true;
    this.modules = modules.clone();
    for (int i = 0; i < modules.length; i++) {
      child(Integer.toString(i), modules[i]);
    }
    refuseTwice(this, "", new IdentityHashMap<>());
  }

  /** A chain that is made again. */
  public Sequential(Parts parts) {
    this(parts.children().toArray(new Module[0]));
  }

  @Override
  public Description<Sequential> describe() {
    return Description.of(Sequential::new);
  }

  @Override
  protected Steps steps() {
    return Steps.through(this);
  }

  /** The number of modules. */
  public int size() {
    return modules.length;
  }

  /**
   * The module at a place, counted from 0, or from the end where it is negative.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public Module get(int i) {
    return modules[index(i)];
  }

  /**
   * Puts another module in a place, counted from 0, or from the end where it is negative: the last
   * layer for a task of one's own, say. An optimizer that was made before still has the parameters
   * of the old one.
   *
   * @return this chain
   * @throws IndexOutOfBoundsException if there is no such place
   * @throws IllegalArgumentException if the module stands in another place already
   */
  public Sequential set(int i, Module module) {
    int index = index(i);
    Module before = modules[index];
    String name = Integer.toString(index);
    members.replaceChild(this, name, module);
    try {
      refuseTwice(this, "", new IdentityHashMap<>());
    } catch (IllegalArgumentException e) {
      members.replaceChild(this, name, before);
      throw e;
    }
    modules[index] = module;
    return this;
  }

  @Override
  protected Tensor compute(Pass pass, Tensor x) {
    Tensor y = x;
    for (Module module : modules) {
      Tensor next = pass.call(module, y);
      if (y != x && next != y) {
        pass.done(y);
      }
      y = next;
    }
    return y;
  }

  @Override
  protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
    if (modules.length == 0) {
      super.checkGradient(gradOutput);
    }
    Tensor g = gradOutput;
    for (int i = modules.length - 1; i >= 0; i--) {
      g = pass.call(modules[i], g);
    }
    return g;
  }

  @Override
  protected void accumulate(Pass pass, Tensor gradOutput) {
    int first = 0;
    while (first < modules.length && !modules[first].isTrainable()) {
      first++;
    }
    if (first == modules.length) {
      super.checkGradient(gradOutput);
      return;
    }
    Tensor g = gradOutput;
    for (int i = modules.length - 1; i > first; i--) {
      g = pass.call(modules[i], g);
    }
    pass.accumulate(modules[first], g);
  }

  /** The last module sees the gradient, and says more. */
  @Override
  void checkGradient(Tensor gradOutput) {}

  @Override
  String title() {
    return "Sequential of " + modules.length + " modules";
  }

  private int index(int i) {
    int index = i < 0 ? i + modules.length : i;
    if (index < 0 || index >= modules.length) {
      throw new IndexOutOfBoundsException("no module " + i + " in a " + title());
    }
    return index;
  }

  private static void refuseTwice(
      Module module, String path, IdentityHashMap<Module, String> paths) {
    module.members.children.forEach(
        (name, child) -> {
          String here = Members.join(path, name);
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
}
