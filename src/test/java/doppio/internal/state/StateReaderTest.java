package doppio.internal.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import doppio.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateReaderTest {
  private static StateReader reader(String key, Tensor value) {
    return new StateReader("X", Map.of(key, value));
  }

  private static void refused(StateReader reader, String problems) {
    assertThatIllegalArgumentException()
        .isThrownBy(reader::finish)
        .withMessage("state does not fit X: " + problems);
  }

  @Test
  void whatIsMissingOrOfAnotherShapeIsNamedOnceWhateverFits() {
    StateReader missing = new StateReader("X", Map.of());
    assertThat(missing.number("a", v -> v > 0, "a positive number")).isZero();
    refused(missing, "missing a");
    StateReader shaped = reader("a", Tensor.of(1, 2));
    assertThat(shaped.number("a", v -> v > 0, "a positive number")).isZero();
    refused(shaped, "a expects [] but got [2]");
    StateReader negative = reader("a", Tensor.full(-1));
    assertThat(negative.number("a", v -> v > 0, "a positive number")).isZero();
    refused(negative, "a expects a positive number but got -1.0");
  }

  @Test
  void aCountIsAWholeNumberUpToItsLimit() {
    for (double good : new double[] {0, 3, 7}) {
      StateReader reader = reader("n", Tensor.full(good));
      assertThat(reader.count("n", 7)).isEqualTo((long) good);
      assertThatNoException().isThrownBy(reader::finish);
    }
    for (double bad : new double[] {-1, 0.5, 8, Double.NaN, Double.POSITIVE_INFINITY}) {
      StateReader reader = reader("n", Tensor.full(bad));
      assertThat(reader.count("n", 7)).isZero();
      refused(reader, "n expects a whole number from 0 to 7 but got " + bad);
    }
    assertThat(reader("n", Tensor.full(0x1p53)).count("n", Double.POSITIVE_INFINITY))
        .isEqualTo(1L << 53);
  }

  @Test
  void aVectorHasAnyLength() {
    for (double[] values : new double[][] {{}, {1}, {1, 2, 3}}) {
      StateReader reader = reader("v", Tensor.of(values));
      assertThat(reader.vector("v")).containsExactly(values);
      assertThatNoException().isThrownBy(reader::finish);
    }
    StateReader matrix = reader("v", Tensor.zeros(2, 3));
    assertThat(matrix.vector("v")).isEmpty();
    refused(matrix, "v expects [0] but got [2, 3]");
    StateReader missing = new StateReader("X", Map.of());
    assertThat(missing.vector("v")).isEmpty();
    refused(missing, "missing v");
  }

  @Test
  void whatNobodyReadIsNamedAfterAllElse() {
    StateReader reader = reader("a", Tensor.full(1));
    assertThat(reader.has("a")).isTrue();
    assertThat(reader.has("b")).isFalse();
    reader.tensor("b");
    refused(reader, "missing b; unexpected a");
  }
}
