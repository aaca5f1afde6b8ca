package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What a module has registered by name, and the one walk through all below it. */
final class Members {
  final Map<String, Module> children = new LinkedHashMap<>();
  final Map<String, Parameter> parameters = new LinkedHashMap<>();
  final Map<String, Tensor> buffers = new LinkedHashMap<>();
  final Map<String, Generator> generators = new LinkedHashMap<>();

  /** The mode that the module was switched to itself. */
  boolean training = true;

  <T> T register(Module owner, Map<String, ? super T> map, String name, T thing) {
    if (name.isEmpty() || name.contains(".")) {
      throw new IllegalArgumentException("a name must be non-empty and without dots: " + name);
    }
    boolean taken = map.containsKey(name) || (!(thing instanceof Generator) && inState(name));
    if (taken) {
      throw new IllegalArgumentException(owner.name() + " has two of name " + name);
    }
    requirePresent(owner, name, thing);
    map.put(name, thing);
    return thing;
  }

  void replaceChild(Module owner, String name, Module module) {
    requirePresent(owner, name, module);
    children.put(name, module);
  }

  /** Sees a module and all below it, once each, with their paths: a module before its children. */
  static void walk(Module root, BiConsumer<String, Module> visitor) {
    walk("", root, new IdentityHashMap<>(), visitor);
  }

  private static void walk(
      String path,
      Module module,
      IdentityHashMap<Module, Boolean> seen,
      BiConsumer<String, Module> visitor) {
    if (seen.put(module, true) == null) {
      visitor.accept(path, module);
      module.members.children.forEach(
          (name, child) -> walk(join(path, name), child, seen, visitor));
    }
  }

  /** Things of one kind by path, each thing once, under its first path. */
  static <T> Map<String, T> named(Module root, Function<Members, Map<String, T>> kind) {
    Map<String, T> named = new LinkedHashMap<>();
    IdentityHashMap<T, Boolean> seen = new IdentityHashMap<>();
    walk(
        root,
        (path, module) ->
            kind.apply(module.members)
                .forEach(
                    (name, thing) -> {
                      if (seen.put(thing, true) == null) {
                        named.put(join(path, name), thing);
                      }
                    }));
    return named;
  }

  /** The module at a path below another. */
  static Module find(Module root, String path) {
    Module found = root;
    for (String name : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
      Module next = found.members.children.get(name);
      if (next == null) {
        throw new IllegalArgumentException(
            "no module "
                + path
                + " in "
                + root.title()
                + ": "
                + found.title()
                + " has "
                + (found.members.children.isEmpty()
                    ? "no children"
                    : "the children " + found.members.children.keySet()));
      }
      found = next;
    }
    return found;
  }

  /** The children in parentheses, on lines of their own. */
  String printed() {
    if (children.isEmpty()) {
      return "()";
    }
    StringBuilder s = new StringBuilder("(\n");
    children.forEach(
        (key, module) ->
            s.append("  (")
                .append(key)
                .append("): ")
                .append(module.toString().replace("\n", "\n  "))
                .append('\n'));
    return s.append(')').toString();
  }

  boolean isTrainable() {
    for (Parameter p : parameters.values()) {
      if (!p.isFrozen()) {
        return true;
      }
    }
    for (Module m : children.values()) {
      if (m.isTrainable()) {
        return true;
      }
    }
    return false;
  }

  /** Switches the module and all below it. */
  void mode(boolean training) {
    this.training = training;
    children.values().forEach(child -> child.members.mode(training));
  }

  /** Whether one of the children is in training mode, or there are none. */
  boolean trains() {
    for (Module child : children.values()) {
      if (child.isTraining()) {
        return true;
      }
    }
    return children.isEmpty();
  }

  /** Whether both are one and the same module, whatever equals may say. */
  @SuppressWarnings("ReferenceEquality")
  static boolean same(Module a, Module b) {
    return a == b;
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private boolean inState(String name) {
    return children.containsKey(name) || parameters.containsKey(name) || buffers.containsKey(name);
  }

  private static void requirePresent(Module owner, String name, Object thing) {
    if (thing == null) {
      throw new IllegalArgumentException(name + " of " + owner.name() + " is null");
    }
  }
}
