package doppio.train;

import java.util.Set;

/** Checks of settings, which return what they let through. */
final class Require {
  private Require() {}

  static int atLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
    }
    return value;
  }

  /** A name that stands in CSV and safetensors files as it is. */
  static void metricName(String name, Set<String> taken) {
    if (taken.contains(name)) {
      throw new IllegalArgumentException("there are two metrics named " + name);
    }
    if (!name.matches("[\\p{L}\\p{N}_.%-][\\p{L}\\p{N} _.%-]*")) {
      throw new IllegalArgumentException(
          "a metric's name has letters, digits, blanks and _.%-, got \"" + name + "\"");
    }
  }

  static double notNegative(String name, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(name + " must not be negative, got " + value);
    }
    return value;
  }

  static double finiteNotNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and not negative, got " + value);
    }
    return value;
  }
}
