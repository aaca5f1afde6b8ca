package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class RequireTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double LEAST = Double.MIN_VALUE;
  private static final double BELOW_ONE = Math.nextDown(1.0);
  private static final double ABOVE_ONE = Math.nextUp(1.0);

  @Test
  void wholeNumbersPassUnchangedWithinTheirBoundsAndNotBeyond() {
    takesWhole(v -> Require.atLeast(3, "n", v), 3, 4, Integer.MAX_VALUE);
    refusesWhole(v -> Require.atLeast(3, "n", v), "be at least 3", 2, -3);
    takesWhole(v -> Require.between(3, 5, "n", v), 3, 4, 5);
    refusesWhole(v -> Require.between(3, 5, "n", v), "be from 3 to 5", 2, 6, -4);
    takesWhole(v -> Require.notNegative("n", v), 0, 1, Integer.MAX_VALUE);
    refusesWhole(v -> Require.notNegative("n", v), "not be negative", -1, Integer.MIN_VALUE);
  }

  @Test
  void numbersPassUnchangedWithinTheirBoundsAndNotBeyond() {
    takes(v -> Require.notNegative("n", v), 0, -0.0, LEAST, INFINITY);
    refuses(v -> Require.notNegative("n", v), "not be negative", -LEAST, -INFINITY, Double.NaN);
    takes(v -> Require.finite("n", v), 0, -2, Double.MAX_VALUE);
    refuses(v -> Require.finite("n", v), "be finite", INFINITY, -INFINITY, Double.NaN);
    takes(v -> Require.finiteNotNegative("n", v), 0, 7, Double.MAX_VALUE);
    refuses(
        v -> Require.finiteNotNegative("n", v),
        "be finite and not negative",
        -LEAST,
        INFINITY,
        Double.NaN);
    takes(v -> Require.positive("n", v), LEAST, 7, Double.MAX_VALUE);
    refuses(v -> Require.positive("n", v), "be positive and finite", 0, -1, INFINITY, Double.NaN);
  }

  @Test
  void sharesEndWhereTheirNamesSay() {
    takes(v -> Require.share("n", v), 0, 0.25, 1);
    refuses(v -> Require.share("n", v), "be in [0, 1]", -LEAST, ABOVE_ONE, Double.NaN);
    takes(v -> Require.shareBelowOne("n", v), 0, 0.25, BELOW_ONE);
    refuses(v -> Require.shareBelowOne("n", v), "be in [0, 1)", -LEAST, 1, Double.NaN);
    takes(v -> Require.properShare("n", v), LEAST, 0.25, BELOW_ONE);
    refuses(v -> Require.properShare("n", v), "be in (0, 1)", 0, 1, Double.NaN);
  }

  @Test
  void theFirstNullIsNamedByItsPlace() {
    List<String> things = List.of("a", "b");
    assertThat(Require.noNull("names", things)).isSameAs(things);
    assertThatThrownBy(() -> Require.noNull("names", Arrays.asList("a", "b", null, null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("element 2 of names");
    assertThatThrownBy(() -> Require.copy("names", new String[] {"a", null}))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("element 1 of names");
    assertThatThrownBy(() -> Require.copy("names", (List<String>) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("names");
    assertThatThrownBy(() -> Require.copy("names", (String[]) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("names");
  }

  @Test
  void aCopyStaysWhatItWas() {
    List<String> things = new ArrayList<>(List.of("a", "b"));
    List<String> copy = Require.copy("names", things);
    things.clear();
    assertThat(copy).containsExactly("a", "b");
    String[] array = {"c", "d"};
    copy = Require.copy("names", array);
    array[0] = "e";
    assertThat(copy).containsExactly("c", "d");
  }

  @Test
  void anIndexIsAWholeNumberBelowTheClasses() {
    for (double right : new double[] {0, -0.0, 1, 2}) {
      assertThat(Require.index("targets", 4, right, 3)).isEqualTo((int) right);
    }
    for (double wrong : new double[] {-1, 3, 0.5, 2.5, Double.NaN, INFINITY}) {
      assertThatThrownBy(() -> Require.index("targets", 4, wrong, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("targets in row 4 must be a whole number in [0, 3), got " + wrong);
    }
  }

  private static void takesWhole(IntUnaryOperator check, int... values) {
    for (int value : values) {
      assertThat(check.applyAsInt(value)).isEqualTo(value);
    }
  }

  private static void refusesWhole(IntUnaryOperator check, String must, int... values) {
    for (int value : values) {
      assertThatThrownBy(() -> check.applyAsInt(value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("n must " + must + ", got " + value);
    }
  }

  private static void takes(DoubleUnaryOperator check, double... values) {
    for (double value : values) {
      assertThat(check.applyAsDouble(value)).isEqualTo(value);
    }
  }

  private static void refuses(DoubleUnaryOperator check, String must, double... values) {
    for (double value : values) {
      assertThatThrownBy(() -> check.applyAsDouble(value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("n must " + must + ", got " + value);
    }
  }
}
