package doppio.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Checks of settings, which return what they let through. */
public final class Require {
  private Require() {}

  public static int atLeast(int least, String name, int value) {
    if (value < least) {
      throw refused(name, "be at least " + least, value);
    }
    return value;
  }

  public static int between(int least, int most, String name, int value) {
    if (value < least || value > most) {
      throw refused(name, "be from " + least + " to " + most, value);
    }
    return value;
  }

  public static int notNegative(String name, int value) {
    if (value < 0) {
      throw refused(name, "not be negative", value);
    }
    return value;
  }

  public static double notNegative(String name, double value) {
    if (!(value >= 0)) {
      throw refused(name, "not be negative", value);
    }
    return value;
  }

  public static double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw refused(name, "be finite", value);
    }
    return value;
  }

  public static double finiteNotNegative(String name, double value) {
    if (!isFiniteNotNegative(value)) {
      throw refused(name, "be finite and not negative", value);
    }
    return value;
  }

  public static double positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw refused(name, "be positive and finite", value);
    }
    return value;
  }

  /** A number in [0, 1]. */
  public static double share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw refused(name, "be in [0, 1]", value);
    }
    return value;
  }

  /** A number in [0, 1). */
  public static double shareBelowOne(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw refused(name, "be in [0, 1)", value);
    }
    return value;
  }

  /** A number in (0, 1). */
  public static double properShare(String name, double value) {
    if (!(value > 0 && value < 1)) {
      throw refused(name, "be in (0, 1)", value);
    }
    return value;
  }

  /** Things, none of which may be null. */
  public static <C extends Collection<?>> C noNull(String name, C things) {
    int i = 0;
    for (Object thing : Objects.requireNonNull(things, name)) {
      if (thing == null) {
        throw new NullPointerException("element " + i + " of " + name);
      }
      i++;
    }
    return things;
  }

  /** A copy that cannot be changed of things, none of which may be null. */
  public static <T> List<T> copy(String name, Collection<T> things) {
    return List.copyOf(noNull(name, things));
  }

  /** The same of an array. */
  public static <T> List<T> copy(String name, T[] things) {
    return copy(name, Arrays.asList(Objects.requireNonNull(things, name)));
  }

  /** Whether a number is a rate, a weight or the like. */
  public static boolean isFiniteNotNegative(double value) {
    return value >= 0 && value < Double.POSITIVE_INFINITY;
  }

  /** Whether a number is the index of one of so many classes; -0.0 counts as 0. */
  public static boolean isIndex(double value, int classes) {
    return value >= 0 && value < classes && value == Math.rint(value);
  }

  /** A number as an index of one of so many classes, which it has to be. */
  public static int index(String what, int row, double value, int classes) {
    if (!isIndex(value, classes)) {
      throw refused(what + " in row " + row, "be a whole number in [0, " + classes + ")", value);
    }
    return (int) value;
  }

  private static IllegalArgumentException refused(String name, String must, Object value) {
    return new IllegalArgumentException(name + " must " + must + ", got " + value);
  }
}
