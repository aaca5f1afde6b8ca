package doppio.internal.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void everyEscapeIsRead() throws IOException {
    assertThat(reader("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\uDE00.\"").string())
        .isEqualTo("\"\\/\b\f\n\r\té€😀.");
  }

  @Test
  void utf8IsRead() throws IOException {
    assertThat(reader("\"é€😀\u007f\"").string()).isEqualTo("é€😀\u007f");
  }

  @Test
  void whitespaceMayStandBeforeAString() throws IOException {
    assertThat(reader(" \t\r\n\"a\"").string()).isEqualTo("a");
  }

  @Test
  void controlCharactersAreWrittenAsEscapes() {
    assertThat(JsonWriter.quote("\"\\/\b\f\n\r\t\u0000\u001f\u007fé😀"))
        .isEqualTo("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007fé😀\"");
  }

  @Test
  void longTextIsShortenedForMessages() {
    assertThat(JsonWriter.brief("x".repeat(80))).isEqualTo("\"" + "x".repeat(80) + "\"");
    assertThat(JsonWriter.brief("x".repeat(81))).isEqualTo("\"" + "x".repeat(80) + "\"…");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "x         | expected a string but got 'x' at byte 0 of the header",
        "'x'       | expected a string but got ''' at byte 0 of the header",
        "\"ab      | expected the rest of a string but got the end at byte 3 of the header",
        "\"a\\     | expected one of \"\\/bfnrtu after a backslash but got the end at byte 3 of the"
            + " header",
        "\"\\x\"   | expected one of \"\\/bfnrtu after a backslash but got 'x' at byte 2 of the"
            + " header",
        "\"\\U0041\" | expected one of \"\\/bfnrtu after a backslash but got 'U' at byte 2 of the"
            + " header",
        "\"\\u12\" | expected four hexadecimal digits but got '\"' at byte 5 of the header",
        "\"\\u+123\" | expected four hexadecimal digits but got '+' at byte 3 of the header",
        "\"\\u123  | expected four hexadecimal digits but got the end at byte 6 of the header",
        "\"\\ud83d\" | expected a surrogate pair but got half of one at byte 1 of the header",
        "\"\\ud83dx\" | expected a surrogate pair but got half of one at byte 1 of the header",
        "\"\\ud83dxude00\" | expected a surrogate pair but got half of one at byte 1 of the header",
        "\"\\ud83d\\n\" | expected a surrogate pair but got half of one at byte 1 of the header",
        "\"a\\ud83d\\u0041\" | expected a surrogate pair but got half of one at byte 2 of the"
            + " header",
        "\"\\ude00\\ud83d\" | expected a surrogate pair but got half of one at byte 1 of the"
            + " header",
        "\"\\ude00\\ude00\" | expected a surrogate pair but got half of one at byte 1 of the"
            + " header",
      })
  void malformedStringsAreRefused(String json, String message) {
    assertThatThrownBy(() -> reader(json).string())
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @Test
  void rawControlCharactersAreRefused() {
    for (int c = 0; c < ' '; c++) {
      String found = "0x" + HexFormat.of().toHexDigits((byte) c);
      JsonReader json = reader("\"a" + (char) c + "\"");
      assertThatThrownBy(json::string)
          .isInstanceOf(IOException.class)
          .hasMessage(
              "expected the rest of a string but got " + found + " at byte 2 of the header");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", // a continuation alone
        "c3", // cut short
        "e282", // cut short
        "f09f98", // cut short
        "c080", // overlong
        "e08080", // overlong
        "f0808080", // overlong
        "eda080", // a surrogate
        "f4908080", // beyond U+10FFFF
        "ff"
      })
  void malformedUtf8IsRefused(String hex) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    json.writeBytes("\"é".getBytes(StandardCharsets.UTF_8));
    json.writeBytes(HexFormat.of().parseHex(hex));
    json.write('"');
    assertThatThrownBy(() -> new JsonReader(json.toByteArray()).string())
        .isInstanceOf(IOException.class)
        .hasMessage("malformed UTF-8 at byte 3 of the header");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "10, 10", "9223372036854775807, 9223372036854775807"})
  void wholeNumbersAreRead(String json, long value) throws IOException {
    assertThat(reader(" \t\r\n" + json + " ").wholeNumber()).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "-1,  expected a whole number but got '-' at byte 0 of the header",
    "+1,  expected a whole number but got '+' at byte 0 of the header",
    "'',  expected a whole number but got the end at byte 0 of the header",
    ".5,  expected a whole number but got '.' at byte 0 of the header",
    "1.0, expected a whole number but got '.' at byte 1 of the header",
    "1e3, expected a whole number but got 'e' at byte 1 of the header",
    "1E3, expected a whole number but got 'E' at byte 1 of the header",
    "\"1\", expected a whole number but got '\"' at byte 0 of the header",
    "01,  expected a whole number but got one with a leading zero at byte 0 of the header",
    "00,  expected a whole number but got one with a leading zero at byte 0 of the header",
    "9223372036854775808, 'expected a number of at most 9223372036854775807 but got a larger one at"
        + " byte 0 of the header'",
    "99999999999999999999, 'expected a number of at most 9223372036854775807 but got a larger one"
        + " at byte 0 of the header'",
  })
  void otherNumbersAreRefused(String json, String message) {
    assertThatThrownBy(() -> reader(json).wholeNumber())
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0", "7", "-10", "2147483647", "-2147483648"})
  void numbersWithoutAPointAreInts(String json) throws IOException {
    JsonReader reader = reader(" \t" + json + ",");
    assertThat(reader.number()).isEqualTo(Integer.valueOf(json));
    assertThat(reader.accept(',')).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.5", "-0.0", "10.25", "1e3", "1E3", "-1.5e+3", "2e-3", "12e10", "0.1e9", "0e9"})
  void otherNumbersAreDoubles(String json) throws IOException {
    JsonReader reader = reader(json + ",");
    assertThat(reader.number()).isEqualTo(Double.valueOf(json));
    assertThat(reader.accept(',')).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "x,    expected a digit but got 'x' at byte 0 of the header",
    "-,    expected a digit but got the end at byte 1 of the header",
    "+1,   expected a digit but got '+' at byte 0 of the header",
    "1.,   expected a digit but got the end at byte 2 of the header",
    "1e,   expected a digit but got the end at byte 2 of the header",
    "1e-x, expected a digit but got 'x' at byte 3 of the header",
    "007,  expected a number but got one with a leading zero at byte 0 of the header",
    "-01,  expected a number but got one with a leading zero at byte 0 of the header",
    "2147483648, expected a whole number of 32 bits but got \"2147483648\" at byte 0 of the header",
  })
  void malformedNumbersAreRefused(String json, String message) {
    assertThatThrownBy(() -> reader(json).number())
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @Test
  void truthIsRead() throws IOException {
    JsonReader json = reader(" true\nfalse,");
    assertThat(json.truth()).isTrue();
    assertThat(json.truth()).isFalse();
    assertThat(json.accept(',')).isTrue();
    assertThatThrownBy(() -> reader("t rue").truth())
        .hasMessage("expected true or false but got ' ' at byte 1 of the header");
    assertThatThrownBy(() -> reader("t~").truth())
        .hasMessage("expected true or false but got '~' at byte 1 of the header");
    for (String bad : new String[] {"", "x", "tru", "falsE", "1"}) {
      assertThatThrownBy(() -> reader(bad).truth())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("expected true or false but got ");
    }
  }

  @Test
  void elementsAreStepped() throws IOException {
    JsonReader json = reader("[ 1 , 2,3 ] [ ]  ");
    long sum = 0;
    for (boolean more = json.open('[', ']'); more; more = json.more(']')) {
      sum = 10 * sum + json.wholeNumber();
    }
    assertThat(sum).isEqualTo(123);
    assertThat(json.open('[', ']')).isFalse();
    json.end();
  }

  @Test
  void aMissingCommaIsRefused() throws IOException {
    JsonReader json = reader("[1 2]");
    json.open('[', ']');
    json.wholeNumber();
    assertThatThrownBy(() -> json.more(']'))
        .isInstanceOf(IOException.class)
        .hasMessage("expected ',' or ']' but got '2' at byte 3 of the header");
  }

  @Test
  void aKeyTwiceIsRefusedHoweverItIsSpelt() throws IOException {
    JsonReader json = reader("{\"a\":1, \"\\u0061\":2}");
    HashSet<String> keys = new HashSet<>();
    json.open('{', '}');
    assertThat(json.key(keys)).isEqualTo("a");
    json.wholeNumber();
    json.more('}');
    assertThatThrownBy(() -> json.key(keys))
        .isInstanceOf(IOException.class)
        .hasMessage("duplicate key \"a\" at byte 8 of the header");
  }

  @Test
  void onlySpacesMayFollow() throws IOException {
    reader("   ").end();
    for (String junk : new String[] {"  x", "  \n", "  \0", "  }"}) {
      assertThatThrownBy(() -> reader(junk).end())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("expected nothing but spaces but got ")
          .hasMessageEndingWith(" at byte 2 of the header");
    }
  }

  private static JsonReader reader(String json) {
    return new JsonReader(json.getBytes(StandardCharsets.UTF_8));
  }
}
