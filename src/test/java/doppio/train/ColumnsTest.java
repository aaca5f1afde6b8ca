package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColumnsTest {
  @Test
  void wideCharactersTakeTwoAndMarksNone() {
    assertThat(Columns.of("")).isZero();
    assertThat(Columns.of("abc")).isEqualTo(3);
    assertThat(Columns.of("R²→")).isEqualTo(3);
    assertThat(Columns.of("训练")).isEqualTo(4);
    assertThat(Columns.of("한글カナｱ")).isEqualTo(9);
    assertThat(Columns.of("\u10FF")).as("the last before Hangul's").isEqualTo(1);
    assertThat(Columns.of("\u1100")).as("the first of Hangul's").isEqualTo(2);
    assertThat(Columns.of("\u115F")).as("the last of Hangul's wide ones").isEqualTo(2);
    assertThat(Columns.of("\u1160")).as("the first that is not").isEqualTo(1);
    assertThat(Columns.of("e\u0301")).isEqualTo(1);
    assertThat(Columns.of("\uD83D\uDE80")).as("a rocket").isEqualTo(2);
    assertThat(Columns.of("\uD835\uDC31")).as("an x of mathematics").isEqualTo(1);
    assertThat(Columns.of("\uD840\uDC00")).as("an ideograph").isEqualTo(2);
  }

  @Test
  void whatIsCutHasWholeCharactersAndFits() {
    String text = "a训\uD83D\uDE80e\u0301练b";
    int[] lengths = {0, 1, 1, 2, 2, 4, 6, 6, 7, 8, 8};
    for (int columns = 0; columns < lengths.length; columns++) {
      String cut = Columns.cut(text, columns);
      assertThat(cut.length()).as("%d columns", columns).isEqualTo(lengths[columns]);
      assertThat(Columns.of(cut)).isLessThanOrEqualTo(columns);
      assertThat(text).startsWith(cut);
    }
  }
}
