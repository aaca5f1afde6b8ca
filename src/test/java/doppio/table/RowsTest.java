package doppio.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsTest {
  enum Size {
    SMALL,
    VERY_LARGE
  }

  record All(
      String word,
      double number,
      Double gap,
      int count,
      Integer maybeCount,
      long big,
      Long maybeBig,
      boolean flag,
      Boolean maybeFlag,
      Size size,
      LocalDate day) {}

  record Price(String name, double price) {}

  record Count(int count) {}

  record Inner(Price price) {}

  record Positive(double x) {
    Positive {
      if (x <= 0) {
        throw new IllegalArgumentException("x must be positive, got " + x);
      }
    }
  }

  @TempDir private Path folder;

  private Path write(String text) throws IOException {
    Path file = folder.resolve("rows.csv");
    Files.writeString(file, text);
    return file;
  }

  private <R extends Record> List<R> read(String text, Class<R> type) throws IOException {
    return Rows.read(write(text), type);
  }

  private <R extends Record> void assertRefused(String text, Class<R> type, String message)
      throws IOException {
    Path file = write(text);
    assertThatThrownBy(() -> Rows.read(file, type))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void everyTypeOfAComponentIsRead() throws IOException {
    String header = "word,number,gap,count,maybe_count,BIG,maybe-big,flag,Maybe Flag,size,day\n";
    assertThat(
            read(
                header
                    + "a,1.5,2,3,4,9007199254740993,6,True,no,very large,2026-11-27\n"
                    + "NA,?,NaN,3.0,,7,null,0,,small,\n",
                All.class))
        .containsExactly(
            new All(
                "a",
                1.5,
                2.0,
                3,
                4,
                9007199254740993L,
                6L,
                true,
                false,
                Size.VERY_LARGE,
                LocalDate.of(2026, 11, 27)),
            new All(null, Double.NaN, null, 3, null, 7, null, false, null, Size.SMALL, null));
  }

  @Test
  void quotesHoldSeparatorsQuotesAndEndsOfLines() throws IOException {
    assertThat(
            read(
                "\ufeff\"name\",other,\"price\"\r\n\"a, \"\"b\"\"\r\nc\",x,\"1\"\r\n\r\nit \"is\",y,2",
                Price.class))
        .containsExactly(new Price("a, \"b\"\nc", 1), new Price("it \"is\"", 2));
  }

  @Test
  void gzipIsUnpacked() throws IOException {
    Path file = folder.resolve("rows.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("price,name\n3,x\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    assertThat(Rows.read(file, Price.class)).containsExactly(new Price("x", 3));
  }

  @Test
  void settingsChangeSeparatorDecimalSignAndMissingWords() throws IOException {
    Path file = write("name;price\nNA;3,5\nnone;-\n");
    Rows.Options options = Rows.Options.DEFAULT.withDecimalComma().withMissing("none", "-");
    assertThat(Rows.read(file, Price.class, options))
        .containsExactly(new Price("NA", 3.5), new Price(null, Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rows.Options(',', ',', List.of()))
        .withMessageContaining("not the separator");
  }

  @Test
  void whatDoesNotFitIsRefusedWithItsPlace() throws IOException {
    assertRefused(
        "name,price\na,1\nb,x\n",
        Price.class,
        "line 3, column 2 (price): expected a number but found \"x\"");
    assertRefused(
        "name,price\na,-Infinity\n",
        Price.class,
        "line 2, column 2 (price): expected a finite number but found \"-Infinity\"");
    assertRefused(
        "count\n1\n?\n",
        Count.class,
        "line 3, column 1 (count): the value is missing, which int cannot say; let the component"
            + " be of type Integer");
    assertRefused(
        "count\n1.5\n",
        Count.class,
        "line 2, column 1 (count): expected a whole number but found \"1.5\"");
    assertRefused(
        "count\n3000000000\n",
        Count.class,
        "line 2, column 1 (count): expected an int but found \"3000000000\"");
    assertRefused("name,price\na\n", Price.class, "line 2: expected 2 cells but found 1");
    assertRefused("name\na\n", Price.class, "line 1: no column for Price.price among [name]");
    assertRefused(
        "name,price,Price\n",
        Price.class,
        "line 1: both column 2 and column 3 are for Price.price");
    assertRefused("", Count.class, "expected a line that names the columns but the file is empty");
    assertRefused(
        "name,price\n\"a,1\n",
        Price.class,
        "line 2, column 1: expected a quote that ends the cell but found the end of the file");
    assertRefused(
        "name,price\n\"a\"b,1\n",
        Price.class,
        "line 2, column 1: expected a separator behind the quote but found \"\"a\"b,1\"");
    assertRefused(
        "x\n1\n-1\n",
        Positive.class,
        "line 3: the constructor of Positive failed: java.lang.IllegalArgumentException: x must be"
            + " positive, got -1.0");
  }

  @Test
  void whatATypeExpectsIsSaidInItsWords() throws IOException {
    record Typed(boolean flag, long big, Size size, LocalDate day) {}
    String header = "flag,big,size,day\n";
    assertRefused(
        header + "maybe,1,small,2026-01-31\n",
        Typed.class,
        "line 2, column 1 (flag): expected true or false but found \"maybe\"");
    assertRefused(
        header + "t,1,huge,2026-01-31\n",
        Typed.class,
        "line 2, column 3 (size): expected a constant of Size but found \"huge\"");
    assertRefused(
        header + "t,1,small,31.01.2026\n",
        Typed.class,
        "line 2, column 4 (day): expected a date as 2026-01-31 but found \"31.01.2026\"");
    String missing = ": the value is missing, which ";
    assertRefused(
        header + ",1,small,2026-01-31\n",
        Typed.class,
        "line 2, column 1 (flag)"
            + missing
            + "boolean cannot say; let the component be of type Boolean");
    assertRefused(
        header + "t,NA,small,2026-01-31\n",
        Typed.class,
        "line 2, column 2 (big)" + missing + "long cannot say; let the component be of type Long");
  }

  /** 2^53 is the last whole number with both neighbours. */
  @Test
  void wholeNumbersWithAPointAreTakenAsFarAsADoubleCountsThem() throws IOException {
    record Whole(long n) {}
    assertThat(read("n\n9007199254740992.0\n-9007199254740992.0\n", Whole.class))
        .containsExactly(new Whole(1L << 53), new Whole(-(1L << 53)));
    assertRefused(
        "n\n9007199254740994.0\n",
        Whole.class,
        "line 2, column 1 (n): expected a whole number but found \"9007199254740994.0\"");
    assertRefused(
        "n\nInfinity\n",
        Whole.class,
        "line 2, column 1 (n): expected a finite number but found \"Infinity\"");
  }

  @Test
  void longCellsAreShownByTheirStartAndWithoutControlCharacters() throws IOException {
    String start = "line 2, column 2 (price): expected a number but found \"";
    String forty = "x".repeat(40);
    assertRefused("name,price\na," + forty + "\n", Price.class, start + forty + '"');
    assertRefused("name,price\na," + forty + "y\n", Price.class, start + forty + "...\"");
    assertRefused("name,price\na,1\t\u00072\n", Price.class, start + "1??2\"");
    assertRefused("name,price\na,\"3,5\"\n", Price.class, start + "3,5\"");
  }

  @Test
  void blankLinesAreNoRowsAndAnEmptyFileOfColumnsHasNone() throws IOException {
    record Name(String name) {}
    assertThat(read("name\na\n\n  \nb\n", Name.class))
        .containsExactly(new Name("a"), new Name("b"));
    assertThat(read("name,price\n", Price.class)).isEmpty();
    assertThat(read("name,price\n,5\n", Price.class)).containsExactly(new Price(null, 5));
  }

  @Test
  void theFileThatIsNotThereIsNamedOnce() {
    Path file = folder.resolve("none.csv");
    assertThatThrownBy(() -> Rows.read(file, Price.class))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(file + ": no such file");
  }

  @Test
  void separatorsOfOnesOwnStayWhenTheDecimalCommaIsSet() throws IOException {
    Path file = write("name\tprice\na\t3,5\n");
    Rows.Options tabs = Rows.Options.DEFAULT.withSeparator('\t');
    assertThat(Rows.read(file, Price.class, tabs.withDecimalComma()))
        .containsExactly(new Price("a", 3.5));
    assertThat(tabs.withMissing("-").separator()).isEqualTo('\t');
    for (char decimal : new char[] {';', '\'', '.', ','}) {
      char separator = decimal == '\'' ? ';' : decimal;
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Rows.Options(separator, decimal, List.of()))
          .withMessage(
              "decimal must be a point or a comma and not the separator, got '" + decimal + "'");
    }
  }

  @Test
  void recordsWithoutColumnsOrWithinRecordsAreRefused() throws IOException {
    record Nothing() {}
    Path file = write("price\n1\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rows.read(file, Nothing.class))
        .withMessageContaining("must be a record with components");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rows.read(file, Inner.class))
        .withMessageContaining("Inner.price is of type Price, which no column has");
  }

  @Test
  void aSplitKeepsTheSharesOfAComponent() {
    List<Price> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(new Price(i % 4 == 0 ? null : "b", i));
    }
    Rows.Split<Price> parts = Rows.split(rows, 0.75, "name", new Generator(1));
    assertThat(parts.first()).hasSize(30).filteredOn(r -> r.name() == null).hasSizeBetween(7, 8);
    assertThat(parts.second()).hasSize(10).doesNotContainAnyElementsOf(parts.first());
    assertThat(Rows.split(rows, 0.75, "name", new Generator(1))).isEqualTo(parts);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rows.split(List.<Price>of(), 0.75, "name", new Generator(1)))
        .withMessage("expected rows to split but got none");
    rows.add(new Price("c", 41));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rows.split(rows, 0.75, "name", new Generator(1)))
        .withMessage("row 40 alone has the name c, but a split needs two rows or more of each");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rows.split(rows, 0.75, "nam", new Generator(1)))
        .withMessage("Price has no component nam but [name, price]");
    rows.set(3, null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rows.split(rows, 0.75, "name", new Generator(1)))
        .withMessage("row 3 is null");
  }
}
