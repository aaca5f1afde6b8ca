package doppio.nn;

import doppio.internal.Require;
import doppio.internal.Signs;
import java.util.Arrays;

/** A height and a width. */
record Size(int height, int width) {
  /** The setting of this name, a list of the two. */
  static Size of(Parts parts, String setting) {
    int[] pair = parts.integers(setting);
    if (pair.length != 2) {
      throw new IllegalArgumentException(
          "the setting " + setting + " must be a height and a width, got " + Arrays.toString(pair));
    }
    return new Size(pair[0], pair[1]);
  }

  /** Lets a size through that is nowhere below the least. */
  static Size atLeast(int least, String name, Size size) {
    Require.atLeast(least, name, size.height);
    Require.atLeast(least, name, size.width);
    return size;
  }

  boolean isSquare() {
    return height == width;
  }

  /** {@code 3 × 5}. */
  String product() {
    return height + Signs.text(" × ") + width;
  }

  /** One number where both are the same. */
  @Override
  public String toString() {
    return isSquare() ? Integer.toString(height) : product();
  }
}
