package doppio.check;

import doppio.Tensor;
import doppio.internal.Names;
import doppio.internal.Observer;
import doppio.nn.Module;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Sees one pass through a module and back, and keeps for each module below it what it was given: a
 * layer or composite, and any module that a composite calls through its pass.
 */
final class Recorder extends Observer {
  /** A module below the one that is checked, with what it was given. */
  record Part(Module module, Tensor input, Tensor gradient) {}

  private final Module root;
  private final IdentityHashMap<Module, String> paths = new IdentityHashMap<>();
  private final IdentityHashMap<Module, Tensor> inputs = new IdentityHashMap<>();
  private final IdentityHashMap<Module, Part> parts = new IdentityHashMap<>();
  private final List<Module> order = new ArrayList<>();
  private AssertionError broken;

  Recorder(Module root) {
    this.root = root;
    root.namedModules().forEach((path, module) -> paths.put(module, path));
  }

  @Override
  public void output(Object seen, Tensor x, Tensor y) {
    String path = paths.get(seen);
    if (path != null) {
      inputs.put((Module) seen, x.copy());
      requireFinite(title((Module) seen), y);
    }
  }

  @Override
  public void gradient(Object seen, Tensor gy, Tensor gx) {
    Tensor x = inputs.get(seen);
    if (x != null && !paths.get(seen).isEmpty()) {
      Module module = (Module) seen;
      Part part = new Part(module, x, gy.copy());
      if (parts.put(module, part) == null) {
        order.add(module);
      }
    }
  }

  /** The parts in the order of the way back: the last one first, children before what has them. */
  List<Part> parts() {
    return order.stream().map(parts::get).collect(Collectors.toUnmodifiableList());
  }

  /** How messages name a module: its class, and where it sits. */
  String title(Module module) {
    String name = Names.of(module);
    String path = paths.get(module);
    return path.isEmpty() ? name : name + " (layer " + path + " of " + Names.of(root) + ")";
  }

  /** Fails about the first output that was not finite. */
  void requireFinite(Tensor output) {
    requireFinite(title(root), output);
    if (broken != null) {
      throw broken;
    }
  }

  private void requireFinite(String title, Tensor y) {
    Objects.requireNonNull(y, () -> "output of module " + title);
    for (int i = 0; broken == null && i < y.size(); i++) {
      if (!Double.isFinite(y.data()[i])) {
        broken =
            Wording.failure(
                Wording.element("output", y, i) + " of " + title + " is " + y.data()[i]);
      }
    }
  }
}
