package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /**
   * The parts of one module; the maps are copied.
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
    this.settings = new LinkedHashMap<>(settings);
    this.parameters = new LinkedHashMap<>(parameters);
    this.buffers = new LinkedHashMap<>(buffers);
    this.children = new LinkedHashMap<>(children);
    this.generators = new LinkedHashMap<>(generators);
  }

  /** Settings alone, which is all that a loss has. */
  public static Parts ofSettings(Map<String, ?> settings) {
    return new Parts(settings, Map.of(), Map.of(), Map.of(), Map.of());
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
