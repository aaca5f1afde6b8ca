package doppio.nn;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a module (or a loss) is: how one is made again from its parts, and the settings that its
 * constructor got, under the names that a PyTorch user knows.
 *
 * <pre>{@code
 * @Override
 * public Description<LeakyReLU> describe() {
 *   return Description.of(LeakyReLU::new).set("negativeSlope", slope);
 * }
 *
 * public LeakyReLU(Parts parts) {
 *   this(parts.number("negativeSlope"));
 * }
 * }</pre>
 *
 * <p>A layer without settings says it in one line: {@code return Description.of(parts -> new
 * Square());}. Copies, replicas and files are made from this and nothing else. The function gets
 * everything from its argument: it captures no instance, and draws no random number.
 *
 * @param <T> what is described
 */
public final class Description<T> {
  private final Maker<? extends T> maker;
  private final Map<String, Object> settings = new LinkedHashMap<>();

  private Description(Maker<? extends T> maker) {
    this.maker = Objects.requireNonNull(maker, "maker");
  }

  /** A description without settings yet. */
  public static <T> Description<T> of(Maker<T> maker) {
    return new Description<>(maker);
  }

  /** Adds a setting; returns this description. */
  public Description<T> set(String name, int value) {
    return put(name, value);
  }

  /** Adds a setting; returns this description. */
  public Description<T> set(String name, double value) {
    return put(name, value);
  }

  /** Adds a setting; returns this description. */
  public Description<T> set(String name, boolean value) {
    return put(name, value);
  }

  /** Adds a setting; returns this description. */
  public Description<T> set(String name, String value) {
    return put(name, value);
  }

  /** Adds a setting that is a list of whole numbers; returns this description. */
  public Description<T> set(String name, int[] value) {
    return put(
        name, Arrays.stream(given(name, value)).boxed().collect(Collectors.toUnmodifiableList()));
  }

  /** Adds a setting that is a list of numbers; returns this description. */
  public Description<T> set(String name, double[] value) {
    return put(
        name, Arrays.stream(given(name, value)).boxed().collect(Collectors.toUnmodifiableList()));
  }

  /** The function that makes one again. */
  public Maker<? extends T> maker() {
    return maker;
  }

  /**
   * The settings in the order in which they were added: each an {@code Integer}, {@code Double},
   * {@code Boolean}, {@code String}, or a list of integers or doubles.
   */
  public Map<String, Object> settings() {
    return Collections.unmodifiableMap(settings);
  }

  private Description<T> put(String name, Object value) {
    if (settings.putIfAbsent(Objects.requireNonNull(name, "name"), given(name, value)) != null) {
      throw new IllegalArgumentException("the setting " + name + " is described twice");
    }
    return this;
  }

  private static <V> V given(String name, V value) {
    if (value == null) {
      throw new NullPointerException("value of " + name);
    }
    return value;
  }

  @Override
  public String toString() {
    return "Description" + settings;
  }
}
