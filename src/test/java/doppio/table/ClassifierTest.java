package doppio.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.io.SafeTensors;
import doppio.metric.CrossValidation;
import doppio.model.ModelFile;
import doppio.model.Registry;
import doppio.nn.Linear;
import doppio.nn.Sequential;
import doppio.train.Callback;
import doppio.train.Training;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTest {
  record Fruit(String colour, Double weight, boolean ripe, int id, double count, String kind) {}

  record Served(boolean ripe, String colour, Double weight) {}

  record Changed(String colour, int weight, boolean ripe, String kind) {}

  enum Side {
    LEFT,
    RIGHT
  }

  record Sided(double x, Side side) {}

  @TempDir private Path folder;

  private final List<Fruit> rows = fruits(120, new Generator(3));

  /** Half of the bananas are green, as half of the apples are; the weight tells them apart. */
  private static List<Fruit> fruits(int n, Generator generator) {
    List<Fruit> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      boolean banana = i % 2 == 0;
      String colour = i % 4 < 2 ? "green" : banana ? "yellow" : "red, \n\"dark\"";
      Double weight =
          i % 15 == 14 && i % 4 >= 2 ? null : (banana ? 120 : 180) + 5 * generator.normal();
      rows.add(new Fruit(colour, weight, i % 3 == 0, i, 1, banana ? "banana" : "apple"));
    }
    return rows;
  }

  private Classifier<Fruit> settings() {
    return Classifier.of(Fruit.class, "kind").without("id").seed(5).trainer(t -> t.epochs(15));
  }

  @Test
  void learnsToTellClassesApart() {
    Classifier<Fruit> kind = settings().fit(rows);
    assertThat(kind.labels()).containsExactly("apple", "banana");
    List<Fruit> others = fruits(60, new Generator(4));
    assertThat(kind.report(others).accuracy()).isEqualTo(1);
    assertThat(kind.report(others).of("apple").support()).isEqualTo(30);
    Classifier.Prediction answer = kind.predict(others.get(0));
    assertThat(answer.label()).isEqualTo("banana");
    assertThat(answer.probability("banana") + answer.probability("apple"))
        .isEqualTo(1, within(1e-12));
    assertThat(answer.probability("banana")).isGreaterThan(0.5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> answer.probability("pear"))
        .withMessage("no class pear among [apple, banana]");
    assertThat(kind.predict(List.of())).isEmpty();
  }

  @Test
  void theSameSeedLearnsTheSame() {
    Classifier<Fruit> settings = settings();
    assertThat(settings.fit(rows).predict(rows)).isEqualTo(settings.fit(rows).predict(rows));
    assertThat(settings().seed(6).fit(rows).predict(rows))
        .isNotEqualTo(settings.fit(rows).predict(rows));
  }

  @Test
  void oneFileBringsBackTheSameAnswers() throws IOException {
    Classifier<Fruit> kind = settings().fit(rows);
    Path file = folder.resolve("kind.doppio");
    kind.save(file);
    Classifier<Fruit> loaded = Classifier.load(file, Fruit.class);
    assertThat(loaded.predict(rows)).isEqualTo(kind.predict(rows));
    assertThat(loaded).hasToString(kind.toString());
    assertThat(((Sequential) ModelFile.load(file)).get(0)).isInstanceOf(Linear.class);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    loaded.save(out);
    assertThat(Classifier.load(new ByteArrayInputStream(out.toByteArray()), Fruit.class).labels())
        .isEqualTo(kind.labels());
  }

  @Test
  void theRecordThatIsServedNeedsTheInputsAlone() throws IOException {
    Classifier<Fruit> kind = settings().without("count").fit(rows);
    Path file = folder.resolve("kind.doppio");
    kind.save(file);
    Fruit fruit = rows.get(0);
    assertThat(
            Classifier.load(file, Served.class)
                .predict(new Served(fruit.ripe, fruit.colour, fruit.weight)))
        .isEqualTo(kind.predict(fruit));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Classifier.load(file, Changed.class))
        .withMessage(file + ": expected a component weight of type Double but Changed has int");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regressor.load(file, Fruit.class))
        .withMessage(
            file + ": expected version 1 of a Regressor but got version 1 of a Classifier");
    ModelFile.save(file, new Linear(2, 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Classifier.load(file, Fruit.class))
        .withMessageContaining("this was not saved by a Classifier");
  }

  @Test
  void aFileWhoseTextIsDamagedIsRefused() throws IOException {
    Classifier<Fruit> kind = settings().fit(rows);
    Path file = folder.resolve("kind.doppio");
    kind.save(file);
    SafeTensors.Contents contents = SafeTensors.read(file);
    String text = contents.metadata().get("doppio.table");
    for (String damaged :
        new String[] {
          "",
          "1",
          text.replace(" apple", ""),
          text + "\nx",
          text + "\n" + "x int NUMBER 0 zero false",
          text.replace("NUMBER", "KIND"),
          text.replace("weight", "%")
        }) {
      SafeTensors.save(
          file,
          contents.tensors(),
          doppio.io.Dtype.F64,
          Map.of("doppio.table", damaged, "doppio.model", contents.metadata().get("doppio.model")));
      assertThatIllegalArgumentException()
          .as(damaged)
          .isThrownBy(() -> Classifier.load(file, Fruit.class))
          .withMessageStartingWith(file.toString());
    }
  }

  @Test
  void enumsAndNumbersAreClassesToo() {
    List<Sided> sided = new ArrayList<>();
    for (int i = -20; i < 20; i++) {
      sided.add(new Sided(i + 0.5, i < 0 ? Side.LEFT : Side.RIGHT));
    }
    Classifier<Sided> side = Classifier.of(Sided.class, "side").fit(sided);
    assertThat(side.predict(new Sided(15, null)).label()).isEqualTo("RIGHT");
    assertThat(side.predict(new Sided(-15, null)).label()).isEqualTo("LEFT");
  }

  record Letter(double x, String kind) {}

  /** Its bias alone says what comes out, as its weights are zero and it learns next to nothing. */
  private static Classifier<Letter> always(double... outputs) {
    Linear last = new Linear(1, outputs.length);
    last.weight().value().fill(0);
    System.arraycopy(outputs, 0, last.bias().value().data(), 0, outputs.length);
    List<Letter> rows = new ArrayList<>();
    for (int i = 0; i < outputs.length; i++) {
      rows.add(new Letter(i, "abc".substring(i, i + 1)));
    }
    return Classifier.of(Letter.class, "kind")
        .recipe(new Recipe(List.of(), 1e-300, 0.1, 1, 16, 1))
        .network((in, out) -> last)
        .fit(rows);
  }

  @Test
  void theLabelIsTheFirstOfTheMostProbable() {
    List<Letter> asked = List.of(new Letter(0, null), new Letter(1, null));
    assertThat(always(1, 3, 2).predict(asked)).extracting("label").containsOnly("b");
    assertThat(always(1, 2, 3).predict(asked)).extracting("label").containsOnly("c");
    assertThat(always(3, 1, 2).predict(asked)).extracting("label").containsOnly("a");
    assertThat(always(2, 3, 3).predict(asked)).extracting("label").containsOnly("b");
  }

  @Test
  void everyKindOfFileIsLoadedWithModulesOfOnesOwn() throws IOException {
    Classifier<Letter> letters = always(1, 2);
    Path file = folder.resolve("letters.doppio");
    letters.save(file);
    byte[] bytes = Files.readAllBytes(file);
    Registry own = Registry.none();
    for (Classifier<Letter> loaded :
        List.of(
            Classifier.load(file, Letter.class, own),
            Classifier.load(bytes, Letter.class, own),
            Classifier.load(new ByteArrayInputStream(bytes), Letter.class, own),
            Classifier.load(bytes, Letter.class))) {
      assertThat(loaded.labels()).containsExactly("a", "b");
    }
  }

  @Test
  void everySettingReturnsWhatItWasCalledOn() {
    Classifier<Fruit> kind = settings();
    assertThat(
            List.of(
                kind.categorical("ripe"),
                kind.numeric("weight"),
                kind.log("count"),
                kind.rare(1),
                kind.mostWords(5),
                kind.embedFrom(3),
                kind.recipe(Recipe.USUAL)))
        .allMatch(returned -> returned == kind);
  }

  @Test
  void aNetworkOfOnesOwnIsTrained() {
    Classifier<Fruit> kind = settings().network(Linear::new).trainer(t -> t.epochs(100)).fit(rows);
    assertThat(kind.report(rows).accuracy()).isGreaterThan(0.9);
  }

  /** Two rows that say one thing and one that says the other: their weights decide. */
  @Test
  void weightsDecideWhereRowsContradictEachOther() {
    List<Fruit> both = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      boolean banana = i % 4 == 0;
      both.add(new Fruit("green", 1.0, false, i, banana ? 9 : 1, banana ? "banana" : "apple"));
    }
    Classifier<Fruit> plain = settings().without("count");
    assertThat(plain.fit(both).predict(both.get(0)).label()).isEqualTo("apple");
    assertThat(settings().weights("count").fit(both).predict(both.get(0)).label())
        .isEqualTo("banana");
    assertThat(plain.classWeights(Map.of("banana", 9.0)).fit(both).predict(both.get(0)).label())
        .isEqualTo("banana");
  }

  @Test
  void shufflingTheComponentThatMattersCostsTheMost() {
    Classifier<Fruit> kind = settings().fit(rows);
    Importance importance = kind.importance(rows, 3, new Generator(1));
    assertThat(importance.score()).isEqualTo(1);
    assertThat(importance.drops().keySet().iterator().next()).isEqualTo("weight");
    assertThat(importance.drops().get("weight").mean()).isGreaterThan(0.2);
    assertThat(importance.drops().get("count").values()).containsExactly(0.0, 0.0, 0.0);
    assertThat(importance.drops()).doesNotContainKeys("kind", "id");
    assertThat(importance.toString()).startsWith("score 1.0000\nweight");
  }

  @Test
  void everyFoldIsAnsweredByWhatTheOthersTaught() {
    CrossValidation.Scores scores =
        CrossValidation.of(3, new Generator(2))
            .scores(
                rows, Fruit::kind, (train, test) -> settings().fit(train).report(test).accuracy());
    assertThat(scores.values()).hasSize(3);
    assertThat(scores.mean()).isGreaterThan(0.95);
  }

  @Test
  void rowsThatNothingCanBeLearnedFromAreRefused() {
    Fruit none = new Fruit("red", 1.0, true, 1, 1, null);
    List<Fruit> gap = new ArrayList<>(rows);
    gap.set(7, none);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings().fit(gap))
        .withMessage("row 7, kind: the value is missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings().fit(Arrays.asList(rows.get(0), null)))
        .withMessage("row 1 is null");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings().fit(List.of(rows.get(0), rows.get(2))))
        .withMessage("kind: expected two classes or more but got [banana] in 2 rows");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings().fit(List.of()))
        .withMessageContaining("two classes or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Classifier.of(Fruit.class, "sort"))
        .withMessageContaining("Fruit has no component sort");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings().classWeights(Map.of("pear", 2.0)).fit(rows))
        .withMessageContaining("[pear]");
    List<Fruit> negative = new ArrayList<>(rows);
    negative.set(3, new Fruit("red", 1.0, true, 1, -1, "apple"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings().weights("count").fit(negative))
        .withMessage("row 3, count: a weight must not be negative, got -1.0");
  }

  @Test
  void aNumberThatNoNetworkCanTakeIsRefused() {
    List<Sided> tiny = List.of(new Sided(-1e-10, Side.LEFT), new Sided(1e-10, Side.RIGHT));
    Classifier<Sided> side = Classifier.of(Sided.class, "side").fit(tiny);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> side.predict(List.of(tiny.get(0), new Sided(1e308, null))))
        .withMessageStartingWith("row 1: the network has no finite answer");
  }

  record Nested(Sided inner, double x, String kind) {}

  record Alone(String kind) {}

  @Test
  void aRecordWithoutAComponentToLearnFromIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Classifier.of(Alone.class, "kind").fit(List.of(new Alone("a"), new Alone("b"))))
        .withMessage("no component of Alone is left to learn from; it has [kind]");
    List<Nested> nested = List.of(new Nested(null, 1, "a"), new Nested(null, 2, "b"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Classifier.of(Nested.class, "kind").fit(nested))
        .withMessage(
            "Nested.inner is of type Sided, which no column has: use String, double, int, long,"
                + " boolean, their boxed types, an enum or LocalDate; or leave it out with"
                + " without(\"inner\")");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Classifier.of(Nested.class, "inner"))
        .withMessage(
            "Nested.inner is of type Sided, which no column has: use String, double, int, long,"
                + " boolean, their boxed types, an enum or LocalDate");
    assertThat(Classifier.of(Nested.class, "kind").without("inner").fit(nested).labels())
        .containsExactly("a", "b");
  }

  @Test
  void infiniteNumbersAreRefusedInTheTraining() {
    List<Fruit> infinite = new ArrayList<>(rows);
    infinite.set(9, new Fruit("red", Double.NEGATIVE_INFINITY, true, 1, 1, "apple"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings().fit(infinite))
        .withMessage("row 9, weight: expected a finite number but got -Infinity");
  }

  record Coded(String code, String kind) {}

  /** As words they are told apart, whatever their size; as numbers they have an order. */
  @Test
  void wordsThatAreNumbersAreWordsUnlessToldOtherwise() {
    List<Coded> coded = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String code = new String[] {"10", "9", "100"}[i % 3];
      coded.add(new Coded(code, code.equals("10") ? "middle" : "end"));
    }
    Classifier<Coded> words = Classifier.of(Coded.class, "kind").fit(coded);
    assertThat(words.predict(new Coded("10", null)).label()).isEqualTo("middle");
    assertThat(words.predict(new Coded("100", null)).label()).isEqualTo("end");
    assertThat(words.toString()).contains("words");
    coded.set(5, new Coded("ten", "end"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Classifier.of(Coded.class, "kind").numeric("code").fit(coded))
        .withMessage("row 5, code: expected a number but got ten");
  }

  @Test
  void progressGoesToACallbackThatIsGiven() {
    List<Integer> epochs = new ArrayList<>();
    settings()
        .progress(
            new Callback() {
              @Override
              public void epoch(Training training) {
                epochs.add(training.epoch());
              }
            })
        .trainer(t -> t.epochs(3))
        .fit(rows);
    assertThat(epochs).containsExactly(1, 2, 3);
  }

  @Test
  void withoutATerminalNothingIsPrinted() {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream seen = new PrintStream(bytes)) {
      System.setOut(seen);
      System.setErr(seen);
      settings().fit(rows);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    assertThat(bytes.toByteArray()).isEmpty();
  }

  @Test
  void twoRowsAreEnough() {
    Classifier<Fruit> kind = settings().fit(rows.subList(0, 2));
    assertThat(kind.predict(rows.get(0)).label()).isEqualTo("banana");
    assertThat(kind.predict(rows.get(1)).label()).isEqualTo("apple");
  }

  @Test
  void whatCannotBeAnsweredIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> settings().predict(rows.get(0)))
        .withMessageContaining("call fit first");
    Classifier<Fruit> kind = settings().fit(rows);
    assertThatIllegalStateException().isThrownBy(() -> kind.without("ripe"));
    assertThatIllegalStateException()
        .isThrownBy(() -> kind.fit(rows))
        .withMessageContaining("keep what fit was called on");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kind.predict((Fruit) null))
        .withMessage("row 0 is null");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kind.predict(new Fruit("red", 1 / 0.0, true, 1, 1, null)))
        .withMessage("row 0, weight: expected a finite number but got Infinity");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kind.report(List.of(new Fruit("red", 1.0, true, 1, 1, "pear"))))
        .withMessage("row 0, kind: pear is none of the classes [apple, banana]");
  }
}
