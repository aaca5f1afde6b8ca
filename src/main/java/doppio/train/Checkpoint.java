package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.FileAccess;
import doppio.internal.OptimizerAccess;
import doppio.internal.state.StateReader;
import doppio.io.SafeTensors;
import doppio.model.Registry;
import doppio.nn.Module;
import doppio.optim.Optimizer;
import doppio.optim.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All that a training needs to go on, in one safetensors file: the model's parameters and buffers
 * under their own names ({@code 0.weight}), which of them are frozen, the state of its optimizer
 * ({@code .optimizer.…}), scheduler ({@code .scheduler.…}) and generators ({@code .generator.…};
 * those that the model's layers have registered are found without being named), and what else a
 * loop wants to keep.
 *
 * <p>It is a {@link doppio.model.ModelFile} too, which has the trained network alone. A network
 * that cannot be one, because a module in it does not describe itself or is in no {@link
 * #registry}, is kept all the same, without its architecture.
 *
 * <p>A {@link Trainer} makes its own. A hand-written loop:
 *
 * <pre>{@code
 * Checkpoint checkpoint = new Checkpoint(model).optimizer(optimizer).generator("shuffle", generator);
 * int epoch = Files.exists(file) ? (int) checkpoint.load(file).get("epoch").get() : 0;
 * for (; epoch < 20; epoch++) {
 *   checkpoint.save(file, Map.of("epoch", Tensor.full(epoch)));
 *   ...
 * }
 * }</pre>
 *
 * <p>Saving replaces the file as a whole: whoever kills the process leaves the old file or the new
 * one. Loading is strict, and checks all before it changes anything.
 */
public final class Checkpoint {
  private static final String MODEL = "model";
  private static final String GENERATOR = "generator";
  private static final String FROZEN = "frozen";
  private static final String EXTRA = "extra";

  /** What lies under one prefix of the names: how it is saved; how it is read, then applied. */
  private record Part(
      Supplier<Map<String, Tensor>> state, Function<Map<String, Tensor>, Runnable> read) {}

  private final Module model;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Map<String, Generator> generators = new LinkedHashMap<>();
  private Registry own = Registry.none();

  /** A checkpoint of the model's parameters and generators. */
  public Checkpoint(Module model) {
    this.model = Objects.requireNonNull(model, "model");
    part(GENERATOR, this::generatorStates, this::readGenerators);
    part(FROZEN, () -> FrozenState.save(model), state -> FrozenState.read(model, state));
  }

  /** Keeps the state of the model's optimizer, too; returns this checkpoint. */
  public Checkpoint optimizer(Optimizer optimizer) {
    Objects.requireNonNull(optimizer, "optimizer");
    return part(
        "optimizer", optimizer::stateDict, state -> OptimizerAccess.get().read(optimizer, state));
  }

  /** Keeps a scheduler's position and initial rates, too; returns this checkpoint. */
  public Checkpoint scheduler(Scheduler scheduler) {
    Objects.requireNonNull(scheduler, "scheduler");
    return part(
        "scheduler", scheduler::stateDict, state -> OptimizerAccess.get().read(scheduler, state));
  }

  /**
   * Keeps the state of a generator that is not one of the model's, or is also used elsewhere.
   *
   * @return this checkpoint
   * @throws IllegalArgumentException if the name is {@code model} or begins with {@code model.}
   */
  public Checkpoint generator(String name, Generator generator) {
    if ((name + ".").startsWith(MODEL + ".")) {
      throw new IllegalArgumentException(
          "generators named " + MODEL + " are those of the model's layers");
    }
    generators.put(name, Objects.requireNonNull(generator, "generator"));
    return this;
  }

  /** Names the modules of your own that the model has; returns this checkpoint. */
  public Checkpoint registry(Registry own) {
    this.own = Objects.requireNonNull(own, "own");
    return this;
  }

  /** Keeps something else under a prefix; what reads it checks it all, and returns the change. */
  Checkpoint part(
      String name,
      Supplier<Map<String, Tensor>> state,
      Function<Map<String, Tensor>, Runnable> read) {
    parts.put(name, new Part(state, read));
    return this;
  }

  /** Takes a copy of everything as it is now; what is returned puts it back. */
  Runnable snapshot() {
    Tensor[] live = model.stateDict().values().toArray(new Tensor[0]);
    Tensor[] copies = copy(model.stateDict()).values().toArray(new Tensor[0]);
    List<Runnable> changes = new ArrayList<>();
    parts.forEach((name, part) -> changes.add(part.read().apply(copy(part.state().get()))));
    // Putting back takes no memory, for that may be what there was too little of.
    return () -> {
      for (int i = 0; i < live.length; i++) {
        System.arraycopy(copies[i].data(), 0, live[i].data(), 0, live[i].size());
      }
      changes.forEach(Runnable::run);
    };
  }

  private static Map<String, Tensor> copy(Map<String, Tensor> live) {
    Map<String, Tensor> copy = new LinkedHashMap<>();
    live.forEach((name, tensor) -> copy.put(name, tensor.copy()));
    return copy;
  }

  /**
   * Saves everything.
   *
   * @param file replaced as a whole; its folder must exist
   * @throws IOException if it cannot be written; the old file is then as it was
   */
  public void save(Path file) throws IOException {
    save(file, Map.of());
  }

  /**
   * Saves everything, and tensors of your own: an epoch as {@code Tensor.full(epoch)}, say.
   *
   * @param file replaced as a whole; its folder must exist
   * @param extra what {@link #load} returns
   * @throws IOException if it cannot be written; the old file is then as it was
   */
  public void save(Path file, Map<String, Tensor> extra) throws IOException {
    SafeTensors.save(file, contents(extra));
  }

  /** As {@link #save(Path, Map)}, to a stream, which is flushed and not closed. */
  public void save(OutputStream out, Map<String, Tensor> extra) throws IOException {
    SafeTensors.save(out, contents(extra));
  }

  /**
   * Loads everything.
   *
   * @return the tensors that were given to {@link #save(Path, Map)}
   * @throws IOException if the file cannot be read or is no safetensors file
   * @throws IllegalArgumentException if it is no checkpoint, or not one of such a model, optimizer,
   *     scheduler and generators: something is missing, unknown, or of another shape; the message
   *     names it. After any exception all is as it was before.
   */
  public Map<String, Tensor> load(Path file) throws IOException {
    return FileAccess.naming(file, () -> load(SafeTensors.read(file)));
  }

  /** As {@link #load(Path)}, from a stream, which is read to its end and not closed. */
  public Map<String, Tensor> load(InputStream in) throws IOException {
    return load(SafeTensors.read(in));
  }

  /** As {@link #load(Path)}, from the bytes of a file. */
  public Map<String, Tensor> load(byte[] file) throws IOException {
    return load(SafeTensors.read(file));
  }

  private Map<String, Tensor> load(SafeTensors.Contents contents) {
    CheckpointFile found = CheckpointFile.of(contents);
    Map<String, Tensor> extra = found.take(EXTRA);
    List<Runnable> changes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    parts.forEach(
        (name, part) -> {
          try {
            changes.add(part.read().apply(found.take(name)));
          } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
          }
        });
    found.left().forEach(name -> problems.add("unexpected " + name));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    // Changes nothing where it fails, and the rest, which has been checked, does not fail.
    model.loadStateDict(found.model());
    changes.forEach(Runnable::run);
    return extra;
  }

  /**
   * Loads the parameters alone, for a model that is to be used, not trained.
   *
   * @throws IOException if the file cannot be read or is no safetensors file
   * @throws IllegalArgumentException if it is no checkpoint, or one of another model; the model is
   *     then as it was
   */
  public static void loadModel(Path file, Module model) throws IOException {
    try {
      model.loadStateDict(CheckpointFile.of(SafeTensors.read(file)).model());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** As {@link #loadModel(Path, Module)}, from a stream, which is read to its end, not closed. */
  public static void loadModel(InputStream in, Module model) throws IOException {
    model.loadStateDict(CheckpointFile.of(SafeTensors.read(in)).model());
  }

  /** As {@link #loadModel(Path, Module)}, from the bytes of a file. */
  public static void loadModel(byte[] file, Module model) throws IOException {
    model.loadStateDict(CheckpointFile.of(SafeTensors.read(file)).model());
  }

  /** What is kept, and the names of the generators that are not the model's alone. */
  @Override
  public String toString() {
    List<String> kept = new ArrayList<>(List.of(MODEL));
    kept.addAll(parts.keySet());
    kept.remove(GENERATOR);
    kept.remove(FROZEN);
    generators.keySet().forEach(name -> kept.add(GENERATOR + " " + name));
    return "Checkpoint(" + String.join(", ", kept) + ")";
  }

  private Map<String, Tensor> generatorStates() {
    Map<String, Tensor> states = new LinkedHashMap<>();
    allGenerators().forEach((name, g) -> states.put(name, Generators.toTensor(g.state())));
    return states;
  }

  private Runnable readGenerators(Map<String, Tensor> states) {
    StateReader reader = new StateReader("the generators", states);
    Map<Generator, long[]> read = new LinkedHashMap<>();
    allGenerators()
        .forEach(
            (name, generator) -> {
              double[] state = reader.vector(name);
              try {
                read.put(generator, Generators.fromTensor(state));
              } catch (IllegalArgumentException e) {
                reader.problem(name + ": " + e.getMessage());
              }
            });
    reader.finish();
    return () -> read.forEach(Generator::state);
  }

  private Map<String, Generator> allGenerators() {
    Map<String, Generator> all = new LinkedHashMap<>(generators);
    all.putAll(Generators.of(model));
    return all;
  }

  private SafeTensors.Contents contents(Map<String, Tensor> extra) {
    Map<String, Map<String, Tensor>> states = new LinkedHashMap<>();
    parts.forEach((name, part) -> states.put(name, part.state().get()));
    states.put(EXTRA, Objects.requireNonNull(extra, "extra"));
    return CheckpointFile.contents(model, own, states);
  }
}
