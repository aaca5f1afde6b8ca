package doppio.data;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class CharactersTest {
  private final Characters characters = Characters.of("banana");

  @Test
  void eachCharacterHasAnIndexInTheOrderOfUnicode() {
    assertThat(characters.alphabet()).isEqualTo("abn");
    assertThat(characters.size()).isEqualTo(3);
    assertSame(characters.indices("nab"), Tensor.of(2, 0, 1));
    assertSame(characters.oneHot("nb"), Tensor.of(new double[][] {{0, 0, 1}, {0, 1, 0}}));
    assertSame(characters.oneHot(1), Tensor.of(0.0, 1.0, 0.0));
    assertThat(characters.text(Tensor.of(1, 0, 2))).isEqualTo("ban");
    assertThat(characters.indices("").shape()).containsExactly(0);
    assertThat(characters.oneHot("").shape()).containsExactly(0, 3);
    assertThat(characters.text(Tensor.zeros(0))).isEmpty();
  }

  @Property
  void aTextComesBackAlsoFromItsAlphabet(@ForAll @NotEmpty String text) {
    Characters its = Characters.of(text);
    assertThat(its.text(its.indices(text))).isEqualTo(text);
    Characters again = Characters.of(its.alphabet());
    assertSame(again.indices(text), its.indices(text));
  }

  @Test
  void aPairOfSurrogatesIsOneCharacter() {
    String text = "a\uD83D\uDE00b\uD83D\uDE00";
    assertThat(Characters.of(text).size()).isEqualTo(3);
    assertSame(Characters.of(text).indices(text), Tensor.of(0, 2, 1, 2));
  }

  @Test
  void anUnknownCharacterIsRefusedOrHasThePlaceOfAllOthers() {
    assertThatThrownBy(() -> characters.indices("bad"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "character U+0064 at 2 is none of the 3 known ones; withUnknown() has a place for it");
    assertThatThrownBy(() -> characters.oneHot("\n"))
        .hasMessageStartingWith("character U+000A at 0 is none");
    Characters open = characters.withUnknown();
    assertThat(open.size()).isEqualTo(4);
    assertSame(open.indices("bad"), Tensor.of(1, 0, 3));
    assertThat(open.text(open.indices("bad!"))).isEqualTo("ba\uFFFD\uFFFD");
    assertThat(open.alphabet()).isEqualTo("abn");
    assertThat(characters.size()).isEqualTo(3);
  }

  @Test
  void whatIsNoIndexIsRefused() {
    assertThatThrownBy(() -> characters.text(Tensor.of(0, 3)))
        .hasMessage("index in row 1 must be a whole number in [0, 3), got 3.0");
    assertThatThrownBy(() -> characters.oneHot(3))
        .hasMessage("index in row 0 must be a whole number in [0, 3), got 3.0");
    assertShapeException(
        () -> characters.text(Tensor.zeros(1, 2)), "expected indices [t] but got [1, 2]");
    assertThatThrownBy(() -> Characters.of("")).hasMessage("an empty text has no characters");
  }

  @Test
  void printsHowManyThereAre() {
    assertThat(characters).hasToString("Characters(3)");
    assertThat(characters.withUnknown()).hasToString("Characters(3 and a place for others)");
  }
}
