package doppio.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.data.Csv;
import doppio.data.Idx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that people give a reader by mistake. */
class OtherFormatTest {
  private static final String TORCH =
      "torch.save(torch.load(\"old.pt\", map_location=\"cpu\"), \"new.pt\") in PyTorch from 1.6"
          + " on makes one for TorchFile.load of it";
  private static final String PICKLE = "a pickle of Python: if torch.save wrote it, ";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("m.safetensors");
  }

  static Stream<Arguments> others() throws IOException {
    String html = "an HTML page: a download gave a page about the file, or about an error";
    String json =
        "JSON text: if it is the index of a model in several files, load those that it names";
    return Stream.of(
        Arguments.of(
            ascii("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"),
            "a git-lfs pointer: git lfs pull gets the file"),
        Arguments.of(ascii("<!DOCTYPE html>\n<html lang=\"en\">"), html),
        Arguments.of(ascii("\n  <!doctype HTML>"), html),
        Arguments.of(ascii("<html><head><title>401</title>"), html),
        Arguments.of(
            ascii("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"),
            "an XML document: a download may have given an error"),
        Arguments.of(ascii("{\"metadata\":{\"total_size\":12},\"weight_map\":{}}"), json),
        Arguments.of(ascii("{\n  \"weight_map\": {}\n}"), json),
        Arguments.of(
            zip("archive/data.pkl"),
            "a zip archive that torch.save wrote: TorchFile.load reads it"),
        Arguments.of(
            zip("model/data.pkl"), "a zip archive that torch.save wrote: TorchFile.load reads it"),
        Arguments.of(zip("x.npy"), "an .npz archive of NumPy: Npz.load reads it"),
        Arguments.of(zip("model.safetensors"), "a zip archive: unpack it first"),
        Arguments.of(zip(), "a zip archive with nothing in it"),
        Arguments.of(Bytes.hex("504b0304140000000800"), "a zip archive: unpack it first"),
        Arguments.of(ascii("[{\"metadata\":{}}, {}]"), json),
        // What looks like the name of an entry, where it is no zip archive.
        Arguments.of(
            Bytes.join(
                Bytes.hex("fd377a585a00"), new byte[20], Bytes.hex("05000000"), ascii("x.npy")),
            "packed by xz: unxz unpacks it"),
        Arguments.of(
            Bytes.join(Bytes.hex("80028a0a6cfc9c46f9206aa850192e80024de9032e"), new byte[9]),
            "a pickle that torch.save wrote: " + TORCH),
        Arguments.of(Bytes.hex("80047d94288c0161944b01752e"), PICKLE + TORCH),
        Arguments.of(Bytes.hex("80027d71002e0000000000"), PICKLE + TORCH),
        Arguments.of(Bytes.hex("1f8b08000000000000ff03"), "packed by gzip: gunzip unpacks it"),
        Arguments.of(Bytes.hex("fd377a585a000004"), "packed by xz: unxz unpacks it"),
        Arguments.of(Bytes.hex("28b52ffd24000100"), "packed by zstd: unzstd unpacks it"),
        Arguments.of(ascii("BZh91AY&SY"), "packed by bzip2: bunzip2 unpacks it"),
        Arguments.of(Bytes.hex("89504e470d0a1a0a0000"), "an image, PNG: ImageIO.read reads it"),
        Arguments.of(Bytes.hex("ffd8ffe000104a464946"), "an image, JPEG: ImageIO.read reads it"),
        Arguments.of(ascii("%PDF-1.7\n%"), "a PDF document"),
        Arguments.of(Bytes.hex("377abcaf271c0004"), "packed by 7-Zip: unpack it first"),
        Arguments.of(ascii("PAR1rows"), "a Parquet file: pandas.read_parquet reads it"),
        Arguments.of(
            Bytes.join(ascii("weights.bin"), new byte[246], ascii("ustar"), new byte[250]),
            "a tar archive: unpack it first"),
        Arguments.of(
            Bytes.hex("894844460d0a1a0a00000000"), "an HDF5 file, as Keras writes: h5py reads it"),
        Arguments.of(
            Bytes.join(ascii("GGUF"), Bytes.hex("0300000023000000")),
            "a GGUF file, as llama.cpp reads"),
        Arguments.of(
            "1,2\n3,4\n".getBytes(StandardCharsets.UTF_16), "text in UTF-16: save it as UTF-8"),
        Arguments.of(
            Bytes.join(Bytes.hex("fffe"), "1,2\n3,4\n".getBytes(StandardCharsets.UTF_16LE)),
            "text in UTF-16: save it as UTF-8"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void everyReaderSaysWhatItWasGiven(byte[] content, String what) throws IOException {
    Files.write(file, content);
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": expected a safetensors file but this is " + what);
    assertThatThrownBy(() -> Npy.load(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": expected an .npy file but this is " + what);
  }

  /** Those that unpack gzip themselves see what is within. */
  @ParameterizedTest
  @MethodSource("others")
  void readersOfDataSayItToo(byte[] content, String what) throws IOException {
    Files.write(file, content);
    if (what.contains("gzip")) {
      return;
    }
    assertThatThrownBy(() -> Idx.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": expected an IDX file but this is " + what);
    assertThatThrownBy(() -> Csv.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": expected rows of numbers but this is " + what);
  }

  /** A table of text is what Csv reads, so that it does not count as another format there. */
  @Test
  void textIsQuotedWhereBytesWereExpected() throws IOException {
    for (String text : List.of("404: Not Found", "\n  404: Not Found\nsee above\n")) {
      Files.writeString(file, text);
      String what = "text that begins with \"404: Not Found\"";
      assertThatThrownBy(() -> SafeTensors.load(file))
          .hasMessage(file + ": expected a safetensors file but this is " + what);
      assertThatThrownBy(() -> Npy.load(file))
          .hasMessage(file + ": expected an .npy file but this is " + what);
      assertThatThrownBy(() -> Npz.load(file))
          .hasMessage(file + ": expected an .npz archive but this is " + what);
      assertThatThrownBy(() -> Idx.read(file))
          .hasMessage(file + ": expected an IDX file but this is " + what);
    }
    Files.writeString(file, "404,405\n");
    assertThat(Csv.read(file).data()).containsExactly(404, 405);
    Files.writeString(file, "");
    assertThatThrownBy(() -> Npz.load(file))
        .hasMessage(file + ": expected an .npz archive but the file has 0 bytes");
  }

  @Test
  void ourOwnFormatsNameEachOther() throws IOException {
    SafeTensors.save(file, Map.of("a", Tensor.of(1)));
    assertThatThrownBy(() -> Npy.load(file))
        .hasMessage(
            file
                + ": expected an .npy file but this is a safetensors file:"
                + " SafeTensors.load reads it");
    assertThatThrownBy(() -> Npz.load(file))
        .hasMessage(
            file
                + ": expected an .npz archive but this is a safetensors file:"
                + " SafeTensors.load reads it");
    Npy.save(file, Tensor.of(1));
    assertThatThrownBy(() -> SafeTensors.load(file))
        .hasMessage(
            file
                + ": expected a safetensors file but this is an .npy file of NumPy:"
                + " Npy.load reads it");
  }

  /** Lengths of a header whose first bytes are those of a pickle and of gzip. */
  @Test
  void aSafetensorsFileIsOneWhateverItsLength() throws IOException {
    for (int length : new int[] {0x0280, 0x0380, 0x0480, 0x0580, 0x8b1f}) {
      Files.write(file, Bytes.safeTensors("{}" + " ".repeat(length - 2)));
      assertThat(SafeTensors.load(file)).isEmpty();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(1);
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
