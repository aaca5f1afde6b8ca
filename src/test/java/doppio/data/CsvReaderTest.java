package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReaderTest {
  private static CsvReader reader(String text, char separator) {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return new CsvReader(in, separator, Lines.MAX_LENGTH);
  }

  private static List<List<String>> rows(String text, char separator) throws IOException {
    CsvReader in = reader(text, separator);
    List<List<String>> rows = new ArrayList<>();
    for (List<String> row = in.next(); row != null; row = in.next()) {
      rows.add(List.copyOf(row));
    }
    return rows;
  }

  @Test
  void cellsAreWhatStandsBetweenSeparators() throws IOException {
    assertThat(rows("a,b\n,c\nd,\n\n x ,y z", ','))
        .containsExactly(
            List.of("a", "b"),
            List.of("", "c"),
            List.of("d", ""),
            List.of(""),
            List.of(" x ", "y z"));
  }

  @Test
  void aCellInQuotesHoldsSeparatorsLinesAndQuotes() throws IOException {
    assertThat(rows("\"a,b\", \"c\nd\" ,e\n\"f\"\"g\"\"\",\"\",h\"i", ','))
        .containsExactly(List.of("a,b", "c\nd", "e"), List.of("f\"g\"", "", "h\"i"));
    assertThat(rows("\"\"\"\"", ',')).containsExactly(List.of("\""));
  }

  @Test
  void severalBlanksAreOneSeparatorUnlessThereAreQuotes() throws IOException {
    assertThat(rows(" a \t b  c ", ' ')).containsExactly(List.of("a", "b", "c"));
    assertThat(rows("\"a  b\" c", ' ')).containsExactly(List.of("a  b", "c"));
    assertThat(rows("c \"a  b\"", ' ')).containsExactly(List.of("c", "a  b"));
  }

  @Test
  void aRowIsNamedByTheLineThatItBeginsIn() throws IOException {
    CsvReader in = reader("1\n\"2\n3\",x\n4", ',');
    in.next();
    in.next();
    assertThat(in.line()).isEqualTo(2);
    assertThat(in).hasToString("CsvReader(line 2)");
    assertThatThrownBy(() -> in.number(1, "x"))
        .isInstanceOf(IOException.class)
        .hasMessage("line 2, column 2: expected a number but found \"x\"");
    in.next();
    assertThat(in.line()).isEqualTo(4);
    assertThat(in.number(0, " 4 ")).isEqualTo(4);
    assertThat(in.number(0, "-inf")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(in.next()).isNull();
  }

  @Test
  void whatIsWrongWithQuotesIsNamed() {
    assertThatThrownBy(() -> rows("1\n2,\"a\nb", ','))
        .hasMessage(
            "line 2, column 2: expected a quote that ends the cell but found the end of the file");
    assertThatThrownBy(() -> rows("1,\"a\" b,2", ','))
        .hasMessage(
            "line 1, column 2: expected a separator behind the quote but found \"1,\"a\" b,2\"");
  }

  @Test
  void aFileIsOpenedWithASeparatorThatCanBeOne(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "a;b");
    try (CsvReader in = CsvReader.open(file, ';')) {
      assertThat(in.next()).containsExactly("a", "b");
    }
    for (char bad : new char[] {'"', '\r', '\n'}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CsvReader.open(file, bad))
          .withMessage("the separator must not be a quote or end a line");
    }
  }

  @Test
  void closingClosesTheFile() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream in =
        new ByteArrayInputStream(new byte[0]) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    new CsvReader(in, ',', Lines.MAX_LENGTH).close();
    assertThat(closed).isTrue();
  }
}
