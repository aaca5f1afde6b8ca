package doppio.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import doppio.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class NpzTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("x.npz");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void arraysComeByNameInTheArchivesOrder(boolean packed) throws IOException {
    byte[] large = npy("<f8", "(3, 100)", new byte[2400]);
    Files.write(
        file,
        zip(
            packed,
            Map.entry("x.npy", npy("|i1", "(1, 2)", Bytes.hex("01 fe"))),
            Map.entry("layer/w.npy", large),
            Map.entry("größe.npy", npy("<f4", "()", Bytes.hex("00 00 80 3f"))),
            Map.entry("none.npy", npy("<f4", "(0, 7)", new byte[0]))));
    Map<String, Tensor> read = Npz.load(file);
    assertThat(read.keySet()).containsExactly("x", "layer/w", "größe", "none");
    assertThat(read.get("x").shape()).containsExactly(1, 2);
    assertThat(read.get("x").data()).containsExactly(1, -2);
    assertThat(read.get("layer/w").shape()).containsExactly(3, 100);
    assertThat(read.get("größe").data()).containsExactly(1);
    assertThat(read.get("none").shape()).containsExactly(0, 7);
  }

  @Test
  void noArraysAreAFileToo() throws IOException {
    Files.write(file, zip(false));
    assertThat(Npz.load(file)).isEmpty();
  }

  @Test
  void foldersThatZipNamesAreNoArrays() throws IOException {
    byte[] array = npy("|u1", "(1,)", Bytes.hex("07"));
    Files.write(file, zip(true, Map.entry("f/", new byte[0]), Map.entry("f/x.npy", array)));
    assertThat(Npz.load(file).keySet()).containsExactly("f/x");
  }

  /** As Python writes it, whose lengths stand in fields of 64 bits in the entry's own header. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void longFormsOfTheLengthsAreRead(boolean inDirectory) throws IOException {
    byte[] array = npy("|u1", "(3,)", Bytes.hex("07 08 09"));
    Files.write(file, zip64(array, inDirectory));
    assertThat(Npz.load(file).get("x").data()).containsExactly(7, 8, 9);
  }

  @Test
  void anArchiveInAnArchiveIsRead() throws IOException {
    Path outer = folder.resolve("outer.zip");
    try (FileSystem zip = FileSystems.newFileSystem(outer, Map.of("create", "true"))) {
      Path inner = zip.getPath("/x.npz");
      byte[] array = npy("|u1", "(1,)", Bytes.hex("07"));
      Files.write(inner, zip(true, Map.entry("x.npy", array)));
      assertThat(Npz.load(inner).get("x").data()).containsExactly(7);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyTruncationIsRefused(boolean packed) throws IOException {
    byte[] whole = whole(packed);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(catchThrowable(() -> Npz.load(file)))
          .as("the first %d bytes", length)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": ");
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> Npz.load(file))
        .hasMessage(file + ": expected a zip archive but its directory is missing: is it cut off?");
  }

  /** Harmless is the name of an array, and what says nothing of arrays: when it was packed, say. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyChangedByteIsRefusedOrHarmless(boolean packed) throws IOException {
    byte[] whole = whole(packed);
    int first = find(whole, "504b0102") + 46;
    int second = find(whole, "504b0102", first) + 46;
    BitSet idle = idle(whole, packed);
    for (int i = 0; i < whole.length; i++) {
      for (int flip : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
        byte[] changed = whole.clone();
        changed[i] ^= (byte) flip;
        Files.write(file, changed);
        try {
          Map<String, Tensor> read = Npz.load(file);
          assertThat(idle.get(i)).as("byte %d ^ %d is read", i, flip).isTrue();
          assertThat(read.keySet())
              .as("byte %d ^ %d", i, flip)
              .containsExactly(name(changed, first), name(changed, second));
          assertThat(read.values())
              .as("byte %d ^ %d", i, flip)
              .usingRecursiveFieldByFieldElementComparator()
              .containsExactly(Tensor.of(1, 2), Tensor.of(3));
        } catch (IOException e) {
          assertThat(e).as("byte %d ^ %d", i, flip).hasMessageStartingWith(file + ": ");
        }
      }
    }
  }

  /** The bytes that may be other ones: dates and the like, names, what says again what is said. */
  private static BitSet idle(byte[] zip, boolean packed) {
    BitSet idle = new BitSet();
    int at = 0;
    for (int entry = 0; entry < 2; entry++) {
      at = find(zip, "504b0304", at);
      idle.set(at + 4, at + 26);
      idle.set(at + 30, at + 30 + "a.npy".length());
      if (packed) {
        // Whether a block is the last one, the bits behind it, and sum and lengths once more.
        int end = find(zip, "504b0708", at);
        idle.set(at + 35);
        idle.set(end - 1, end + 16);
      }
      at++;
    }
    for (int entry = 0; entry < 2; entry++) {
      at = find(zip, "504b0102", at);
      idle.set(at + 4, at + 10);
      idle.set(at + 12, at + 16);
      // Of what is packed, the length may be too large: the last block says where it ends.
      idle.set(at + 20, packed ? at + 24 : at + 20);
      idle.set(at + 34, at + 42);
      idle.set(at + 46);
      at++;
    }
    at = find(zip, "504b0506", at);
    idle.set(at + 4, at + 12);
    return idle;
  }

  /** One letter. */
  private static String name(byte[] zip, int at) {
    return new String(zip, at, 1, StandardCharsets.UTF_8);
  }

  @Test
  void anEntryThatIsNoArrayIsNamed() throws IOException {
    Files.write(file, zip(true, Map.entry("readme.txt", new byte[9])));
    assertRefused("entry \"readme.txt\": expected a name that ends in .npy");
    Files.write(file, zip(true, Map.entry("x.npy", npy("|O", "(1,)", new byte[9]))));
    assertThatThrownBy(() -> Npz.load(file))
        .hasMessageStartingWith(file + ": entry \"x.npy\": expected a byte order")
        .hasMessageEndingWith("\"|O\", which is Python objects in a pickle");
    Files.write(file, zip(true, Map.entry("x.npy", npy("|u1", "(2,)", new byte[3]))));
    assertRefused("entry \"x.npy\": expected 2 bytes of data (shape [2] of U8) but the file has 3");
  }

  @Test
  void aWrongSumIsRefused() throws IOException {
    byte[] whole = zip(false, Map.entry("x.npy", npy("|u1", "(1,)", Bytes.hex("07"))));
    int at = 30 + "x.npy".length() + npy("|u1", "(1,)", Bytes.hex("07")).length - 1;
    assertThat(whole[at]).isEqualTo((byte) 7);
    whole[at] = 8;
    Files.write(file, whole);
    assertRefused("entry \"x.npy\": the zip archive is damaged: the sum of x.npy is another");
  }

  @Test
  void anotherPackingIsNamed() throws IOException {
    byte[] whole = zip(true, Map.entry("x.npy", npy("|u1", "(1,)", Bytes.hex("07"))));
    int directory = find(whole, "504b0102");
    whole[directory + 10] = 93;
    Files.write(file, whole);
    assertRefused("entry \"x.npy\": expected it stored or deflated but it is packed by method 93");
    whole[directory + 10] = 8;
    whole[6] |= 1;
    Files.write(file, whole);
    assertRefused("entry \"x.npy\": it is encrypted");
  }

  @Test
  void aLengthThatNoEntryCanHaveTakesNoMemory() throws IOException {
    byte[] whole = zip(true, Map.entry("x.npy", npy("|u1", "(2000000000,)", new byte[1])));
    int directory = find(whole, "504b0102");
    byte[] lie = Bytes.hex("00 94 35 77");
    System.arraycopy(lie, 0, whole, directory + 24, 4);
    Files.write(file, whole);
    assertThatThrownBy(() -> Npz.load(file))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            ".*: the zip archive is damaged: entry x.npy cannot have 2000000000 bytes packed to"
                + " \\d+");
  }

  @ParameterizedTest
  @CsvSource({
    "934e554d5059, an .npy file of NumPy: Npy.load reads it",
    "1f8b0800, packed by gzip: gunzip unpacks it",
  })
  void anotherFormatIsNamed(String start, String what) throws IOException {
    Files.write(file, Bytes.hex(start));
    assertRefused("expected an .npz archive but this is " + what);
  }

  @ParameterizedTest
  @CsvSource({
    "'', expected an .npz archive but the file has 0 bytes",
    "010203, expected an .npz archive but the file has 3 bytes",
    "80818283, expected a zip archive but its directory is missing: is it cut off?",
    "504b0304, expected a zip archive but its directory is missing: is it cut off?",
  })
  void aFileThatIsTooShortIsNoArchive(String bytes, String message) throws IOException {
    Files.write(file, Bytes.hex(bytes));
    assertRefused(message);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> Npz.load(file))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(file + ": no such file");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Npz.load(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": " + message);
  }

  private static byte[] whole(boolean packed) throws IOException {
    return zip(
        packed,
        Map.entry("a.npy", npy("|u1", "(2,)", Bytes.hex("01 02"))),
        Map.entry("b.npy", npy("<i2", "(1,)", Bytes.hex("03 00"))));
  }

  private static byte[] npy(String descr, String shape, byte[] data) {
    return Bytes.npy(
        "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n", data);
  }

  @SafeVarargs
  private static byte[] zip(boolean packed, Map.Entry<String, byte[]>... entries)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> e : entries) {
        ZipEntry entry = new ZipEntry(e.getKey());
        if (!packed) {
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(e.getValue().length);
          entry.setCrc(sum(e.getValue()));
        }
        out.putNextEntry(entry);
        out.write(e.getValue());
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] zip64(byte[] array, boolean inDirectory) {
    byte[] size = Bytes.littleEndian(array.length);
    byte[] narrow = Arrays.copyOf(size, 4);
    byte[] sum = Arrays.copyOf(Bytes.littleEndian(sum(array)), 4);
    byte[] local =
        Bytes.join(
            Bytes.hex("504b0304 2d00 0000 0000 0000 2100"),
            sum,
            Bytes.hex("ffffffff ffffffff 0500 1400"),
            Bytes.text("x.npy"),
            Bytes.hex("0100 1000"),
            size,
            size,
            array);
    byte[] offset = Bytes.littleEndian(0);
    byte[] extra =
        inDirectory
            ? Bytes.join(Bytes.hex("7b00 0200 0000"), Bytes.hex("0100 1800"), size, size, offset)
            : new byte[0];
    byte[] wide = Bytes.hex("ffffffff");
    byte[] directory =
        Bytes.join(
            Bytes.hex("504b0102 2d03 2d00 0000 0000 0000 2100"),
            sum,
            inDirectory ? wide : narrow,
            inDirectory ? wide : narrow,
            Bytes.hex("0500"),
            Arrays.copyOf(Bytes.littleEndian(extra.length), 2),
            Bytes.hex("0000 0000 0000 00008001"),
            inDirectory ? wide : new byte[4],
            Bytes.text("x.npy"),
            extra);
    byte[] end64 =
        Bytes.join(
            Bytes.hex("504b0606 2c00000000000000 2d00 2d00 00000000 00000000"),
            Bytes.littleEndian(1),
            Bytes.littleEndian(1),
            Bytes.littleEndian(directory.length),
            Bytes.littleEndian(local.length),
            Bytes.hex("504b0607 00000000"),
            Bytes.littleEndian(local.length + directory.length),
            Bytes.hex("01000000"));
    byte[] end =
        inDirectory
            ? Bytes.join(end64, Bytes.hex("504b0506 00000000 ffff ffff ffffffff ffffffff 0000"))
            : Bytes.join(
                Bytes.hex("504b0506 00000000 0100 0100"),
                Arrays.copyOf(Bytes.littleEndian(directory.length), 4),
                Arrays.copyOf(Bytes.littleEndian(local.length), 4),
                Bytes.hex("0000"));
    return Bytes.join(local, directory, end);
  }

  private static long sum(byte[] content) {
    CRC32 sum = new CRC32();
    sum.update(content);
    return sum.getValue();
  }

  private static int find(byte[] bytes, String hex) {
    return find(bytes, hex, 0);
  }

  private static int find(byte[] bytes, String hex, int from) {
    byte[] wanted = Bytes.hex(hex);
    for (int i = from; ; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
  }
}
