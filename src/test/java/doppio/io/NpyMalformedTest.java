package doppio.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import doppio.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyMalformedTest {
  private static final String DESCR =
      "expected a byte order (<, > or =) and f8, f4, f2, i8 to i1, u8 to u1 or b1 but got ";

  /** Two numbers. */
  private static final int DATA = 2 * Double.BYTES;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("x.npy");
  }

  @ParameterizedTest
  @CsvSource({
    "'', expected an .npy file (bytes 93 4e 55 4d 50 59) but it begins with nothing",
    "93 4e, expected an .npy file (bytes 93 4e 55 4d 50 59) but it begins with 93 4e",
    "50 4b 09 04 00 00 00, 'expected an .npy file (bytes 93 4e 55 4d 50 59) but it begins with"
        + " 50 4b 09 04 00 00'",
    "50 4b 03 04 00 00 00, 'expected an .npy file but this is a zip archive: unpack it first'",
    "93 4e 55 4d 50 59 01, expected a version of 2 bytes but the file has 1 more",
    "93 4e 55 4d 50 59 00 00, 'expected version 1.0, 2.0 or 3.0 but got 0.0'",
    "93 4e 55 4d 50 59 00 01, 'expected version 1.0, 2.0 or 3.0 but got 0.1'",
    "93 4e 55 4d 50 59 01 01, 'expected version 1.0, 2.0 or 3.0 but got 1.1'",
    "93 4e 55 4d 50 59 04 00, 'expected version 1.0, 2.0 or 3.0 but got 4.0'",
    "93 4e 55 4d 50 59 ff ff, 'expected version 1.0, 2.0 or 3.0 but got 255.255'",
    "93 4e 55 4d 50 59 01 00 05, expected a header length of 2 bytes but the file has 1 more",
    "93 4e 55 4d 50 59 02 00 05 00, expected a header length of 4 bytes but the file has 2 more",
    "93 4e 55 4d 50 59 01 00 ff ff, expected a header of 65535 bytes but the file has 0 more",
    "93 4e 55 4d 50 59 02 00 00 00 10 00 7b, 'expected a header of 1048576 bytes but the file has 1"
        + " more'",
    "93 4e 55 4d 50 59 03 00 ff ff ff ff 7b, 'expected a header of at most 1048576 bytes but its"
        + " length is 4294967295'",
  })
  void everyBrokenStartIsNamed(String bytes, String message) throws IOException {
    Files.write(file, Bytes.hex(bytes));
    assertRefused(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "[] | expected '{' but got '[' at byte 0 of the header",
        "{  | expected a string but got the end at byte 1 of the header",
        "{'descr | expected the rest of a string in plain ASCII but got the end"
            + " at byte 7 of the header",
        "{'d\\x' | expected the rest of a string in plain ASCII but got '\\' at byte 3 of the"
            + " header",
        "{'é':1  | expected the rest of a string in plain ASCII but got 0xc3 at byte 2 of the"
            + " header",
        "{'descr\": '<f8'} | expected the keys [descr, fortran_order, shape] but got"
            + " \"descr\\\": \" at byte 1 of the header",
        "{'descr' '<f8'} | expected ':' but got ''' at byte 9 of the header",
        "{'descr': '<f8' 'shape': ()} | expected '}' but got ''' at byte 16 of the header",
        "{'x ~': 1} | expected the keys [descr, fortran_order, shape] but got \"x ~\""
            + " at byte 1 of the header",
        "{'x': 1} | expected the keys [descr, fortran_order, shape] but got \"x\""
            + " at byte 1 of the header",
        "{'descr': '<f8', 'descr': '<f8'} | duplicate key \"descr\" at byte 17 of the header",
        "{} | expected the keys [descr, fortran_order, shape] but descr is missing",
        "{'descr': '<f8', 'shape': ()} "
            + "| expected the keys [descr, fortran_order, shape] but fortran_order is missing",
        "{'descr': '<f8', 'fortran_order': False} "
            + "| expected the keys [descr, fortran_order, shape] but shape is missing",
        "{'descr': '<f8', 'fortran_order': False, 'shape': ()} x "
            + "| expected nothing but whitespace but got 'x' at byte 54 of the header",
        "{'descr': '<f16'} | " + DESCR + "\"<f16\", which is numbers of another precision",
        "{'descr': '<c8'} | " + DESCR + "\"<c8\", which is complex numbers",
        "{'descr': '<M8[ns]'} | " + DESCR + "\"<M8[ns]\", which is dates",
        "{'descr': '<m8[s]'} | " + DESCR + "\"<m8[s]\", which is lengths of time",
        "{'descr': '<U3'} | " + DESCR + "\"<U3\", which is text",
        "{'descr': '<i3'} | " + DESCR + "\"<i3\"",
        "{'descr': '<b8'} | " + DESCR + "\"<b8\"",
        "{'descr': ''} | " + DESCR + "\"\"",
        "{'descr': [('a', '<f8')]} | expected an array of numbers but this is a table with named"
            + " fields: save each field as an array of its own",
        "{'fortran_order': 0} | expected True or False but got '0' at byte 18 of the header",
        "{'fortran_order': Trus} | expected True or False but got 's' at byte 21 of the header",
        "{'fortran_order': Falsey} | expected '}' but got 'y' at byte 23 of the header",
        "{'shape': 3} | expected '(' but got '3' at byte 10 of the header",
        "{'shape': [3]} | expected '(' but got '[' at byte 10 of the header",
        "{'shape': (3)} | expected ',' but got ')' at byte 12 of the header",
        "{'shape': (,)} | expected a whole number but got ',' at byte 11 of the header",
        "{'shape': (-3,)} | expected a whole number but got '-' at byte 11 of the header",
        "{'shape': (3LL,)} | expected ',' but got 'L' at byte 13 of the header",
        "{'shape': (3 L,)} | expected ',' but got 'L' at byte 13 of the header",
        "{'shape': (3l,)} | expected ',' but got 'l' at byte 12 of the header",
        "{uu'shape': (3,)} | expected a string but got 'u' at byte 2 of the header",
        "{'shape': (3, 4 | expected ')' but got the end at byte 15 of the header",
        "{'shape': (3, 4,, 5)} | expected a whole number but got ',' at byte 16 of the header",
        "{'shape': ((3,),)} | expected a whole number but got '(' at byte 11 of the header",
        "{'shape': (2147483640,)} "
            + "| expected dimensions of at most 2147483639 but got 2147483640",
        "{'shape': (65536, 65536)} "
            + "| expected at most 2147483639 elements but the first 2 dimensions have 4294967296",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)} "
            + "| expected 16 bytes of data (shape [2] of F64) but the file has 8",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} "
            + "| expected 4 bytes of data (shape [] of F32) but the file has 8",
        "{'descr': '<f8', 'fortran_order': True, 'shape': (2147483639,)} "
            + "| expected 17179869112 bytes of data (shape [2147483639] of F64)"
            + " but the file has 8",
      })
  void everyBrokenRuleIsNamed(String header, String message) throws IOException {
    Files.write(file, Bytes.npy(header, new byte[8]));
    assertRefused(message);
  }

  @ParameterizedTest
  @CsvSource({
    "|O, ', which is Python objects in a pickle'",
    "|S2, ', which is text'",
    "|V8, ', which is raw bytes'",
    "|i8, ''",
    "|?, ''",
  })
  void aDescrThatNeedsNoByteOrderIsRefused(String descr, String kind) throws IOException {
    Files.write(file, Bytes.npy("{'descr': '" + descr + "'}"));
    assertRefused(DESCR + "\"" + descr + "\"" + kind);
  }

  @Test
  void aDescrWithoutByteOrderIsRefused() throws IOException {
    for (String descr : new String[] {"|f8", "f8", "f4"}) {
      Files.write(file, Bytes.npy("{'descr': '" + descr + "'}"));
      String kind = descr.startsWith("f") ? "" : ", which is numbers of another precision";
      assertRefused(DESCR + "\"" + descr + "\"" + kind);
    }
  }

  @Test
  void deepNestingIsRefusedAtItsFirstLevel() throws IOException {
    Files.write(file, Bytes.npy("{'shape': " + "(".repeat(60_000)));
    assertRefused("expected a whole number but got '(' at byte 11 of the header");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = whole();
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(catchThrowable(() -> Npy.load(file)))
          .as("the first %d bytes", length)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": ");
    }
  }

  @Test
  void aByteTooManyIsRefused() throws IOException {
    byte[] whole = whole();
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertRefused("expected 16 bytes of data (shape [2, 1] of F64) but the file has 17");
  }

  /** Harmless is another number, or another order of bytes; no other change may be read. */
  @Test
  void everyChangedByteIsRefusedOrHarmless() throws IOException {
    byte[] whole = whole();
    int order = new String(whole, StandardCharsets.ISO_8859_1).indexOf('<');
    for (int i = 0; i < whole.length; i++) {
      for (int flip : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
        byte[] changed = whole.clone();
        changed[i] ^= (byte) flip;
        Files.write(file, changed);
        boolean isOrder = i == order && "=>".indexOf(changed[i]) >= 0;
        if (isOrder || i >= whole.length - DATA) {
          Tensor read = Npy.load(file);
          assertThat(read.shape()).as("byte %d ^ %d", i, flip).containsExactly(2, 1);
          assertThat(read.data())
              .as("byte %d ^ %d", i, flip)
              .containsExactly(numbers(changed, (char) changed[order]));
        } else {
          assertThatThrownBy(() -> Npy.load(file), "byte %d ^ %d", i, flip)
              .isInstanceOf(IOException.class)
              .hasMessageStartingWith(file + ": ");
        }
      }
    }
  }

  /** The two at the end of the file. */
  private static double[] numbers(byte[] npy, char order) {
    ByteBuffer end = ByteBuffer.wrap(npy, npy.length - DATA, DATA);
    end.order(
        switch (order) {
          case '<' -> ByteOrder.LITTLE_ENDIAN;
          case '>' -> ByteOrder.BIG_ENDIAN;
          default -> ByteOrder.nativeOrder();
        });
    return new double[] {end.getDouble(), end.getDouble()};
  }

  private byte[] whole() throws IOException {
    Npy.save(file, Tensor.wrap(new double[] {1, -2}, 2, 1));
    return Files.readAllBytes(file);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Npy.load(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": " + message);
  }
}
