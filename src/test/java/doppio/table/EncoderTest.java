package doppio.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.table.Column.Kind;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class EncoderTest {
  record Row(String word, Double x, boolean flag, LocalDate day) {}

  record Word(String word) {}

  record Measured(double x) {}

  record Outer(Word word, double x) {}

  record Chosen(Kind kind) {}

  private final List<Row> rows =
      List.of(
          new Row("b", 1.0, true, LocalDate.ofEpochDay(10)),
          new Row("a", 3.0, false, LocalDate.ofEpochDay(10)),
          new Row("b", null, true, LocalDate.ofEpochDay(10)),
          new Row("a", 2.0, false, LocalDate.ofEpochDay(10)));

  @Test
  void everyKindOfColumnBecomesInputsWithNames() {
    Encoder<Row> encoder = Encoder.of(Row.class).fit(rows);
    assertThat(encoder.names())
        .containsExactly(
            "word = a", "word = b", "word is another", "x", "x is missing", "flag", "day");
    double s = Math.sqrt(1.5);
    assertThat(encoder.encode(rows).data())
        .containsExactly(
            new double[] {
              0, 1, 0, -s, 0, 1, 0, //
              1, 0, 0, s, 0, -1, 0, //
              0, 1, 0, 0, 1, 1, 0, //
              1, 0, 0, 0, 0, -1, 0
            },
            within(1e-15));
  }

  @Test
  void unseenRareAndMissingWordsHaveAPlace() {
    List<Word> words = new ArrayList<>();
    for (String word : new String[] {"a", "a", "b", "b", "b", null, null, "c"}) {
      words.add(new Word(word));
    }
    Encoder<Word> encoder = Encoder.of(Word.class).fit(words);
    assertThat(encoder.names())
        .containsExactly("word is missing", "word = a", "word = b", "word is another");
    List<Word> asked = List.of(new Word("c"), new Word("z"), new Word(null), new Word("b"));
    assertThat(encoder.encode(asked).data())
        .containsExactly(0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0);
    assertThat(Encoder.of(Word.class).rare(1).mostWords(1).fit(words).names())
        .containsExactly("word = b", "word is another");
  }

  @Test
  void manyWordsArePooled() {
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      words.add(new Word("w" + i));
      words.add(new Word(i % 500 == 0 ? "often" : "w" + i));
    }
    Encoder<Word> encoder = Encoder.of(Word.class).fit(words);
    assertThat(encoder.names()).containsExactly("word as an index");
    assertThat(encoder.columns().get(0).words()).hasSize(1000).containsKey("often");
  }

  @Test
  void aColumnThatVariesByRoundingAloneBecomesZeros() {
    Encoder<Measured> encoder =
        Encoder.of(Measured.class).fit(List.of(new Measured(0.3), new Measured(0.1 + 0.2)));
    assertThat(encoder.encode(List.of(new Measured(0.3), new Measured(7))).data())
        .containsExactly(0, 0);
  }

  @Test
  void logTakesLogarithmsAndCategoricalTakesNumbersForWords() {
    List<Measured> numbers = List.of(new Measured(0), new Measured(Math.E - 1), new Measured(0));
    Encoder<Measured> log = Encoder.of(Measured.class).log("x").fit(numbers);
    assertThat(log.names()).containsExactly("log(1 + x)");
    assertThat(log.columns().get(0).mean()).isEqualTo(1 / 3.0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> log.encode(List.of(new Measured(-1))))
        .withMessage("row 0, x: expected a number above -1 for log(1 + x) but got -1.0");
    assertThat(Encoder.of(Measured.class).categorical("x").fit(numbers).names())
        .containsExactly("x = 0.0", "x is another");
  }

  @Test
  void wordsThatAreNumbersAreTakenForThemWhenAskedFor() {
    List<Word> words = List.of(new Word("1"), new Word("3"));
    Encoder<Word> encoder = Encoder.of(Word.class).numeric("word").fit(words);
    assertThat(encoder.encode(words).data()).containsExactly(-1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.encode(List.of(new Word("2"), new Word("two"))))
        .withMessage("row 1, word: expected a number but got two");
  }

  @Test
  void ofWordsThatAreAsFrequentTheFirstInTheAlphabetHaveAPlace() {
    List<Word> words = List.of(new Word("p"), new Word("o"), new Word("p"), new Word("o"));
    assertThat(Encoder.of(Word.class).mostWords(1).fit(words).names())
        .containsExactly("word = o", "word is another");
  }

  @Test
  void aColumnWithoutAnyNumberIsMissingInEveryRow() {
    List<Measured> gaps = List.of(new Measured(Double.NaN), new Measured(Double.NaN));
    Encoder<Measured> encoder = Encoder.of(Measured.class).fit(gaps);
    assertThat(encoder.names()).containsExactly("x", "x is missing");
    assertThat(encoder.encode(List.of(gaps.get(0), new Measured(7))).data())
        .containsExactly(0, 1, 0, 0);
  }

  /** One that the training had no gap in has no input for one. */
  @Test
  void aNumberThatIsMissingForTheFirstTimeIsTheMean() {
    Encoder<Measured> encoder =
        Encoder.of(Measured.class).fit(List.of(new Measured(1), new Measured(3)));
    assertThat(encoder.encode(List.of(new Measured(3), new Measured(Double.NaN))).data())
        .containsExactly(1, 0);
  }

  @Test
  void whatHasLearnedIsNotSetAgain() {
    Encoder<Row> learned = Encoder.of(Row.class).fit(rows);
    for (ThrowingCallable setting :
        List.<ThrowingCallable>of(
            () -> learned.rare(1),
            () -> learned.mostWords(1),
            () -> learned.embedFrom(1),
            () -> learned.numeric("x"),
            () -> learned.without("x"))) {
      assertThatIllegalStateException()
          .isThrownBy(setting)
          .withMessage("what has learned is not set or fitted again; keep what fit was called on");
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> Encoder.of(Row.class).embeddings(new Generator(1)))
        .withMessageContaining("call fit first");
  }

  @Test
  void numbersOfWordsBelowOneAreRefused() {
    Encoder<Row> encoder = Encoder.of(Row.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.rare(0))
        .withMessage("times must be at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.mostWords(0))
        .withMessage("words must be at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.embedFrom(0))
        .withMessage("words must be at least 1, got 0");
  }

  @Test
  void whatCannotBeLearnedFromIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encoder.of(Measured.class).fit(List.of()))
        .withMessage("expected rows to learn from but got none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encoder.of(Measured.class).fit(Arrays.asList(new Measured(1), null)))
        .withMessage("row 1 is null");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encoder.of(Measured.class).without("x").fit(List.of(new Measured(1))))
        .withMessage("no component of Measured is left to learn from; it has [x]");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Encoder.of(Measured.class).fit(List.of(new Measured(1), new Measured(1 / 0.0))))
        .withMessage("row 1, x: expected a finite number but got Infinity");
    List<Outer> nested = List.of(new Outer(new Word("a"), 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encoder.of(Outer.class).fit(nested))
        .withMessageEndingWith("or leave it out with without(\"word\")");
    assertThat(Encoder.of(Outer.class).without("word").fit(nested).names()).containsExactly("x");
    assertThatIllegalStateException()
        .isThrownBy(() -> Encoder.of(Measured.class).encode(List.of()))
        .withMessageContaining("call fit first");
  }

  @Test
  void anEnumIsTakenForWords() {
    assertThat(Encoder.of(Chosen.class).rare(1).fit(List.of(new Chosen(Kind.LOG))).names())
        .containsExactly("kind = LOG", "kind is another");
  }

  @Test
  @SuppressWarnings("unchecked")
  void aClassThatIsNoRecordIsRefused() {
    Class<Row> none = (Class<Row>) (Class<?>) String.class;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encoder.of(none))
        .withMessage(
            "java.lang.String must be a record with components, which are the columns of the table");
  }

  /** A record of the JDK that it opens to nobody stands for one in a module of a user's. */
  @Test
  @SuppressWarnings("unchecked")
  void aRecordOfAModuleThatIsNotOpenIsRefusedWithTheLineToAdd() throws ClassNotFoundException {
    Class<? extends Record> hidden =
        (Class<? extends Record>) Class.forName("jdk.internal.misc.ThreadTracker$ThreadRef");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encoder.of(hidden))
        .withMessageEndingWith("module-info.java of java.base: opens jdk.internal.misc;");
  }

  @Test
  void printsWhatWasLearned() {
    assertThat(Encoder.of(Word.class)).hasToString("Encoder(Word) of [word], not fitted");
    assertThat(Encoder.of(Row.class).fit(rows).toString())
        .startsWith("Encoder(Row)\n")
        .contains("word                 String     words     3  2 words")
        .contains("mean 2.00000, std 0.816497, gaps")
        .endsWith("mean 10.0000, std 0.00000\n");
  }
}
