package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Keys;
import doppio.internal.OptimizerAccess;
import doppio.internal.state.StateReader;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import doppio.nn.Module;
import doppio.optim.Optimizer;
import doppio.optim.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All that a training needs to go on, in one safetensors file: the model's parameters ({@code
 * model.0.weight}) and which of them are frozen, the state of its optimizer ({@code optimizer.…}),
 * scheduler ({@code scheduler.…}) and generators ({@code generator.…}; those that the model's
 * layers have registered are found without being named), and what else a loop wants to keep.
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
  private static final String FORMAT = Keys.of("checkpoint");
  private static final String VERSION = "1";
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

  /** A checkpoint of the model's parameters and generators. */
  public Checkpoint(Module model) {
    this.model = Objects.requireNonNull(model, "model");
    part(GENERATOR, this::generatorStates, this::readGenerators);
    part(FROZEN, () -> FrozenState.save(model), state -> FrozenState.read(model, state));
  }

  /** Keeps the state of the model's optimizer, too; returns this checkpoint. */
  public Checkpoint optimizer(Optimizer optimizer) {
    return part(
        "optimizer", optimizer::stateDict, state -> OptimizerAccess.get().read(optimizer, state));
  }

  /** Keeps a scheduler's position and initial rates, too; returns this checkpoint. */
  public Checkpoint scheduler(Scheduler scheduler) {
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
    Map<String, Tensor> values = copy(model.stateDict());
    List<Runnable> changes = new ArrayList<>();
    parts.forEach((name, part) -> changes.add(part.read().apply(copy(part.state().get()))));
    return () -> {
      model.loadStateDict(values);
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
    Map<String, Tensor> all = new LinkedHashMap<>();
    put(all, MODEL, model.stateDict());
    parts.forEach((name, part) -> put(all, name, part.state().get()));
    put(all, EXTRA, extra);
    SafeTensors.save(file, all, Dtype.F64, Map.of(FORMAT, VERSION));
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
    try {
      Map<String, Map<String, Tensor>> found = parts(file);
      Map<String, Tensor> parameters = take(found, MODEL);
      Map<String, Tensor> extra = take(found, EXTRA);
      List<Runnable> changes = new ArrayList<>();
      List<String> problems = new ArrayList<>();
      parts.forEach(
          (name, part) -> {
            try {
              changes.add(part.read().apply(take(found, name)));
            } catch (IllegalArgumentException e) {
              problems.add(e.getMessage());
            }
          });
      found.keySet().forEach(name -> problems.add("unexpected " + name));
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", problems));
      }
      // Changes nothing where it fails, and the rest, which has been checked, does not fail.
      model.loadStateDict(parameters);
      changes.forEach(Runnable::run);
      return extra;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
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
      model.loadStateDict(take(parts(file), MODEL));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
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

  private static void put(Map<String, Tensor> all, String prefix, Map<String, Tensor> part) {
    part.forEach((name, tensor) -> all.put(prefix + "." + name, tensor));
  }

  private static Map<String, Tensor> take(Map<String, Map<String, Tensor>> found, String part) {
    Map<String, Tensor> taken = found.remove(part);
    return taken == null ? Map.of() : taken;
  }

  /** The tensors by what stands before and behind the first dot of their names. */
  static Map<String, Map<String, Tensor>> parts(Path file) throws IOException {
    SafeTensors.Contents contents = SafeTensors.read(file);
    String version = contents.metadata().get(FORMAT);
    if (!VERSION.equals(version)) {
      String found =
          version == null
              ? "there is none: if it holds weights alone,"
                  + " use model.loadStateDict(SafeTensors.load(file))"
              : "got " + version;
      throw new IllegalArgumentException(
          "expected metadata " + FORMAT + " " + VERSION + " but " + found);
    }
    Map<String, Map<String, Tensor>> found = new LinkedHashMap<>();
    contents
        .tensors()
        .forEach(
            (name, tensor) -> {
              int dot = name.indexOf('.');
              String prefix = dot < 0 ? name : name.substring(0, dot);
              found
                  .computeIfAbsent(prefix, p -> new LinkedHashMap<>())
                  .put(name.substring(dot + 1), tensor);
            });
    return found;
  }
}
