package doppio.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaTest {
  record Weighed(double weight, String word) {
    @Override
    public String word() {
      if (word.isEmpty()) {
        throw new IllegalStateException("no word");
      }
      return word;
    }
  }

  private final Schema<Weighed> schema = new Schema<>(Weighed.class);

  @Test
  void weightsHaveAMeanOfOne() {
    List<Weighed> rows = List.of(new Weighed(1, "a"), new Weighed(0, "b"), new Weighed(5, "c"));
    assertThat(schema.weights(rows, "weight")).containsExactly(0.5, 0, 2.5);
  }

  @Test
  void rowsOfWhichNoneWeighsAnythingAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schema.weights(List.of(new Weighed(0, "a")), "weight"))
        .withMessage("weight: no row weighs anything");
  }

  @Test
  void aComponentThatCannotBeReadIsNamedWithItsReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schema.get(new Weighed(1, ""), 1))
        .withMessage("Weighed.word() failed: java.lang.IllegalStateException: no word")
        .withCauseInstanceOf(IllegalStateException.class);
  }

  private record Hidden(int n) {}

  @Test
  void aPrivateRecordIsReadAndMade() {
    Schema<Hidden> hidden = new Schema<>(Hidden.class);
    assertThat(hidden.get(hidden.make(new Object[] {7}), 0)).isEqualTo(7);
  }

  @Test
  void aComponentThatIsLackingOrOfAnotherTypeIsRefused() {
    schema.require("word", "String");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schema.require("word", "int"))
        .withMessage("expected a component word of type int but Weighed has String");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schema.require("size", "int"))
        .withMessage("expected a component size of type int but Weighed has none");
  }

  @Test
  void namesAreFoundWhateverTheirHabit() {
    assertThat(Schema.plain("Bill_length-MM \t")).isEqualTo("billlengthmm");
    assertThat(schema.find("word")).isEqualTo(1);
    assertThat(schema.find("none")).isNegative();
  }
}
