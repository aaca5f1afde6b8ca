package doppio.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class SafeTensorsTest {
  private static final String GOLDEN_HEADER =
      "{\"__metadata__\":{\"by\":\"h\\\"and\"},"
          + "\"b\":{\"dtype\":\"F64\",\"shape\":[2,1],\"data_offsets\":[0,16]},"
          + "\"a\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[16,24]}}";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("m.safetensors");
  }

  @Test
  void theBytesAreTheFormats() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b", Tensor.wrap(new double[] {1, -2}, 2, 1));
    tensors.put("a", Tensor.wrap(new double[] {0.1}));
    SafeTensors.save(file, tensors, Dtype.F64, Map.of("by", "h\"and"));
    byte[] golden =
        Bytes.join(
            Bytes.hex("90 00 00 00 00 00 00 00"),
            Bytes.text(GOLDEN_HEADER + "  "),
            Bytes.hex("00 00 00 00 00 00 f0 3f"),
            Bytes.hex("00 00 00 00 00 00 00 c0"),
            Bytes.hex("9a 99 99 99 99 99 b9 3f"));
    assertThat(file).hasBinaryContent(golden);
    SafeTensors.Contents read = SafeTensors.read(file);
    assertThat(read.metadata()).containsExactly(Map.entry("by", "h\"and"));
    assertSame(read.tensors(), tensors);
  }

  @Test
  void tensorsThatAreNotWantedArePassedOver() throws IOException {
    for (int size : new int[] {0, 1, 30, 1000, 30_000}) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("not a", Tensor.full(1, size));
      tensors.put("b", Tensor.of(2, 3));
      tensors.put("not c", Tensor.full(4, size));
      tensors.put("d", Tensor.of(5));
      SafeTensors.save(file, tensors);
      byte[] bytes = Files.readAllBytes(file);
      Predicate<String> wanted = name -> !name.startsWith("not");
      tensors.keySet().removeIf(wanted.negate());
      assertSame(SafeTensors.read(file, wanted).tensors(), tensors);
      assertSame(SafeTensors.read(bytes, wanted).tensors(), tensors);
      InputStream in = new ByteArrayInputStream(bytes);
      assertSame(SafeTensors.read(in, wanted).tensors(), tensors);
    }
  }

  @Test
  void aTensorThatIsNotWantedMayHaveAShapeThatNoArrayHas() throws IOException {
    String header = "{\"a\":{\"dtype\":\"C64\",\"shape\":[0,3000000000],\"data_offsets\":[0,0]}}";
    byte[] bytes = Bytes.safeTensors(header, new byte[0]);
    assertThat(SafeTensors.read(bytes, name -> false).tensors()).isEmpty();
  }

  @Test
  void floatsAreWrittenWhenAskedFor() throws IOException {
    double[] values = {1, 0.1, 1e-46, 1e300, -1e300, Double.NaN, -0.0};
    SafeTensors.save(file, Map.of("a", Tensor.of(values)), Dtype.F32);
    assertThat(file)
        .hasBinaryContent(
            Bytes.join(
                Bytes.hex("38 00 00 00 00 00 00 00"),
                Bytes.text("{\"a\":{\"dtype\":\"F32\",\"shape\":[7],\"data_offsets\":[0,28]}} "),
                Bytes.hex("00 00 80 3f  cd cc cc 3d  00 00 00 00"),
                Bytes.hex("00 00 80 7f  00 00 80 ff  00 00 c0 7f  00 00 00 80")));
    assertThat(SafeTensors.load(file).get("a").data())
        .containsExactly(
            1, 0.1f, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, -0.0);
  }

  @Test
  void noTensorsAreAFileToo() throws IOException {
    SafeTensors.save(file, Map.of(), Dtype.F64, null);
    assertThat(file)
        .hasBinaryContent(Bytes.join(Bytes.hex("08 00 00 00 00 00 00 00"), Bytes.text("{}      ")));
    SafeTensors.Contents read = SafeTensors.read(file);
    assertThat(read.tensors()).isEmpty();
    assertThat(read.metadata()).isEmpty();
  }

  @Test
  void everyReadableDtypeIsWidened() throws IOException {
    Files.write(
        file,
        Bytes.safeTensors(
            "{\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                + "\"f\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                + "\"h\":{\"dtype\":\"F16\",\"shape\":[1,2],\"data_offsets\":[12,16]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[16,18]}}",
            Bytes.hex("18 2d 44 54 fb 21 09 40  db 0f 49 40  48 42 01 00  49 40")));
    Map<String, Tensor> read = SafeTensors.load(file);
    assertThat(read.keySet()).containsExactly("d", "f", "h", "b");
    assertThat(read.get("d").data()).containsExactly(Math.PI);
    assertThat(read.get("f").data()).containsExactly(3.1415927410125732);
    assertThat(read.get("h").data()).containsExactly(3.140625, 0x1p-24);
    assertThat(read.get("b").data()).containsExactly(3.140625);
  }

  @Test
  void anyLayoutOfTheJsonIsRead() throws IOException {
    Files.write(
        file,
        Bytes.safeTensors(
            "{ \"last\" : {\n"
                + "\t\"data_offsets\": [ 2 , 4 ],\r\n"
                + " \"shape\" : [ 1 ] , \"dtype\":\"F16\""
                + " },\"none\":{\"shape\":[3,0],\"data_offsets\":[2,2],\"dtype\":\"F16\"},"
                + " \"f\\u0069rst\":{\"dtype\":\"\\u004616\",\"shape\":[],\"data_offsets\":[0,2]},"
                + " \"__metadata__\" : { } }   ",
            Bytes.hex("00 3c 00 c0")));
    Map<String, Tensor> read = SafeTensors.load(file);
    assertThat(read.keySet()).containsExactly("first", "none", "last");
    assertThat(read.get("first").shape()).isEmpty();
    assertThat(read.get("first").data()).containsExactly(1);
    assertThat(read.get("none").shape()).containsExactly(3, 0);
    assertThat(read.get("last").data()).containsExactly(-2);
  }

  @Test
  void tensorsLongerThanTheBufferMakeTheRoundTrip() throws IOException {
    double[] values = new double[100_003];
    Arrays.setAll(values, i -> Math.sqrt(i));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", Tensor.of(values));
    tensors.put("a", Tensor.of(3, 4));
    SafeTensors.save(file, tensors);
    assertSame(SafeTensors.load(file), tensors);
    SafeTensors.save(file, tensors, Dtype.F32);
    double[] rounded = SafeTensors.load(file).get("z").data();
    assertThat(rounded).hasSize(values.length);
    for (int i = 0; i < values.length; i++) {
      assertThat(rounded[i]).isEqualTo((float) values[i]);
    }
  }

  @Test
  void aSecondSaveReplacesTheFirst() throws IOException {
    SafeTensors.save(file, Map.of("a", Tensor.zeros(100)));
    SafeTensors.save(file, Map.of("b", Tensor.of(7)));
    assertThat(SafeTensors.load(file).keySet()).containsExactly("b");
  }

  @Test
  void whatCannotBeSavedIsRefusedAndTheOldFileStays() throws IOException {
    SafeTensors.save(file, Map.of("old", Tensor.of(1)));
    byte[] before = Files.readAllBytes(file);
    Tensor one = Tensor.of(1);
    assertRefused(null, null, "expected tensors and a dtype but got no tensors");
    assertRefused(Map.of("__metadata__", one), null, "a tensor may not be named __metadata__");
    assertRefused(Collections.singletonMap("a\n", null), null, "tensor \"a\\n\" is null");
    assertRefused(Collections.singletonMap(null, one), null, "tensor name is null");
    assertRefused(
        Map.of("a\ud83d", one), null, "tensor name \"a\ud83d\" has half a surrogate pair");
    assertRefused(Map.of(), Collections.singletonMap("k", null), "metadata value is null");
    assertRefused(Map.of(), Collections.singletonMap(null, "v"), "metadata key is null");
    assertRefused(
        Map.of(), Map.of("\ude00", "v"), "metadata key \"\ude00\" has half a surrogate pair");
    assertThatThrownBy(() -> SafeTensors.save(file, Map.of("a", one), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected tensors and a dtype but got no dtype");
    assertThat(file).hasBinaryContent(before);
    assertThat(filesInFolder()).isEqualTo(1);
  }

  @Test
  void aHeaderTooLongToLoadIsNotSaved() throws IOException {
    Map<String, String> metadata = Map.of("k", "x".repeat(100_000_000));
    assertRefused(
        Map.of(),
        metadata,
        "expected names and metadata for a header of at most 100000000 bytes but got 100000025");
    assertThat(filesInFolder()).isZero();
  }

  @Test
  void aFolderIsNeitherSavedToNorLoaded() throws IOException {
    Files.createDirectory(file);
    String message = file + ": expected a file but found a folder";
    assertThatThrownBy(() -> SafeTensors.save(file, Map.of()))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(message);
    assertThat(filesInFolder()).isEqualTo(1);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(file + ": no such file");
  }

  private void assertRefused(
      Map<String, Tensor> tensors, Map<String, String> metadata, String message) {
    assertThatThrownBy(() -> SafeTensors.save(file, tensors, Dtype.F64, metadata))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private long filesInFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  private static void assertSame(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (name, tensor) -> {
          assertThat(actual.get(name).shape()).isEqualTo(tensor.shape());
          assertThat(actual.get(name).data()).isEqualTo(tensor.data());
        });
  }
}
