package doppio.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.ChildJvm;
import doppio.io.SafeTensors;
import doppio.model.ModelFile;
import doppio.nn.ColumnEmbeddings;
import doppio.nn.Embedding;
import doppio.nn.Sequential;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Words of which there are many become indices, and rows of a table that is learned. */
class ManyWordsTest {
  record Word(double x, String word, String few) {}

  record Sale(String city, double price, String kind) {}

  private static List<Word> words(int distinct) {
    List<Word> rows = new ArrayList<>();
    for (int i = 0; i < 2 * distinct; i++) {
      rows.add(new Word(i, "w" + (char) ('a' + i % distinct), i % 2 == 0 ? "even" : "odd"));
    }
    return rows;
  }

  @Test
  void wordsAreAnIndexFromASettingOn() {
    Encoder<Word> below = Encoder.of(Word.class).embedFrom(6).fit(words(5));
    assertThat(below.names()).contains("word = wa", "word is another").hasSize(10);
    assertThat(below.embeddings(new Generator(1)).columns()).isEmpty();
    assertThat(below.embeddings(new Generator(1)).outFeatures()).isEqualTo(below.width());

    Encoder<Word> from = Encoder.of(Word.class).embedFrom(5).fit(words(5));
    assertThat(from.names())
        .containsExactly("x", "word as an index", "few = even", "few = odd", "few is another");
    List<Word> asked =
        List.of(new Word(4.5, "we", "odd"), new Word(4.5, "wx", "odd"), new Word(4.5, null, "odd"));
    assertThat(from.encode(asked).data())
        .containsExactly(new double[] {0, 4, 0, 1, 0, 0, 5, 0, 1, 0, 0, 5, 0, 1, 0}, within(1e-12));
    assertThat(from.encodeUnseen().data()).containsExactly(0, 5, 0, 0, 1);
    assertThat(from.toString()).contains("index").contains("5 words");
    ColumnEmbeddings tables = from.embeddings(new Generator(1));
    assertThat(tables.columns()).containsExactly(1);
    Tensor known = tables.infer(from.encode(asked.subList(0, 1)));
    assertThat(known.shape()).containsExactly(1, tables.outFeatures());
  }

  /** No row of the training has taught what another word is. */
  @Test
  void aWordThatNobodyHasSeenIsNothingSpecial() {
    Encoder<Word> encoder = Encoder.of(Word.class).embedFrom(1).without("x", "few").fit(words(5));
    Tensor y =
        encoder.embeddings(new Generator(1)).infer(encoder.encode(List.of(new Word(1, "z", ""))));
    assertThat(y.data()).containsOnly(0);
  }

  /** 24 words and the others have five numbers each, 400 words 16 at most. */
  @Test
  void aTableHasTheRootOfItsRowsInColumnsOfSmallNumbers() {
    Encoder<Word> encoder = Encoder.of(Word.class).embedFrom(1).without("x", "few").fit(words(24));
    Embedding table = encoder.columns().get(0).table(new Generator(3));
    assertThat(table.weight().value().shape()).containsExactly(25, 5);
    double[] drawn = new Embedding(25, 5, new Generator(3)).weight().value().data();
    double[] w = table.weight().value().data();
    for (int i = 0; i < w.length; i++) {
      assertThat(w[i]).isEqualTo(i < 24 * 5 ? 0.1 * drawn[i] : 0);
    }
    List<Word> pooled = new ArrayList<>(words(24));
    pooled.add(new Word(1, "once", "even"));
    Embedding taught =
        Encoder.of(Word.class)
            .embedFrom(1)
            .without("x", "few")
            .fit(pooled)
            .columns()
            .get(0)
            .table(new Generator(3));
    assertThat(taught.weight().value().get(24, 4)).isEqualTo(0.1 * drawn[124]);
    Encoder<Word> many = Encoder.of(Word.class).without("x", "few").fit(words(400));
    assertThat(many.embeddings(new Generator(1)).outFeatures()).isEqualTo(16);
  }

  @Test
  void rareWordsAndThoseThatAreTooManyArePooled() {
    List<Word> rows = new ArrayList<>(words(9));
    rows.add(new Word(1, "once", "even"));
    Encoder<Word> pooled = Encoder.of(Word.class).without("x", "few").embedFrom(4).fit(rows);
    assertThat(pooled.encode(rows.subList(18, 19)).data()).containsExactly(9);
    Encoder<Word> few =
        Encoder.of(Word.class).without("x", "few").embedFrom(4).mostWords(5).fit(rows);
    assertThat(few.encode(rows.subList(4, 6)).data()).containsExactly(4, 5);
    Encoder<Word> all = Encoder.of(Word.class).without("x", "few").embedFrom(4).rare(1).fit(rows);
    assertThat(all.columns().get(0).words()).containsKey("once");
  }

  private static List<Sale> sales(int n, long seed) {
    Generator random = new Generator(seed);
    List<Sale> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int city = (int) (60 * random.uniform());
      rows.add(new Sale("city " + city, random.normal(), city % 2 == 0 ? "even" : "odd"));
    }
    return rows;
  }

  @Test
  void aTableIsLearnedSavedAndLoadedWithTheNetwork() throws IOException {
    List<Sale> training = sales(2000, 1);
    Classifier<Sale> kind = Classifier.of(Sale.class, "kind").seed(2).embedFrom(50).fit(training);
    List<Sale> others = sales(200, 2);
    assertThat(kind.report(others).accuracy()).isGreaterThan(0.98);
    assertThat(kind.importance(others, 2, new Generator(1)).drops().keySet()).startsWith("city");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    kind.save(out);
    Classifier<Sale> loaded = Classifier.load(out.toByteArray(), Sale.class);
    assertThat(loaded.predict(others)).isEqualTo(kind.predict(others));
    assertThat(loaded.predict(new Sale("nowhere", 0, null)))
        .isEqualTo(kind.predict(new Sale("nowhere", 0, null)));
    Sequential network = (Sequential) ModelFile.load(out.toByteArray());
    assertThat(network.children().get("0")).isInstanceOf(ColumnEmbeddings.class);
  }

  /** A place that the table does not have is found when the file is read, not by the first row. */
  @Test
  void aFileWhoseTableHasTooFewRowsIsRefused() throws IOException {
    Classifier<Sale> kind =
        Classifier.of(Sale.class, "kind")
            .embedFrom(50)
            .trainer(t -> t.epochs(1))
            .fit(sales(500, 1));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    kind.save(out);
    SafeTensors.Contents contents = SafeTensors.read(out.toByteArray());
    Map<String, String> damaged = new HashMap<>(contents.metadata());
    damaged.computeIfPresent("doppio.table", (key, text) -> text.replace(" city+1 ", " city+1 x "));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    SafeTensors.save(file, new SafeTensors.Contents(contents.tensors(), damaged));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Classifier.load(file.toByteArray(), Sale.class))
        .withMessageContaining("expects whole numbers from 0 to");
  }

  @Test
  @Tag("jvm")
  void aMillionDistinctWordsArePooledInLittleMemory() {
    ChildJvm.Result result = ChildJvm.run(ManyWordsProgram.class, List.of("-Xmx448m"));
    assertThat(result.exit()).as("%s", result.errors()).isZero();
    assertThat(result.output())
        .anyMatch(line -> line.matches("id +String +words +1 +0 words"))
        .anyMatch(line -> line.matches("page +String +index +1 +1000 words"))
        .endsWith("[false, true]");
  }
}
