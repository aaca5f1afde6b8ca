package doppio.check;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One check of one module: first what is in it, part by part, then the whole. */
final class ModuleCheck {
  private static final long COTANGENT_SEED = 1;

  private final Module module;
  private final Tensor input;
  private final boolean training;
  private final double tolerance;
  private final Recorder recorder;

  ModuleCheck(Module module, Tensor input, boolean training, double tolerance) {
    this.module = Objects.requireNonNull(module, "module");
    this.input = input.copy();
    this.training = training;
    this.tolerance = tolerance;
    this.recorder = new Recorder(module);
  }

  void run() {
    IdentityHashMap<Module, Boolean> modes = new IdentityHashMap<>();
    module.namedModules().values().forEach(m -> modes.put(m, m.isTraining()));
    State state = new State(module);
    try {
      switchTo(module, training);
      check(state);
    } finally {
      state.restore();
      // From the top down, because a switch of a module switches all below it.
      module.namedModules().values().forEach(m -> switchTo(m, modes.get(m)));
      module.zeroGrad();
    }
  }

  private void check(State state) {
    // Before the one that counts: what a module makes in its first pass alone is not made for that.
    Set<String> drawn = OtherBatch.pass(module, input, state);
    Tensor cotangent = record(state, drawn);
    List<Recorder.Part> parts = recorder.parts();
    for (Recorder.Part part : parts) {
      state.restore();
      check(part.module(), part.input(), part.gradient(), parts);
    }
    state.restore();
    check(module, input, cotangent, parts);
    checkOneRow(state);
  }

  /** After batches of many rows one of a single one, if the module takes it. */
  private void checkOneRow(State state) {
    if (!OtherBatch.hasRows(input)) {
      return;
    }
    state.restore();
    Tensor row = OtherBatch.oneRow(input);
    Tensor y;
    try {
      y = module.forward(row.copy());
      module.backward(cotangent(y));
    } catch (RuntimeException refused) {
      return;
    }
    if (Arrays.stream(y.data()).allMatch(Double::isFinite)) {
      state.restore();
      String title = recorder.title(module) + ", for the first row alone";
      Subject subject = new Subject(module, title, row, cotangent(y));
      Set<Parameter> all = Collections.newSetFromMap(new IdentityHashMap<>());
      all.addAll(module.parameters());
      new SubjectCheck(subject, tolerance, all, true).run();
    }
  }

  /** Lets the recorder see a pass; returns the gradient that it came back with. */
  private Tensor record(State state, Set<String> drawnBefore) {
    state.restore();
    Tensor[] cotangent = new Tensor[1];
    recorder.during(
        () -> {
          Tensor y = module.forward(input.copy());
          recorder.requireFinite(y);
          requireSameDraws(drawnBefore, state.movedGenerators());
          cotangent[0] = cotangent(y);
          module.backward(cotangent[0].copy());
        });
    return cotangent[0];
  }

  private void requireSameDraws(Set<String> before, Set<String> now) {
    if (before != null && !before.equals(now)) {
      throw Wording.failure(
          recorder.title(module)
              + " has drawn from its generators "
              + before
              + " in a first forward but from "
              + now
              + " in a second: what is random is drawn anew each time");
    }
  }

  private void check(Module m, Tensor x, Tensor gradient, List<Recorder.Part> parts) {
    Set<Module> below = Collections.newSetFromMap(new IdentityHashMap<>());
    below.addAll(m.namedModules().values());
    below.remove(m);
    Set<Parameter> proved = Collections.newSetFromMap(new IdentityHashMap<>());
    boolean hasParts = false;
    for (Recorder.Part part : parts) {
      if (below.contains(part.module())) {
        hasParts = true;
        proved.addAll(part.module().parameters());
      }
    }
    Subject subject = new Subject(m, recorder.title(m), x, gradient);
    new SubjectCheck(subject, tolerance, proved, hasParts).run();
  }

  private static Tensor cotangent(Tensor output) {
    Tensor cotangent = Tensor.zeros(output.shape());
    new Generator(COTANGENT_SEED).normal(cotangent.data(), 0, 1);
    return cotangent;
  }

  private static void switchTo(Module m, boolean training) {
    if (training) {
      m.train();
    } else {
      m.eval();
    }
  }
}
