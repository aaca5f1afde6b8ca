package doppio.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A row of a table, for the methods that take records. */
public record Flower(
    String label, double size, Integer petals, boolean wild, Colour colour, Double weight) {
  /** A component of few values. */
  public enum Colour {
    RED,
    WHITE
  }

  /** A record with nothing in it. */
  public record Bare() {}

  /** A record of which no column can be made. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  public record Strange(Object anything, int[] many, Flower inner) {}

  static List<Flower> field(Random random) {
    List<Flower> field = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Colour colour = Colour.values()[i % 2];
      field.add(
          new Flower(i % 3 == 0 ? "a" : "b", random.nextDouble(), i % 4, i % 2 == 0, colour, 1.0));
    }
    return field;
  }
}
