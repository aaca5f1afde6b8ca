package doppio.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.nn.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafeTensorsWholeNumbersTest {
  private static final String OTHERS =
      "; SafeTensors.read(file, wanted) reads the file's other tensors";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("m.safetensors");
  }

  /** As {@code safetensors.torch.save_file} writes a BatchNorm: the widest dtypes first. */
  @Test
  void theBatchesThatPyTorchCountsComeBesideTheFloats() throws IOException {
    byte[] whole =
        Bytes.safeTensors(
            "{\"num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                + "\"weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]},"
                + "\"mask\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[16,19]},"
                + "\"bytes\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[19,21]}}",
            Bytes.hex("e9 03 00 00 00 00 00 00  00 00 80 3f 00 00 00 c0  01 00 01  00 ff"));
    Files.write(file, whole);
    SafeTensors.Contents read = SafeTensors.read(file);
    assertThat(read.tensors().keySet())
        .containsExactly("num_batches_tracked", "weight", "mask", "bytes");
    assertThat(read.tensors().get("num_batches_tracked").shape()).isEmpty();
    assertThat(read.tensors().get("num_batches_tracked").data()).containsExactly(1001);
    assertThat(read.tensors().get("weight").data()).containsExactly(1, -2);
    assertThat(read.tensors().get("mask").data()).containsExactly(1, 0, 1);
    assertThat(read.tensors().get("bytes").data()).containsExactly(0, 255);
    assertThat(read.dtypes())
        .containsExactly(
            Map.entry("num_batches_tracked", Dtype.I64),
            Map.entry("mask", Dtype.BOOL),
            Map.entry("bytes", Dtype.U8));
  }

  @ParameterizedTest
  @CsvSource({
    "I64, 0000000000002000, 9007199254740992",
    "I64, 0000000000000080, -9223372036854775808",
    "I64, ffffffffffffffff, -1",
    "I64, 00fcffffffffff7f, 9223372036854774784",
    "U64, ffffffffffff1f00, 9007199254740991",
    "U64, 0000000000000080, 9223372036854775808",
    "U64, 00f8ffffffffffff, 18446744073709549568",
    "I32, 00000080, -2147483648",
    "I32, ffffff7f, 2147483647",
    "U32, ffffffff, 4294967295",
    "I16, 0080, -32768",
    "U16, ffff, 65535",
    "I8, 80, -128",
    "U8, ff, 255",
    "BOOL, 01, 1",
  })
  void theLimitsOfEachTypeAreReadAndWritten(String type, String bytes, double value)
      throws IOException {
    byte[] data = Bytes.hex(bytes);
    Files.write(file, Bytes.safeTensors(entry("a", type, "[]", data.length), data));
    SafeTensors.Contents read = SafeTensors.read(file);
    assertThat(read.tensors().get("a").data()).containsExactly(value);
    assertThat(read.dtypes()).containsExactly(Map.entry("a", Dtype.valueOf(type)));
    SafeTensors.save(file, read);
    assertThat(Files.readAllBytes(file)).endsWith(data);
    assertThat(SafeTensors.read(file).tensors().get("a").data()).containsExactly(value);
    assertThat(SafeTensors.read(file).dtypes()).isEqualTo(read.dtypes());
  }

  @ParameterizedTest
  @CsvSource({
    "I64, 0100000000002000, '9007199254740993, which no double holds exactly'",
    "I64, ffffffffffffff7f, '9223372036854775807, which no double holds exactly'",
    "I64, ffffffffffffdfff, '-9007199254740993, which no double holds exactly'",
    "U64, ffffffffffffffff, '18446744073709551615, which no double holds exactly'",
    "U64, 0100000000000080, '9223372036854775809, which no double holds exactly'",
    "BOOL, 02, '2, which is neither false (0) nor true (1)'",
    "BOOL, ff, '255, which is neither false (0) nor true (1)'",
  })
  void aNumberThatDoesNotFitIsNamed(String type, String bytes, String what) throws IOException {
    byte[] data = Bytes.hex("00".repeat(bytes.length() / 2) + bytes);
    Files.write(file, Bytes.safeTensors(entry("a", type, "[2,1]", data.length), data));
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": tensor \"a\": number 1 is " + what + OTHERS);
  }

  @Test
  void aNumberFarBeyondTheBufferIsCountedFromTheTensorsBegin() throws IOException {
    byte[] data = new byte[300_000];
    data[299_999] = 7;
    Files.write(file, Bytes.safeTensors(entry("a", "BOOL", "[300,1000]", data.length), data));
    assertThatThrownBy(() -> SafeTensors.load(file))
        .hasMessageContaining("number 299999 is 7, which is neither");
  }

  @Test
  void contentsWithoutMetadataAndDtypesHaveNone() throws IOException {
    SafeTensors.Contents none = new SafeTensors.Contents(Map.of("a", Tensor.of(1)), null, null);
    assertThat(none.metadata()).isEmpty();
    assertThat(none.dtypes()).isEmpty();
    SafeTensors.save(file, none);
    assertThat(SafeTensors.load(file).get("a").data()).containsExactly(1);
  }

  @Test
  void tensorsAreLeftOutByName() throws IOException {
    Files.write(
        file,
        Bytes.safeTensors(
            "{\"big\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                + "\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[8,10]},"
                + "\"four\":{\"dtype\":\"F4\",\"shape\":[3000000000],\"data_offsets\":[10,11]},"
                + "\"b\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[11,12]},"
                + "\"none\":{\"dtype\":\"C64\",\"shape\":[0],\"data_offsets\":[12,12]}}",
            Bytes.hex("ff ff ff ff ff ff ff 7f  00 3c  ff  38")));
    SafeTensors.Contents read = SafeTensors.read(file, name -> name.length() == 1);
    assertThat(read.tensors().keySet()).containsExactly("a", "b");
    assertThat(read.tensors().get("a").data()).containsExactly(1);
    assertThat(read.tensors().get("b").data()).containsExactly(1);
    assertThat(read.dtypes()).isEmpty();
    assertThat(SafeTensors.read(file, name -> false).tensors()).isEmpty();
  }

  @Test
  void whatIsLeftOutMustStillFitTheLayout() throws IOException {
    Files.write(file, Bytes.safeTensors(entry("a", "F4", "[9]", 9), new byte[8]));
    assertThatThrownBy(() -> SafeTensors.read(file, name -> false))
        .hasMessage(
            file + ": expected 9 bytes of data (tensor \"a\" to be last) but the file has 8");
    Files.write(
        file, Bytes.safeTensors("{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[4,3]}}"));
    assertThatThrownBy(() -> SafeTensors.read(file, name -> false))
        .hasMessage(file + ": tensor \"a\": data_offsets are [4, 3]");
  }

  @Test
  void theWidestNumbersAreWrittenFirstSoThatAllAreAligned() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("flag", Tensor.of(1, 0, 1));
    tensors.put("w", Tensor.of(0.5));
    tensors.put("n", Tensor.of(-7));
    tensors.put("v", Tensor.of(1.5));
    Map<String, Dtype> dtypes = Map.of("flag", Dtype.BOOL, "n", Dtype.I16, "v", Dtype.F32);
    SafeTensors.save(file, new SafeTensors.Contents(tensors, Map.of("k", "v"), dtypes));
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"w\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
            + "\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
            + "\"n\":{\"dtype\":\"I16\",\"shape\":[1],\"data_offsets\":[12,14]},"
            + "\"flag\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[14,17]}}";
    header += " ".repeat((8 - header.length() % 8) % 8);
    assertThat(file)
        .hasBinaryContent(
            Bytes.safeTensors(
                header, Bytes.hex("00 00 00 00 00 00 e0 3f  00 00 c0 3f  f9 ff  01 00 01")));
    SafeTensors.Contents read = SafeTensors.read(file);
    assertThat(read.dtypes())
        .containsExactly(Map.entry("n", Dtype.I16), Map.entry("flag", Dtype.BOOL));
    assertThat(read.metadata()).containsExactly(Map.entry("k", "v"));
  }

  @Test
  void aModelsNewValuesKeepTheOldTypes() throws IOException {
    Linear model = new Linear(1, 1);
    byte[] data = Bytes.hex("02 00 00 00 00 00 00 00 00 00 40 40");
    Files.write(
        file,
        Bytes.safeTensors(
            "{\"bias\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                + "\"weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[8,12]}}",
            data));
    SafeTensors.Contents from = SafeTensors.read(file);
    model.loadStateDict(from.tensors());
    model.bias().value().fill(5);
    SafeTensors.save(
        file, new SafeTensors.Contents(model.stateDict(), from.metadata(), from.dtypes()));
    SafeTensors.Contents read = SafeTensors.read(file);
    assertThat(read.dtypes()).containsExactly(Map.entry("bias", Dtype.I64));
    assertThat(read.tensors().get("bias").data()).containsExactly(5);
    assertThat(read.tensors().get("weight").data()).containsExactly(3);
  }

  @ParameterizedTest
  @CsvSource({
    "I64, 0.5",
    "I64, 0x1p63",
    "I64, NaN",
    "I64, Infinity",
    "U64, 0x1p64",
    "U64, -1",
    "I32, 2147483648",
    "U32, -1",
    "I16, -32769",
    "U16, 65536",
    "I8, 128",
    "U8, 256",
    "BOOL, 2",
    "BOOL, -1",
    "BOOL, 0.5",
  })
  void aValueThatDoesNotFitTheTypeIsRefusedAndTheOldFileStays(Dtype dtype, double value)
      throws IOException {
    Files.writeString(file, "old");
    Map<String, Tensor> tensors = Map.of("a", Tensor.of(1, value));
    String message = "expected whole numbers that fit " + dtype + " but number 1 is " + value;
    assertThatThrownBy(
            () ->
                SafeTensors.save(
                    file, new SafeTensors.Contents(tensors, Map.of(), Map.of("a", dtype))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor \"a\": " + message);
    assertThatThrownBy(() -> SafeTensors.save(file, tensors, dtype))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor \"a\": " + message);
    assertThatThrownBy(() -> Npy.save(file, tensors.get("a"), dtype))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(file).hasContent("old");
  }

  @ParameterizedTest
  @EnumSource(Dtype.class)
  void emptyTensorsAndZerosOfEverySignMakeTheRoundTrip(Dtype dtype) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("none", Tensor.zeros(0, 3));
    tensors.put("zero", Tensor.of(-0.0, 0.0));
    SafeTensors.save(file, tensors, dtype);
    Map<String, Tensor> read = SafeTensors.load(file);
    assertThat(read.get("none").shape()).containsExactly(0, 3);
    assertThat(read.get("zero").data()).containsExactly(dtype.isWhole() ? 0.0 : -0.0, 0.0);
  }

  @Test
  void whatIsNotGivenIsEmpty() throws IOException {
    SafeTensors.save(file, new SafeTensors.Contents(Map.of("a", Tensor.of(1)), null, null));
    assertThat(SafeTensors.read(file).metadata()).isEmpty();
    assertThatThrownBy(() -> SafeTensors.read(file, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("wanted");
  }

  private static String entry(String name, String dtype, String shape, int bytes) {
    return String.format(
        "{\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[0,%d]}}",
        name, dtype, shape, bytes);
  }
}
