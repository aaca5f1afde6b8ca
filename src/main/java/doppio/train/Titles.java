package doppio.train;

import doppio.internal.Names;
import doppio.nn.Module;

/** How a message of one line names a module. */
final class Titles {
  private Titles() {}

  /** The module as it prints itself; the name alone where its children would take lines. */
  static String of(Module module) {
    return module.children().isEmpty() ? module.toString() : Names.of(module);
  }
}
