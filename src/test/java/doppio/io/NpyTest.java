package doppio.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyTest {
  private static final byte[] ONE_AND_MINUS_TWO =
      Bytes.hex("00 00 00 00 00 00 f0 3f  00 00 00 00 00 00 00 c0");

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("x.npy");
  }

  /** The bytes that {@code numpy.save} writes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"2 | (2,)", "1 2 | (1, 2)", "2 1 1 | (2, 1, 1)"})
  void theBytesAreNumPys(String shape, String tuple) throws IOException {
    int[] dimensions = Arrays.stream(shape.split(" ")).mapToInt(Integer::parseInt).toArray();
    Npy.save(file, Tensor.wrap(new double[] {1, -2}, dimensions));
    String dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': " + tuple + ", }";
    assertThat(file)
        .hasBinaryContent(
            Bytes.join(
                Bytes.hex("93 4e 55 4d 50 59 01 00 76 00"),
                Bytes.text(dictionary + " ".repeat(117 - dictionary.length()) + "\n"),
                ONE_AND_MINUS_TWO));
  }

  @Test
  void floatsAndRankZeroAreWritten() throws IOException {
    Npy.save(file, Tensor.wrap(new double[] {0.1}), Dtype.F32);
    String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }";
    assertThat(file)
        .hasBinaryContent(
            Bytes.join(
                Bytes.hex("93 4e 55 4d 50 59 01 00 76 00"),
                Bytes.text(dictionary + " ".repeat(62) + "\n"),
                Bytes.hex("cd cc cc 3d")));
    assertThat(Npy.load(file).data()).containsExactly(0.1f);
  }

  @ParameterizedTest
  @CsvSource({
    "<f8, 000000000000f03f00000000000000c0",
    ">f8, 3ff0000000000000c000000000000000",
    "<f4, 0000803f000000c0",
    ">f4, 3f800000c0000000",
    "<f2, 003c00c0",
    ">f2, 3c00c000",
    "<i8, 0100000000000000feffffffffffffff",
    ">i8, 0000000000000001fffffffffffffffe",
    "<i4, 01000000feffffff",
    ">i4, 00000001fffffffe",
    "<i2, 0100feff",
    ">i2, 0001fffe",
    "|i1, 01fe",
    "<i1, 01fe",
    ">i1, 01fe",
    "=i1, 01fe",
  })
  void everyNumberFormatIsRead(String descr, String data) throws IOException {
    Files.write(
        file,
        Bytes.npy(
            "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,), }\n",
            Bytes.hex(data)));
    assertThat(Npy.load(file).data()).containsExactly(1, -2);
  }

  @ParameterizedTest
  @CsvSource({
    "<u8, 010000000000000000f8ffffffffffff, 18446744073709549568",
    ">u8, 0000000000000001fffffffffffff800, 18446744073709549568",
    "<u4, 01000000ffffffff, 4294967295",
    ">u4, 00000001ffffffff, 4294967295",
    "<u2, 0100ffff, 65535",
    ">u2, 0001ffff, 65535",
    "|u1, 01ff, 255",
    "|b1, 0100, 0",
  })
  void numbersWithoutSignAndTruthValuesAreRead(String descr, String data, double second)
      throws IOException {
    Files.write(
        file,
        Bytes.npy(
            "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,), }\n",
            Bytes.hex(data)));
    assertThat(Npy.load(file).data()).containsExactly(1, second);
  }

  @ParameterizedTest
  @CsvSource({
    "<i8, 0000000000000000ffffffffffffff7f, '9223372036854775807, which no double holds exactly'",
    ">u8, 0000000000000000ffffffffffffffff, '18446744073709551615, which no double holds exactly'",
    "|b1, 0002, '2, which is neither false (0) nor true (1)'",
  })
  void aNumberThatNoDoubleHoldsIsNamed(String descr, String data, String what) throws IOException {
    Files.write(
        file,
        Bytes.npy(
            "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,), }\n",
            Bytes.hex(data)));
    assertThatThrownBy(() -> Npy.load(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": number 1 is " + what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2L,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1L, 2L), }",
        "{'descr': '<f8', 'fortran_order': True, 'shape': (2L, 1), }",
        "{u'descr': u'<f8', u'fortran_order': False, u'shape': (2L,), }",
        "{b'descr': b'<f8', 'fortran_order': False, 'shape': (2,), }",
      })
  void whatPython2WroteIsRead(String header) throws IOException {
    Files.write(file, Bytes.npy(header, ONE_AND_MINUS_TWO));
    assertThat(Npy.load(file).data()).containsExactly(1, -2);
  }

  /** The bytes that {@code numpy.save} writes for arrays of these dtypes. */
  @ParameterizedTest
  @CsvSource({
    "I64, <i8, 0100000000000000 0000000000000000",
    "I32, <i4, 01000000 00000000",
    "I16, <i2, 0100 0000",
    "I8, |i1, 01 00",
    "U64, <u8, 0100000000000000 0000000000000000",
    "U32, <u4, 01000000 00000000",
    "U16, <u2, 0100 0000",
    "U8, |u1, 01 00",
    "BOOL, |b1, 01 00",
  })
  void wholeNumbersAreWrittenWhenAskedFor(Dtype dtype, String descr, String data)
      throws IOException {
    Npy.save(file, Tensor.of(1, 0), dtype);
    String dictionary = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,), }";
    assertThat(file)
        .hasBinaryContent(
            Bytes.join(
                Bytes.hex("93 4e 55 4d 50 59 01 00 76 00"),
                Bytes.text(dictionary + " ".repeat(117 - dictionary.length()) + "\n"),
                Bytes.hex(data)));
    assertThat(Npy.load(file).data()).containsExactly(1, 0);
  }

  @Test
  void numbersThatTheDtypeHasNotAreRefusedBeforeAFileIsMade() {
    assertThatThrownBy(() -> Npy.save(file, Tensor.of(1, 0.5), Dtype.I8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected whole numbers that fit I8 but number 1 is 0.5");
    assertThat(file).doesNotExist();
  }

  @Test
  void nativeOrderIsTheMachines() throws IOException {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    Files.write(
        file,
        Bytes.npy(
            "{'descr': '=f4', 'fortran_order': False, 'shape': (), }\n",
            Bytes.hex(little ? "0000803f" : "3f800000")));
    assertThat(Npy.load(file).data()).containsExactly(1);
  }

  @ParameterizedTest
  @CsvSource({"02 00", "03 00"})
  void laterVersionsHaveLongerLengths(String version) throws IOException {
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }   \n";
    Files.write(
        file,
        Bytes.join(
            Bytes.hex("93 4e 55 4d 50 59" + version),
            Bytes.hex("3f 00 00 00"),
            Bytes.text(header),
            ONE_AND_MINUS_TWO));
    assertThat(Npy.load(file).shape()).containsExactly(2, 1);
  }

  @Test
  void anyLayoutOfTheDictionaryIsRead() throws IOException {
    Files.write(
        file,
        Bytes.npy(
            " {\"shape\":( 2 ,1 , ) ,'fortran_order' :False,\n\"descr\":\"<f8\"}  ",
            ONE_AND_MINUS_TWO));
    Tensor read = Npy.load(file);
    assertThat(read.shape()).containsExactly(2, 1);
    assertThat(read.data()).containsExactly(1, -2);
  }

  @Test
  void fortranOrderBecomesRowMajor() throws IOException {
    int[] shape = {2, 3, 4};
    byte[] data = new byte[2 * 24];
    // Small halves that tell their index: (i, j, k) holds the code 100 i + 10 j + k.
    for (int k = 0, at = 0; k < 4; k++) {
      for (int j = 0; j < 3; j++) {
        for (int i = 0; i < 2; i++, at += 2) {
          data[at] = (byte) (100 * i + 10 * j + k);
        }
      }
    }
    Files.write(
        file, Bytes.npy("{'descr': '<f2', 'fortran_order': True, 'shape': (2, 3, 4), }\n", data));
    Tensor read = Npy.load(file);
    assertThat(read.shape()).containsExactly(shape);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 4; k++) {
          assertThat(read.get(i, j, k)).isEqualTo((100 * i + 10 * j + k) * 0x1p-24);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"() | 4", "(1,) | 4", "(3, 0) | 0", "(0, 3, 2) | 0"})
  void fortranOrderOfFewElementsIsRead(String shape, int bytes) throws IOException {
    Files.write(
        file,
        Bytes.npy(
            "{'descr': '<f4', 'fortran_order': True, 'shape': " + shape + ", }\n",
            new byte[bytes]));
    assertThat(Npy.load(file).size()).isEqualTo(bytes / 4);
  }

  @Test
  void aShapeTooLongForTheHeaderIsRefused() throws IOException {
    int[] shape = new int[30_000];
    Arrays.fill(shape, 1);
    assertThatThrownBy(() -> Npy.save(file, Tensor.zeros(shape)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a shape that fits a header of 65535 bytes but it takes 90102");
    assertThat(file).doesNotExist();
  }

  @Test
  void theLongestHeaderIsReadBack() throws IOException {
    int[] shape = new int[21_800];
    Arrays.fill(shape, 1);
    Npy.save(file, Tensor.zeros(shape));
    assertThat(Npy.load(file).rank()).isEqualTo(21_800);
  }

  @Test
  void aFolderIsRefused() throws IOException {
    Files.createDirectory(file);
    assertThatThrownBy(() -> Npy.save(file, Tensor.of(1)))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(file + ": expected a file but found a folder");
  }
}
