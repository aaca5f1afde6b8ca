package doppio.nn;

/** Says that a module cannot be answered step by step, and why. */
final class Unsteppable extends UnsupportedOperationException {
  private static final long serialVersionUID = 1L;

  private final transient Module module;
  private final String reason;

  /** The module and the reason, which begins with "it". */
  Unsteppable(Module module, String reason) {
    this("", module, reason);
  }

  private Unsteppable(String path, Module module, String reason) {
    super(
        (path.isEmpty() ? module.name() : path + " (" + module.name() + ")")
            + " cannot be answered step by step: "
            + reason);
    this.module = module;
    this.reason = reason;
  }

  /** Of a module whose class does not say how. */
  static Unsteppable bySilence(Module module) {
    boolean composite = module instanceof Composite;
    return new Unsteppable(
        module,
        "it does not say how; if "
            + (composite ? "only its children look" : "it never looks")
            + " at more than one step, add: @Override protected Steps steps() { return Steps."
            + (composite ? "through" : "alone")
            + "(this); }");
  }

  /** The same with the module's path. */
  Unsteppable in(Module root) {
    for (var entry : root.namedModules().entrySet()) {
      if (Members.same(entry.getValue(), module)) {
        return new Unsteppable(entry.getKey(), module, reason);
      }
    }
    return this;
  }
}
