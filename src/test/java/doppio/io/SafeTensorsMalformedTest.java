package doppio.io;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import doppio.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
class SafeTensorsMalformedTest {
  private static final String DTYPES =
      "| tensor \"a\": expected one of the dtypes [F64, F32, F16, BF16, F8_E4M3, F8_E5M2,"
          + " F8_E4M3FNUZ, F8_E5M2FNUZ, F8_E8M0, I64, I32, I16, I8, U64, U32, U16, U8, BOOL]"
          + " but got ";
  private static final String OTHERS =
      "; SafeTensors.read(file, wanted) reads the file's other tensors";

  /** Three numbers. */
  private static final int DATA = 3 * Double.BYTES;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("m.safetensors");
  }

  /** Apostrophes stand for quotes; the data are as many zero bytes as the second column says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        // The document.
        "[]    | 0 | expected '{' but got '[' at byte 0 of the header",
        " {}   | 0 | expected '{' but got ' ' at byte 0 of the header",
        "{} x  | 0 | expected nothing but spaces but got 'x' at byte 3 of the header",
        "{}{}  | 0 | expected nothing but spaces but got '{' at byte 2 of the header",
        "{     | 0 | expected a string but got the end at byte 1 of the header",
        "{1:2} | 0 | expected a string but got '1' at byte 1 of the header",
        "{'a'} | 0 | expected ':' but got '}' at byte 4 of the header",
        "{'a':{'dtype':'F64','shape':[],'data_offsets':[0,8]},} | 8 "
            + "| expected a string but got '}' at byte 53 of the header",
        "{'a':{'dtype':'F64','shape':[],'data_offsets':[0,8]}; | 8 "
            + "| expected ',' or '}' but got ';' at byte 52 of the header",
        "{'a':{'dtype':'F64','shape':[],'data_offsets':[0,8]},"
            + "'a':{'dtype':'F64','shape':[],'data_offsets':[8,16]}} | 16 "
            + "| duplicate key \"a\" at byte 53 of the header",
        // The metadata.
        "{'__metadata__':null} | 0 "
            + "| __metadata__: expected '{' but got 'n' at byte 16 of the header",
        "{'__metadata__':{'k':1}} | 0 "
            + "| __metadata__: expected a string but got '1' at byte 21 of the header",
        "{'__metadata__':{'k':'v','k':'w'}} | 0 "
            + "| __metadata__: duplicate key \"k\" at byte 25 of the header",
        "{'__metadata__':{},'__metadata__':{}} | 0 "
            + "| duplicate key \"__metadata__\" at byte 19 of the header",
        // The fields of an entry.
        "{'a':[]} | 0 | tensor \"a\": expected '{' but got '[' at byte 5 of the header",
        "{'a':{'shape':[],'data_offsets':[0,8]}} | 8 | tensor \"a\": "
            + "expected the fields dtype, shape and data_offsets but dtype is missing",
        "{'a':{'dtype':'F64','data_offsets':[0,8]}} | 8 | tensor \"a\": "
            + "expected the fields dtype, shape and data_offsets but shape is missing",
        "{'a':{'dtype':'F64','shape':[]}} | 8 | tensor \"a\": "
            + "expected the fields dtype, shape and data_offsets but data_offsets is missing",
        "{'a':{}} | 0 | tensor \"a\": "
            + "expected the fields dtype, shape and data_offsets but dtype is missing",
        "{'a':{'dtype':'F64','shape':[],'data_offsets':[0,8],'x':1}} | 8 | tensor \"a\": "
            + "expected the fields dtype, shape and data_offsets but got \"x\"",
        "{'a':{'dtype':'F64','dtype':'F64'}} | 8 "
            + "| tensor \"a\": duplicate key \"dtype\" at byte 20 of the header",
        "{'a':{'shape':[],'shape':[]}} | 8 "
            + "| tensor \"a\": duplicate key \"shape\" at byte 17 of the header",
        "{'a':{'data_offsets':[0,8],'data_offsets':[0,8]}} | 8 "
            + "| tensor \"a\": duplicate key \"data_offsets\" at byte 27 of the header",
        // The dtype.
        "{'a':{'dtype':'C64','shape':[],'data_offsets':[0,8]}} | 8 " + DTYPES + "\"C64\"" + OTHERS,
        "{'a':{'dtype':'f64','shape':[],'data_offsets':[0,8]}} | 8 " + DTYPES + "\"f64\"" + OTHERS,
        "{'a':{'dtype':64,'shape':[],'data_offsets':[0,8]}} | 8 "
            + "| tensor \"a\": expected a string but got '6' at byte 14 of the header",
        // The shape.
        "{'a':{'shape':[-1]}} | 8 "
            + "| tensor \"a\": expected a whole number but got '-' at byte 15 of the header",
        "{'a':{'shape':[1.0]}} | 8 "
            + "| tensor \"a\": expected a whole number but got '.' at byte 16 of the header",
        "{'a':{'shape':[1e0]}} | 8 "
            + "| tensor \"a\": expected a whole number but got 'e' at byte 16 of the header",
        "{'a':{'shape':[01]}} | 8 | tensor \"a\": "
            + "expected a whole number but got one with a leading zero at byte 15 of the header",
        "{'a':{'shape':[[1]]}} | 8 "
            + "| tensor \"a\": expected a whole number but got '[' at byte 15 of the header",
        "{'a':{'shape':[1,]}} | 8 "
            + "| tensor \"a\": expected a whole number but got ']' at byte 17 of the header",
        "{'a':{'shape':1}} | 8 "
            + "| tensor \"a\": expected '[' but got '1' at byte 14 of the header",
        "{'a':{'shape':[18446744073709551616]}} | 8 | tensor \"a\": expected a number of at most "
            + "9223372036854775807 but got a larger one at byte 15 of the header",
        "{'a':{'shape':[0,3000000000]}} | 8 "
            + "| tensor \"a\": expected dimensions of at most 2147483639 but got 3000000000",
        "{'a':{'shape':[2,65536,65536]}} | 8 | tensor \"a\": "
            + "expected at most 2147483639 elements but the first 3 dimensions have 8589934592",
        "{'a':{'shape':[2147483639,2147483639,0]}} | 8 | tensor \"a\": expected at most "
            + "2147483639 elements but the first 2 dimensions have 4611685979772682321",
        // The offsets.
        "{'a':{'data_offsets':[0]}} | 8 "
            + "| tensor \"a\": expected ',' but got ']' at byte 23 of the header",
        "{'a':{'data_offsets':[0,8,16]}} | 8 "
            + "| tensor \"a\": expected ']' but got ',' at byte 25 of the header",
        "{'a':{'data_offsets':[-8,0]}} | 8 "
            + "| tensor \"a\": expected a whole number but got '-' at byte 22 of the header",
        "{'a':{'data_offsets':'0,8'}} | 8 "
            + "| tensor \"a\": expected '[' but got '\"' at byte 21 of the header",
        "{'a':{'dtype':'F64','shape':[2],'data_offsets':[0,8]}} | 8 | tensor \"a\": "
            + "expected 16 bytes (shape [2] of F64) but data_offsets are [0, 8]",
        "{'a':{'dtype':'BF16','shape':[2,2],'data_offsets':[0,4]}} | 4 | tensor \"a\": "
            + "expected 8 bytes (shape [2, 2] of BF16) but data_offsets are [0, 4]",
        "{'a':{'dtype':'F64','shape':[],'data_offsets':[8,0]}} | 8 | tensor \"a\": "
            + "expected 8 bytes (shape [] of F64) but data_offsets are [8, 0]",
        "{'a':{'dtype':'F64','shape':[1,1,1,1,1,1,1,2],'data_offsets':[0,8]}} | 8 | tensor \"a\":"
            + " expected 16 bytes (shape [1, 1, 1, 1, 1, 1, 1, 2] of F64)"
            + " but data_offsets are [0, 8]",
        "{'a':{'dtype':'F64','shape':[1,1,1,1,1,1,1,1,2],'data_offsets':[0,8]}} | 8 | tensor \"a\":"
            + " expected 16 bytes (shape [1, 1, 1, 1, 1, 1, 1, 1, …] of F64)"
            + " but data_offsets are [0, 8]",
        "{'a':{'dtype':'F64','shape':[0],'data_offsets':[0,9223372036854775807]}} | 8 "
            + "| tensor \"a\": expected 0 bytes (shape [0] of F64)"
            + " but data_offsets are [0, 9223372036854775807]",
        // The layout.
        "{'a':{'dtype':'F16','shape':[],'data_offsets':[2,4]}} | 4 | tensor \"a\": "
            + "expected data to begin at offset 0 but it begins at 2, which leaves a hole",
        "{'a':{'dtype':'F16','shape':[],'data_offsets':[0,2]},"
            + "'b':{'dtype':'F16','shape':[],'data_offsets':[4,6]}} | 6 | tensor \"b\": "
            + "expected data to begin at offset 2 but it begins at 4, which leaves a hole",
        "{'a':{'dtype':'F16','shape':[2],'data_offsets':[0,4]},"
            + " 'b':{'dtype':'F16','shape':[2],'data_offsets':[2,6]}} | 6 | tensor \"b\": expected"
            + " data to begin at offset 4 but it begins at 2, which overlaps another tensor",
        "{'a':{'dtype':'F16','shape':[],'data_offsets':[0,2]},"
            + " 'b':{'dtype':'F16','shape':[],'data_offsets':[0,2]}} | 2 | tensor \"b\": expected"
            + " data to begin at offset 2 but it begins at 0, which overlaps another tensor",
        "{'a':{'dtype':'F16','shape':[2],'data_offsets':[0,4]},"
            + " 'b':{'dtype':'F16','shape':[0],'data_offsets':[2,2]}} | 4 | tensor \"b\": expected"
            + " data to begin at offset 4 but it begins at 2, which overlaps another tensor",
        "{'a':{'dtype':'F16','shape':[],'data_offsets':[0,2]}} | 3 "
            + "| expected 2 bytes of data (tensor \"a\" to be last) but the file has 3",
        "{'a':{'dtype':'F16','shape':[],'data_offsets':[0,2]}} | 1 "
            + "| expected 2 bytes of data (tensor \"a\" to be last) but the file has 1",
        "{} | 1 | expected 0 bytes of data (no tensors) but the file has 1",
        "{'a':{'dtype':'F64','shape':[2147483639],'data_offsets':[0,17179869112]}} | 8 "
            + "| expected 17179869112 bytes of data (tensor \"a\" to be last) but the file has 8",
      })
  void everyBrokenRuleIsNamed(String header, int dataLength, String message) throws IOException {
    // The parser of the table trims its cells.
    String json = message.contains("got ' ' at byte 0") ? " " + header : header;
    Files.write(file, Bytes.safeTensors(json.replace('\'', '"'), new byte[dataLength]));
    assertRefused(message);
  }

  @Test
  void aHeaderLengthThatLiesIsRefused() throws IOException {
    byte[] rest = Bytes.text("{}");
    Files.write(file, new byte[0]);
    assertRefused("expected a header length of 8 bytes but the file has 0");
    Files.write(file, new byte[7]);
    assertRefused("expected a header length of 8 bytes but the file has 7");
    Files.write(file, new byte[8]);
    assertRefused("expected '{' but got the end at byte 0 of the header");
    Files.write(file, Bytes.join(Bytes.littleEndian(3), rest));
    assertRefused("expected a header of 3 bytes but the file has 2 more");
    Files.write(file, Bytes.join(Bytes.littleEndian(100_000_000), rest));
    assertRefused("expected a header of 100000000 bytes but the file has 2 more");
    Files.write(file, Bytes.join(Bytes.littleEndian(100_000_001), rest));
    assertRefused("expected a header of at most 100000000 bytes but its length is 100000001");
    Files.write(file, Bytes.join(Bytes.littleEndian(-1), rest));
    assertRefused(
        "expected a header of at most 100000000 bytes but its length is 18446744073709551615");
    Files.write(file, Bytes.join(Bytes.littleEndian(1L << 32 | 2), rest));
    assertRefused("expected a header of at most 100000000 bytes but its length is 4294967298");
  }

  @Test
  void malformedUtf8IsRefused() throws IOException {
    Files.write(
        file,
        Bytes.join(Bytes.littleEndian(6), Bytes.text("{\"a"), Bytes.hex("ff"), Bytes.text("\":")));
    assertRefused("malformed UTF-8 at byte 3 of the header");
  }

  @Test
  void deepNestingIsRefusedAtItsFirstLevel() throws IOException {
    String deep = "[".repeat(1_000_000);
    Files.write(file, Bytes.safeTensors(deep));
    assertRefused("expected '{' but got '[' at byte 0 of the header");
    Files.write(file, Bytes.safeTensors("{\"a\":".repeat(1_000_000)));
    assertRefused("tensor \"a\": expected the fields dtype, shape and data_offsets but got \"a\"");
    Files.write(file, Bytes.safeTensors("{\"a\":{\"shape\":" + deep));
    assertRefused("tensor \"a\": expected a whole number but got '[' at byte 15 of the header");
  }

  @Test
  void aHostileNameDoesNotFloodTheMessage() throws IOException {
    Files.write(file, Bytes.safeTensors("{\"" + "x".repeat(1_000_000) + "\":0}"));
    assertRefused(
        "tensor \""
            + "x".repeat(80)
            + "\"…: expected '{' but got '0' at byte 1000004 of the header");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = whole();
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(catchThrowable(() -> SafeTensors.read(file)))
          .as("the first %d bytes", length)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": ");
    }
  }

  /** Harmless is another number, or one other word; no other change may be read. */
  @Test
  void everyChangedByteIsRefusedOrHarmless() throws IOException {
    byte[] whole = whole();
    Files.write(file, whole);
    SafeTensors.Contents right = SafeTensors.read(file);
    for (int i = 0; i < whole.length; i++) {
      for (int flip : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
        byte[] changed = whole.clone();
        changed[i] ^= (byte) flip;
        Files.write(file, changed);
        try {
          assertHarmless("byte " + i + " ^ " + flip, right, SafeTensors.read(file), changed, i);
        } catch (IOException e) {
          assertThat(e).as("byte %d ^ %d", i, flip).hasMessageStartingWith(file + ": ");
          assertThat(i).as("a number is refused").isLessThan(whole.length - DATA);
        }
      }
    }
  }

  private static void assertHarmless(
      String what, SafeTensors.Contents right, SafeTensors.Contents read, byte[] file, int at) {
    int words =
        differences(right.tensors().keySet(), read.tensors().keySet())
            + differences(right.metadata().entrySet(), read.metadata().entrySet());
    ByteBuffer data = ByteBuffer.wrap(file, file.length - DATA, DATA).order(LITTLE_ENDIAN);
    Iterator<Tensor> others = read.tensors().values().iterator();
    for (Tensor tensor : right.tensors().values()) {
      Tensor other = others.next();
      if (tensor.size() == 0 && other.size() == 0) {
        // Of no numbers there are as many as one likes.
        words += Arrays.equals(tensor.shape(), other.shape()) ? 0 : 1;
      } else {
        assertThat(other.shape()).as(what).containsExactly(tensor.shape());
      }
      for (double number : other.data()) {
        assertThat(number).as(what).isEqualTo(data.getDouble());
      }
    }
    assertThat(words).as(what).isEqualTo(at < file.length - DATA ? 1 : 0);
  }

  private static int differences(Collection<?> right, Collection<?> read) {
    assertThat(read).hasSameSizeAs(right);
    Iterator<?> others = read.iterator();
    return (int) right.stream().filter(one -> !one.equals(others.next())).count();
  }

  private byte[] whole() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a\n", Tensor.wrap(new double[] {1, 2}, 2, 1));
    tensors.put("é", Tensor.zeros(0, 3));
    tensors.put("c", Tensor.full(3));
    SafeTensors.save(file, tensors, Dtype.F64, Map.of("k", "v"));
    return Files.readAllBytes(file);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": " + message);
  }
}
