package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a module is made again from, by the names under which the original has it: settings,
 * parameters, buffers, children and generators. A {@link Maker} takes what its module needs and
 * registers it.
 */
public final class Parts {
  private final Map<String, Object> settings;
  private final Map<String, Parameter> parameters;
  private final Map<String, Tensor> buffers;
  private final Map<String, Module> children;
  private final Map<String, Generator> generators;
  private boolean training = true;

  /**
   * The parts of one module, to be made in training mode; the maps are copied.
   *
   * @param settings each an {@code Integer}, {@code Double}, {@code Boolean}, {@code String} or a
   *     list of integers or doubles
   */
  public Parts(
      Map<String, ?> settings,
      Map<String, Parameter> parameters,
      Map<String, Tensor> buffers,
      Map<String, Module> children,
      Map<String, Generator> generators) {
    this.settings = copy("settings", settings);
    this.parameters = copy("parameters", parameters);
    this.buffers = copy("buffers", buffers);
    this.children = copy("children", children);
    this.generators = copy("generators", generators);
  }

  /**
   * The parts of a module as it is now, and its mode: what its description sets and what it has
   * registered itself, live.
   *
   * @throws UnsupportedOperationException if it does not {@link Module#describe} itself
   */
  public static Parts of(Module module) {
    Members<Module> own = module.members;
    return new Parts(
            module.describe().settings(), own.parameters, own.buffers, own.children, own.generators)
        .mode(own.training);
  }

  /** Settings alone, which is all that a loss has. */
  public static Parts ofSettings(Map<String, ?> settings) {
    return new Parts(settings, Map.of(), Map.of(), Map.of(), Map.of());
  }

  /** Makes in this mode, training or evaluation; returns these parts. */
  public Parts mode(boolean training) {
    this.training = training;
    return this;
  }

  /** Whether the module itself, whatever its children, is in training mode. */
  public boolean isTraining() {
    return training;
  }

  /**
   * Makes a module of these parts, in their mode.
   *
   * @param type the class that it is to have
   * @param source whose maker it is, for the message
   * @throws IllegalStateException if a module of another class is made, or one that has other parts
   *     than these: whoever makes a parameter of its own would lose values and sharing, silently
   */
  public Module make(Maker<? extends Module> maker, Class<? extends Module> type, String source) {
    Module made = maker.make(this);
    if (made == null || made.getClass() != type) {
      throw new IllegalStateException(
          source + " makes " + (made == null ? "nothing" : "a " + made.name()));
    }
    check(source, "parameter", parameters, made.members.parameters);
    check(source, "buffer", buffers, made.members.buffers);
    check(source, "child", children, made.members.children);
    check(source, "generator", generators, made.members.generators);
    made.members.training = training;
    return made;
  }

  /** The settings by name. */
  public Map<String, Object> settings() {
    return Collections.unmodifiableMap(settings);
  }

  /** The parameters by name. */
  public Map<String, Parameter> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /** The buffers by name. */
  public Map<String, Tensor> buffers() {
    return Collections.unmodifiableMap(buffers);
  }

  /** The generators by name. */
  public Map<String, Generator> generators() {
    return Collections.unmodifiableMap(generators);
  }

  /** Whether there is such a setting. */
  public boolean has(String setting) {
    return settings.containsKey(setting);
  }

  /**
   * A setting that is a whole number.
   *
   * @throws IllegalArgumentException if there is none of this name and kind
   */
  public int integer(String setting) {
    return get(setting, Integer.class, "a whole number");
  }

  /**
   * A setting that is a number; a whole one is taken too.
   *
   * @throws IllegalArgumentException if there is none of this name and kind
   */
  public double number(String setting) {
    return get(setting, Number.class, "a number").doubleValue();
  }

  /**
   * A setting that is true or false.
   *
   * @throws IllegalArgumentException if there is none of this name and kind
   */
  public boolean flag(String setting) {
    return get(setting, Boolean.class, "true or false");
  }

  /**
   * A setting that is a text.
   *
   * @throws IllegalArgumentException if there is none of this name and kind
   */
  public String text(String setting) {
    return get(setting, String.class, "a text");
  }

  /**
   * A setting that is a list of whole numbers.
   *
   * @throws IllegalArgumentException if there is none of this name and kind
   */
  public int[] integers(String setting) {
    List<?> list = get(setting, List.class, "a list of whole numbers");
    return list.stream()
        .mapToInt(v -> cast(setting, v, Integer.class, "a list of whole numbers"))
        .toArray();
  }

  /**
   * A setting that is a list of numbers; whole ones are taken too.
   *
   * @throws IllegalArgumentException if there is none of this name and kind
   */
  public double[] numbers(String setting) {
    List<?> list = get(setting, List.class, "a list of numbers");
    return list.stream()
        .mapToDouble(v -> cast(setting, v, Number.class, "a list of numbers").doubleValue())
        .toArray();
  }

  /** The parameter of this name, null where there is none (a layer without bias, say). */
  public Parameter parameter(String name) {
    return parameters.get(name);
  }

  /** The buffer of this name, null where there is none. */
  public Tensor buffer(String name) {
    return buffers.get(name);
  }

  /** The child of this name, null where there is none. */
  public Module child(String name) {
    return children.get(name);
  }

  /** The child of this name, which has to be of a class. */
  <M extends Module> M child(String name, Class<M> type) {
    Module child = child(name);
    if (!type.isInstance(child)) {
      throw new IllegalArgumentException(
          "child " + name + " must be a " + type.getSimpleName() + ", got " + child);
    }
    return type.cast(child);
  }

  /** The names of the children. */
  Set<String> names() {
    return children.keySet();
  }

  /** All children, in the order of their registration. */
  public List<Module> children() {
    return List.copyOf(children.values());
  }

  /** The generator of this name, null where there is none. */
  public Generator generator(String name) {
    return generators.get(name);
  }

  @Override
  public String toString() {
    return "Parts(settings "
        + settings
        + ", parameters "
        + parameters.keySet()
        + ", buffers "
        + buffers.keySet()
        + ", children "
        + children.keySet()
        + ", generators "
        + generators.keySet()
        + ")";
  }

  @SuppressWarnings("ReferenceEquality") // the very things that were given, not equal ones
  private static void check(String source, String kind, Map<String, ?> given, Map<String, ?> has) {
    given.forEach(
        (name, thing) -> {
          if (has.get(name) != thing) {
            String part = kind + " " + name + " is not parts." + kind + "(\"" + name + "\")";
            throw new IllegalStateException(source + " makes one whose " + part);
          }
        });
    if (!given.keySet().equals(has.keySet())) {
      throw new IllegalStateException(
          source
              + " makes one with other names of "
              + kind
              + ": "
              + has.keySet()
              + ", not "
              + given.keySet());
    }
  }

  private static <V> Map<String, V> copy(String kind, Map<String, ? extends V> parts) {
    Require.noNull(kind, Objects.requireNonNull(parts, kind).keySet());
    Require.noNull(kind, parts.values());
    return new LinkedHashMap<>(parts);
  }

  private <T> T get(String setting, Class<T> type, String expected) {
    if (!settings.containsKey(setting)) {
      throw new IllegalArgumentException(
          "no setting " + setting + " among " + settings.keySet() + "; expected " + expected);
    }
    return cast(setting, settings.get(setting), type, expected);
  }

  private static <T> T cast(String setting, Object value, Class<T> type, String expected) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "the setting " + setting + " must be " + expected + ", got " + value);
    }
    return type.cast(value);
  }
}
