package doppio.train;

import doppio.nn.Module;
import java.util.IdentityHashMap;

/** Which modules of a model train and which evaluate, to be put back. */
final class Modes {
  private final Module model;
  private final Module[] modules;
  private final boolean[] training;

  /** The modes as they are. */
  Modes(Module model) {
    this.model = model;
    modules = model.namedModules().values().toArray(new Module[0]);
    training = new boolean[modules.length];
    note();
  }

  /** Takes the modes as they are now. */
  void note() {
    for (int i = 0; i < modules.length; i++) {
      training[i] = modules[i].isTraining();
    }
  }

  /** Puts the modes back; a module that has come since gets that of the model. */
  void putBack() {
    IdentityHashMap<Module, Boolean> modes = new IdentityHashMap<>();
    for (int i = 0; i < modules.length; i++) {
      modes.put(modules[i], training[i]);
    }
    // A module comes before those below it, which it takes along.
    for (Module module : model.namedModules().values()) {
      set(module, modes.getOrDefault(module, training[0]));
    }
  }

  /** Gives these modes to a model of the same structure that has others. */
  void copyTo(Modes other) {
    other.note();
    boolean same = true;
    for (int i = 0; i < modules.length; i++) {
      same &= training[i] == other.training[i];
    }
    for (int i = 0; !same && i < modules.length; i++) {
      set(other.modules[i], training[i]);
    }
  }

  private static void set(Module module, boolean training) {
    Module unused = training ? module.train() : module.eval();
  }
}
