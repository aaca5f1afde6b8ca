package doppio.nn;

import java.util.IdentityHashMap;

/**
 * The copies made so far while a module is copied: what is shared in the original, a parameter or a
 * child, is shared in the copy.
 */
public final class Copies {
  private final IdentityHashMap<Object, Object> made = new IdentityHashMap<>();

  Copies() {}

  /** The copy of a parameter; null for null. */
  public Parameter of(Parameter original) {
    if (original == null) {
      return null;
    }
    return (Parameter) made.computeIfAbsent(original, o -> original.copy());
  }

  /** The copy of a module. */
  @SuppressWarnings("unchecked") // copy(Copies) returns a module of its own class
  public <M extends Module> M of(M original) {
    Module known = (Module) made.get(original);
    if (known == null) {
      known = original.copyInMode(this);
      made.put(original, known);
    }
    return (M) known;
  }
}
