package doppio.data;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import java.util.Arrays;

/**
 * Characters as numbers and back: each has an index, in the order of Unicode.
 *
 * <p>A {@code char} pair that is one character in Unicode is one here. The {@link #alphabet} is all
 * there is to keep, as text beside the model say: {@code Characters.of(alphabet)} gives the same
 * indices.
 *
 * <pre>{@code
 * Characters characters = Characters.of(text);
 * Tensor inputs = characters.oneHot("hell");     // [4, size]
 * Tensor targets = characters.indices("ello");   // [4], for CrossEntropy over steps
 * }</pre>
 */
public final class Characters {
  /** What stands for unknown characters where indices become text. */
  private static final int REPLACEMENT = 0xFFFD;

  private final int[] known;
  private final boolean unknown;

  private Characters(int[] known, boolean unknown) {
    this.known = known;
    this.unknown = unknown;
  }

  /**
   * The characters that a text has.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static Characters of(String text) {
    int[] known = text.codePoints().sorted().distinct().toArray();
    if (known.length == 0) {
      throw new IllegalArgumentException("an empty text has no characters");
    }
    return new Characters(known, false);
  }

  /** {@return the same with one more place, the last, for all other characters} */
  public Characters withUnknown() {
    return new Characters(known, true);
  }

  /** {@return the number of indices} */
  public int size() {
    return known.length + (unknown ? 1 : 0);
  }

  /** {@return the known characters in the order of their indices} */
  public String alphabet() {
    return new String(known, 0, known.length);
  }

  /**
   * The indices of a text's characters.
   *
   * @return {@code [t]}, class indices
   * @throws IllegalArgumentException if a character has no place; the message says which
   */
  public Tensor indices(String text) {
    int[] characters = text.codePoints().toArray();
    Tensor indices = Tensor.zeros(characters.length);
    for (int i = 0; i < characters.length; i++) {
      int index = Arrays.binarySearch(known, characters[i]);
      if (index < 0 && !unknown) {
        throw new IllegalArgumentException(
            String.format(
                "character U+%04X at %d is none of the %d known ones; withUnknown() has a place for"
                    + " it",
                characters[i], i, known.length));
      }
      indices.data()[i] = index < 0 ? known.length : index;
    }
    return indices;
  }

  /**
   * A text with a row for each character: 1 at its index, 0 elsewhere.
   *
   * @return {@code [t, size]}
   * @throws IllegalArgumentException as {@link #indices} does
   */
  public Tensor oneHot(String text) {
    double[] indices = indices(text).data();
    Tensor rows = Tensor.zeros(indices.length, size());
    for (int i = 0; i < indices.length; i++) {
      rows.data()[i * size() + (int) indices[i]] = 1;
    }
    return rows;
  }

  /**
   * One character: 1 at its index, 0 elsewhere.
   *
   * @return {@code [size]}, what a stepper takes
   * @throws IllegalArgumentException if there is no such index
   */
  public Tensor oneHot(int index) {
    Tensor row = Tensor.zeros(size());
    row.data()[Require.index("index", 0, index, size())] = 1;
    return row;
  }

  /**
   * The text of some indices; an unknown character becomes U+FFFD.
   *
   * @param indices {@code [t]}
   * @throws IllegalArgumentException if one is no index
   */
  public String text(Tensor indices) {
    if (indices.rank() != 1) {
      throw new ShapeException("expected indices [t] but got " + Shapes.text(indices));
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < indices.size(); i++) {
      int index = Require.index("index", i, indices.data()[i], size());
      text.appendCodePoint(index == known.length ? REPLACEMENT : known[index]);
    }
    return text.toString();
  }

  /** How many there are. */
  @Override
  public String toString() {
    return "Characters(" + known.length + (unknown ? " and a place for others)" : ")");
  }
}
