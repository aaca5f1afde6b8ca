package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Names;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What an owner, a module, has registered by name and, through its children's members, the tree
 * below it.
 *
 * @param <M> what has members
 */
final class Members<M> {
  final Map<String, M> children = new LinkedHashMap<>();
  final Map<String, Parameter> parameters = new LinkedHashMap<>();
  final Map<String, Tensor> buffers = new LinkedHashMap<>();
  final Map<String, Generator> generators = new LinkedHashMap<>();

  /** The mode that the owner was switched to itself. */
  boolean training = true;

  /** Whether it does the same in both modes, and so trains if one of its children does. */
  boolean container;

  private final Function<M, Members<M>> membersOf;

  Members(Function<M, Members<M>> membersOf) {
    this.membersOf = membersOf;
  }

  <T> T register(M owner, Map<String, ? super T> map, String name, T thing) {
    if (name.isEmpty() || name.contains(".")) {
      throw new IllegalArgumentException("a name must be non-empty and without dots: " + name);
    }
    boolean taken = map.containsKey(name) || (!(thing instanceof Generator) && inState(name));
    if (taken) {
      throw new IllegalArgumentException(Names.of(owner) + " has two of name " + name);
    }
    requirePresent(owner, name, thing);
    map.put(name, thing);
    return thing;
  }

  void replaceChild(M owner, String name, M child) {
    requirePresent(owner, name, child);
    children.put(name, child);
  }

  Members<M> of(M other) {
    return membersOf.apply(other);
  }

  /** Sees the owner and all below it, once each, with their paths: each before its children. */
  void walk(M owner, BiConsumer<String, M> visitor) {
    walk("", owner, new IdentityHashMap<>(), visitor);
  }

  private void walk(
      String path, M owner, IdentityHashMap<M, Boolean> seen, BiConsumer<String, M> visitor) {
    if (seen.put(owner, true) == null) {
      visitor.accept(path, owner);
      of(owner).children.forEach((name, child) -> walk(join(path, name), child, seen, visitor));
    }
  }

  /** Things of one kind by path, each thing once, under its first path. */
  <T> Map<String, T> named(M owner, Function<Members<M>, Map<String, T>> kind) {
    Map<String, T> named = new LinkedHashMap<>();
    IdentityHashMap<T, Boolean> seen = new IdentityHashMap<>();
    walk(
        owner,
        (path, other) ->
            kind.apply(of(other))
                .forEach(
                    (name, thing) -> {
                      if (seen.put(thing, true) == null) {
                        named.put(join(path, name), thing);
                      }
                    }));
    return named;
  }

  /**
   * What stands at a path below the owner.
   *
   * @param title how a message names what is on the way
   */
  M find(M owner, String path, Function<M, String> title) {
    M found = owner;
    for (String name : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
      Map<String, M> known = of(found).children;
      M next = known.get(name);
      if (next == null) {
        throw new IllegalArgumentException(
            "no module "
                + path
                + " in "
                + title.apply(owner)
                + ": "
                + title.apply(found)
                + " has "
                + (known.isEmpty() ? "no children" : "the children " + known.keySet()));
      }
      found = next;
    }
    return found;
  }

  /** The numbers of the owner and all below it by path, live: parameters, then buffers. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    collect("", state);
    return state;
  }

  private void collect(String path, Map<String, Tensor> state) {
    parameters.forEach((name, p) -> state.put(join(path, name), p.value()));
    buffers.forEach((name, b) -> state.put(join(path, name), b));
    children.forEach((name, child) -> of(child).collect(join(path, name), state));
  }

  /** The children in parentheses, on lines of their own. */
  String printed() {
    if (children.isEmpty()) {
      return "()";
    }
    StringBuilder s = new StringBuilder("(\n");
    children.forEach(
        (key, child) ->
            s.append("  (")
                .append(key)
                .append("): ")
                .append(child.toString().replace("\n", "\n  "))
                .append('\n'));
    return s.append(')').toString();
  }

  /** Whether there is a parameter that is not frozen, here or below. */
  boolean isTrainable() {
    for (Parameter p : parameters.values()) {
      if (!p.isFrozen()) {
        return true;
      }
    }
    for (M child : children.values()) {
      if (of(child).isTrainable()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the owner is in training mode; a container only if one of its children is, too. */
  boolean isTraining() {
    if (!training || !container || children.isEmpty()) {
      return training;
    }
    for (M child : children.values()) {
      if (of(child).isTraining()) {
        return true;
      }
    }
    return false;
  }

  /** Switches the owner and all below it. */
  void mode(boolean training) {
    this.training = training;
    children.values().forEach(child -> of(child).mode(training));
  }

  /** Whether both are one and the same thing, whatever equals may say. */
  @SuppressWarnings("ReferenceEquality")
  static boolean same(Object a, Object b) {
    return a == b;
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private boolean inState(String name) {
    return children.containsKey(name) || parameters.containsKey(name) || buffers.containsKey(name);
  }

  private void requirePresent(M owner, String name, Object thing) {
    if (thing == null) {
      throw new IllegalArgumentException(name + " of " + Names.of(owner) + " is null");
    }
  }
}
