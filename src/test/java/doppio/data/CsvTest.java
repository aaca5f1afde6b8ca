package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.optim.SGD;
import doppio.train.History;
import doppio.train.Trainer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  private static final Csv.Options DEFAULT = Csv.Options.DEFAULT;

  @TempDir Path folder;

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("table.csv"), text);
  }

  private void assertRefused(String text, Csv.Options options, String message) throws IOException {
    Path file = write(text);
    assertThatThrownBy(() -> Csv.read(file, options))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,2,3\n4,5,6\n",
        "1,2,3\n4,5,6",
        "1,2,3\r\n4,5,6\r\n",
        "1,2,3\r4,5,6\r",
        "1,2,3\n4,5,6\n\n \n\r\n",
        "\ufeff1,2,3\n4,5,6\n",
        " 1 ,\t2,3\n+4,5.0,.6e1\n",
        "\"1\",2, \" 3\"\n4,\"5\" ,\"6\n\"\n",
      })
  void readsRowsHoweverTheyEnd(String text) throws IOException {
    Tensor t = Csv.read(write(text));
    assertThat(t.shape()).containsExactly(2, 3);
    assertThat(t.data()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n\r\n", "\ufeff", "  "})
  void aFileWithoutRowsIsEmpty(String text) throws IOException {
    assertThat(Csv.read(write(text)).shape()).containsExactly(0, 0);
    assertThat(Csv.read(write(text), DEFAULT.withHeader()).shape()).containsExactly(0, 0);
  }

  @Test
  void aHeaderAloneIsNoRow() throws IOException {
    assertThat(Csv.read(write("a,b\n\n"), DEFAULT.withHeader()).shape()).containsExactly(0, 0);
  }

  @Test
  void skipsAHeaderAndTakesOtherSeparators() throws IOException {
    Path file = write("größe;\"b\"\n1;2\n");
    Tensor t = Csv.read(file, DEFAULT.withHeader().withSeparator(';'));
    assertThat(t.shape()).containsExactly(1, 2);
    assertThat(Csv.read(write("1\t2\n3\t4"), DEFAULT.withSeparator('\t')).data())
        .containsExactly(1, 2, 3, 4);
    assertThat(Csv.read(write("1 2\n3 4"), DEFAULT.withSeparator(' ')).data())
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void readsGzipWhateverItsName() throws IOException {
    Path file = folder.resolve("table.txt");
    Files.write(file, Gzip.pack("1,2\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(Csv.read(file).data()).containsExactly(1, 2);
    Files.write(file, new byte[] {0x1f, (byte) 0x8b});
    assertThatThrownBy(() -> Csv.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": gzip data ends within its header");
  }

  @Test
  void aLongFileIsReadToItsEnd() throws IOException {
    String text =
        IntStream.range(0, 5000).mapToObj(i -> i + "," + -i).collect(Collectors.joining("\n"));
    Tensor t = Csv.read(write(text));
    assertThat(t.shape()).containsExactly(5000, 2);
    assertThat(t.get(4999, 0)).isEqualTo(4999);
    assertThat(t.get(4999, 1)).isEqualTo(-4999);
  }

  @Property(tries = 200)
  void everyFiniteDoubleMakesTheRoundTrip(@ForAll @Size(min = 1, max = 20) double[] values)
      throws IOException {
    String text = Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(","));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Tensor t = Csv.read(new ByteArrayInputStream(bytes), "values", DEFAULT);
    assertThat(t.data()).containsExactly(values);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "1f", "1d", "0x1p3", "1e999", "--1", "1 2", "e"})
  void refusesCellsThatAreNoNumbers(String cell) throws IOException {
    String message = "line 2, column 2: expected a number but found \"" + cell + "\"";
    assertRefused("1,2,3\n4," + cell + ",6\n", DEFAULT, message);
    assertRefused("a,b,c\n4," + cell + ",6\n", DEFAULT.withHeader(), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "nan", "-Infinity", "Infinity", "inf", "+INF"})
  void numbersThatAreNotFiniteAreReadWhenAskedFor(String cell) throws IOException {
    double expected =
        cell.equalsIgnoreCase("nan") ? Double.NaN : (cell.startsWith("-") ? -1 : 1) / 0.0;
    assertRefused(
        "1," + cell,
        DEFAULT,
        "line 1, column 2: expected a number but found \""
            + cell
            + "\"; Csv.Options.withNotFinite() reads it");
    Csv.Options options = DEFAULT.withNotFinite().withHeader().withMaxLineLength(20);
    assertThat(Csv.read(write("a;b\n1; " + cell), options.withSeparator(';')).data())
        .containsExactly(1, expected);
    assertRefused("a\n1e999\n", options, "line 2, column 1: expected a number but found \"1e999\"");
  }

  @Test
  void theHistoryOfATrainingWithoutValidationIsRead() throws IOException {
    Linear model = new Linear(2, 1, new Generator(1));
    Trainer trainer = new Trainer(model, new MSE(), new SGD(model.parameters(), 0.1)).epochs(3);
    History history = trainer.fit(Synthetic.xor());
    Path file = folder.resolve("history.csv");
    history.saveEpochs(file);
    Tensor read = Csv.read(file, DEFAULT.withHeader().withNotFinite());
    assertThat(read.dim(0)).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      assertThat(read.get(i, 1)).isEqualTo(history.trainLoss()[i]);
      assertThat(read.get(i, 2)).isNaN();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 2 3\n4 5 6\n",
        "  1   2  3\n4     5 6  \n\n",
        "1\t2\t3\n4 \t 5\t \t6",
        "\t1 2 3\r\n 4 5 6\r\n   \r\n",
      })
  void severalBlanksAreOneSeparator(String text) throws IOException {
    Tensor t = Csv.read(write(text), DEFAULT.withSeparator(' '));
    assertThat(t.shape()).containsExactly(2, 3);
    assertThat(t.data()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void severalBlanksStillMakeRaggedRowsWhereANumberIsMissing() throws IOException {
    assertRefused(
        "1  2\n3   \n",
        DEFAULT.withSeparator(' '),
        "line 2, column 2: expected 2 columns, as in line 1, but found 1: \"3\"");
  }

  @Test
  void aRowOfSeparatorsIsNoBlankLine() throws IOException {
    Csv.Options tabs = DEFAULT.withSeparator('\t');
    assertRefused("1\t2\t3\n\t\t\n", tabs, "line 2, column 1: expected a number but found \"\"");
    assertRefused("\t\n", tabs, "line 1, column 1: expected a number but found \"\"");
    assertRefused("1\t2\n\t\n3\t4\n", tabs, "line 2, column 1: expected a number but found \"\"");
    assertRefused(
        "1\u30002\n\u3000\n",
        DEFAULT.withSeparator('\u3000'),
        "line 2, column 1: expected a number but found \"\"");
    assertThat(Csv.read(write("1\t2\n  \n\n"), tabs).data()).containsExactly(1, 2);
    assertThat(Csv.read(write("1,2\n\t\t\n")).data()).containsExactly(1, 2);
  }

  @Test
  void charactersThatOneDoesNotSeeAreNamed() throws IOException {
    assertStrange("1\u00a0", "U+00A0 (no-break space)");
    assertStrange("\u202f1", "U+202F (narrow no-break space)");
    assertStrange("1\u2007000", "U+2007 (figure space)");
    assertStrange("1\u200b", "U+200B (zero width space)");
    assertStrange("\ufeff1", "U+FEFF (byte order mark)");
    assertStrange("\u22121", "U+2212 (minus sign)");
    assertStrange("\uff11", "U+FF11 (fullwidth digit one)");
    assertStrange("1\u0435" + "5", "U+0435 (cyrillic small letter ie)");
    assertStrange("\ud835\udfce", "U+1D7CE (mathematical bold digit zero)");
    Path file = folder.resolve("table.csv");
    Files.write(file, new byte[] {'1', ',', (byte) 0xe9, '\n'});
    assertThatThrownBy(() -> Csv.read(file))
        .hasMessage(
            file
                + ": line 1, column 2: expected a number but found \"\ufffd\""
                + " with U+FFFD (bytes that are not UTF-8)");
    Files.write(file, "1,2\n3,4\n".getBytes(StandardCharsets.UTF_16LE));
    assertThatThrownBy(() -> Csv.read(file))
        .hasMessage(
            file
                + ": line 1, column 1: expected a number but found \"1?\""
                + " with U+0000 (zero, as in text of 16 bits a character)");
  }

  private void assertStrange(String cell, String named) throws IOException {
    assertRefused(
        "1,2\n3," + cell + "\n",
        DEFAULT,
        "line 2, column 2: expected a number but found \"" + cell + "\" with " + named);
  }

  @Test
  void aPageOfOneLineIsNoHeader() throws IOException {
    assertRefused(
        "<!DOCTYPE html><html><body>Not found</body></html>",
        DEFAULT.withHeader(),
        "expected rows of numbers but this is an HTML page:"
            + " a download gave a page about the file, or about an error");
  }

  @Test
  void refusesAnEmptyLastCell() throws IOException {
    assertRefused("1,2,\n", DEFAULT, "line 1, column 3: expected a number but found \"\"");
  }

  @Test
  void shortensWhatItShows() throws IOException {
    assertRefused(
        "1," + "x".repeat(1000),
        DEFAULT,
        "line 1, column 2: expected a number but found \"" + "x".repeat(40) + "…\"");
    assertRefused(
        "1,a\u0007b",
        DEFAULT,
        "line 1, column 2: expected a number but found \"a?b\" with U+0007 (bel)");
  }

  @Test
  void namesInTheFirstLineAreToldFromNumbers() throws IOException {
    assertRefused(
        "a,\"b\"\n1,2\n",
        DEFAULT,
        "line 1, column 1: expected a number but found \"a\"; Csv.Options.withHeader() passes over a"
            + " line of names");
  }

  @Test
  void quotesThatDoNotCloseACellAreRefused() throws IOException {
    assertRefused(
        "1,\"2\n3,4\n",
        DEFAULT,
        "line 1, column 2: expected a quote that ends the cell but found the end of the file");
    assertRefused(
        "1,\"2\"3\n",
        DEFAULT,
        "line 1, column 2: expected a separator behind the quote but found \"1,\"2\"3\"");
  }

  @Test
  void refusesRaggedRows() throws IOException {
    assertRefused(
        "1,2,3\n4,5,6\n7,8\n",
        DEFAULT,
        "line 3, column 3: expected 3 columns, as in line 1, but found 2: \"7,8\"");
    assertRefused(
        "a\n1,2\n3,4,5\n",
        DEFAULT.withHeader(),
        "line 3, column 3: expected 2 columns, as in line 2, but found 3: \"3,4,5\"");
  }

  @Test
  void refusesABlankLineBetweenRows() throws IOException {
    assertRefused("1\n\n\n2\n", DEFAULT, "line 2, column 1: expected a number but found \"\"");
    assertRefused("\r\n1\r\n", DEFAULT, "line 1, column 1: expected a number but found \"\"");
  }

  @Test
  void boundsTheLengthOfALine() throws IOException {
    Csv.Options five = DEFAULT.withMaxLineLength(5);
    assertThat(Csv.read(write("12,45\r\n12,45"), five).shape()).containsExactly(2, 2);
    String message = "line 2 is longer than the limit of 5 characters";
    assertRefused("12,45\n12,456\n", five, message);
    assertRefused("a\n" + "b".repeat(9) + "\n", five.withHeader(), message);
    assertRefused(
        "1".repeat((1 << 20) + 1),
        DEFAULT,
        "line 1 is longer than the limit of 1048576 characters");
  }

  @Test
  void refusesBadOptions() {
    for (char separator : new char[] {'0', '.', '-', 'e'}) {
      assertThatThrownBy(() -> DEFAULT.withSeparator(separator))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "separator must not be part of a number or end a line, got \"" + separator + "\"");
    }
    assertThatThrownBy(() -> DEFAULT.withSeparator('\n'))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("separator must not be part of a number or end a line, got \"?\"");
    assertThatThrownBy(() -> DEFAULT.withMaxLineLength(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxLineLength must be at least 1, got 0");
    assertThatThrownBy(() -> Csv.read(folder, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("options");
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Csv.read(missing))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(missing + ": no such file");
    assertThatThrownBy(() -> Csv.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + ": expected a file but found a folder");
  }

  @Test
  void whatAnyoneSeesIsNotNamed() throws IOException {
    assertRefused("1 2~\n", DEFAULT, "line 1, column 1: expected a number but found \"1 2~\"");
  }

  @Test
  void fortyCharactersAreShownWhole() throws IOException {
    String forty = "x".repeat(39) + "1";
    String start = "line 1, column 1: expected a number but found \"1";
    assertRefused("1" + forty.substring(1), DEFAULT, start + forty.substring(1) + "\"");
    assertRefused("1" + forty, DEFAULT, start + forty.substring(0, 39) + "…\"");
  }

  @Test
  void aByteOrderMarkStandsAtTheStartAlone() throws IOException {
    String found = "expected a number but found \"\ufeff2\" with U+FEFF (byte order mark)";
    assertRefused("1\n\ufeff2\n", DEFAULT, "line 2, column 1: " + found);
    assertRefused("1,\ufeff2\n", DEFAULT, "line 1, column 2: " + found);
  }

  @Test
  void anyNumberOfNumbersIsRead() throws IOException {
    for (int n : new int[] {8191, 8192, 8193, 2 * 8192}) {
      double[] column = Csv.read(write("1\n".repeat(n - 1) + "2\n")).data();
      assertThat(column).hasSize(n).endsWith(1, 2);
    }
  }

  @Test
  void aPageInPlaceOfNamesIsNotATableWithoutRows() throws IOException {
    assertRefused(
        "<html></html>\n",
        DEFAULT.withHeader(),
        "expected rows of numbers but this is an HTML page: a download gave a page about the file, or"
            + " about an error");
  }
}
