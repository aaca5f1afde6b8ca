package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.internal.Allowance;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pickles written by hand: those that PyTorch could write, and those that do harm. */
class UnpicklerTest {
  @TempDir private Path folder;

  @Test
  void aPickleThatCallsTheSystemIsRefusedByNameAndRunsNothing() throws IOException {
    Path witness = folder.resolve("witness");
    for (String module : List.of("os", "posix", "nt", "subprocess", "builtins")) {
      byte[] file =
          new Pickle()
              .global(module, "system")
              .op('(')
              .text("touch " + witness)
              .op('t', 'R', '.')
              .file();
      assertThatThrownBy(() -> TorchFile.load(file))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "byte 2 of the pickle: it calls \"" + module + ".system\", which is not loaded");
    }
    assertThat(Files.exists(witness)).isFalse();
  }

  @Test
  void viewsAreTakenOutOfTheStorage() throws IOException {
    byte[] file =
        new Pickle()
            .dict()
            .text("all")
            .tensor("0", 6, 0, new int[] {2, 3}, new int[] {3, 1})
            .text("turned")
            .tensor("0", 6, 0, new int[] {3, 2}, new int[] {1, 3})
            .text("one")
            .tensor("0", 6, 4, new int[] {}, new int[] {})
            .text("again")
            .tensor("0", 6, 0, new int[] {2, 3}, new int[] {3, 1})
            .op('u', '.')
            .floats("0", 0, 1, 2, 3, 4, 5)
            .file();
    Map<String, Tensor> loaded = TorchFile.load(file);
    assertThat(loaded.get("all").data()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(loaded.get("turned").data()).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(loaded.get("turned").shape()).containsExactly(3, 2);
    assertThat(loaded.get("one").get()).isEqualTo(4);
    assertThat(loaded.get("again")).isSameAs(loaded.get("all"));
  }

  @Test
  void aBigEndianFileIsRead() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    Pickle pickle =
        new Pickle().dict().text("x").tensor("0", 1, 0, new int[] {1}, new int[] {1}).op('u', '.');
    entries.put("x/data.pkl", pickle.bytes());
    entries.put("x/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
    entries.put("x/data/0", new byte[] {0x3f, (byte) 0x80, 0, 0});
    assertThat(TorchFile.load(Pickle.zip(entries)).get("x").data()).containsExactly(1);
  }

  @Test
  void aFileThatSaysLittleEndianIsReadSo() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    Pickle pickle =
        new Pickle().dict().text("x").tensor("0", 1, 0, new int[] {1}, new int[] {1}).op('u', '.');
    entries.put("x/data.pkl", pickle.bytes());
    entries.put("x/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    entries.put("x/data/0", new byte[] {0, 0, (byte) 0x80, 0x3f});
    assertThat(TorchFile.load(Pickle.zip(entries)).get("x").data()).containsExactly(1);
  }

  @Test
  void viewsThatLieNotInTheirStorageAreRefused() throws IOException {
    int[][][] shapesAndStrides = {
      {{7}, {1}},
      {{2, 3}, {4, 1}},
      {{2}, {-1}},
      {{-1}, {1}},
      {{2, 3}, {1}},
      {{1 << 30, 1 << 30}, {0, 0}},
      {{Integer.MAX_VALUE, Integer.MAX_VALUE}, {Integer.MAX_VALUE, Integer.MAX_VALUE}},
    };
    for (int[][] view : shapesAndStrides) {
      refused(0, view[0], view[1], " lies not in a storage of 6");
    }
    refused(6, new int[] {}, new int[] {}, "lies not in a storage of 6");
    refused(-1, new int[] {}, new int[] {}, "lies not in a storage of 6");
  }

  /** One number of a file, repeated as often as an array could hold it. */
  @Test
  void anExpandedViewIsBoundedByTheFile() throws IOException {
    refused(0, new int[] {100_000}, new int[] {0}, "the tensors have 100000 numbers, and the file");
    refused(0, new int[] {1 << 30}, new int[] {0}, "are to be saved as copies, tensor.clone()");
    byte[] small = file(0, new int[] {2, 3}, new int[] {0, 0});
    assertThat(TorchFile.load(small).get("x").data()).containsExactly(1, 1, 1, 1, 1, 1);
    Pickle many = new Pickle().dict();
    for (int i = 0; i < 100; i++) {
      many.text("x" + i).tensor("0", 6, i % 6, new int[] {10_000 + i}, new int[] {0});
    }
    byte[] file = many.op('u', '.').floats("0", 1, 2, 3, 4, 5, 6).file();
    assertThatThrownBy(() -> TorchFile.load(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("views that repeat numbers");
  }

  @Test
  void aLoneViewIsTakenOutOfItsStorageToo() throws IOException {
    byte[] overlapping = file(0, new int[] {2, 3}, new int[] {1, 1});
    assertThat(TorchFile.load(overlapping).get("x").data()).containsExactly(1, 2, 3, 2, 3, 4);
    byte[] turned = file(0, new int[] {3, 2}, new int[] {1, 3});
    assertThat(TorchFile.load(turned).get("x").data()).containsExactly(1, 4, 2, 5, 3, 6);
    byte[] repeated = file(0, new int[] {2, 3}, new int[] {0, 1});
    assertThat(TorchFile.load(repeated).get("x").data()).containsExactly(1, 2, 3, 1, 2, 3);
    byte[] first = file(0, new int[] {2}, new int[] {1});
    assertThat(TorchFile.load(first).get("x").data()).containsExactly(1, 2);
  }

  @Test
  void numbersThatNoViewReadsAreCheckedToo() throws IOException {
    int size = 10_000;
    Map<String, byte[]> entries = new LinkedHashMap<>();
    Pickle pickle =
        new Pickle().dict().text("x").tensor("0", size, 0, new int[] {1}, new int[] {1});
    entries.put("x/data.pkl", pickle.op('u', '.').bytes());
    byte[] numbers = new byte[4 * size];
    numbers[numbers.length - 1] = 77;
    entries.put("x/data/0", numbers);
    byte[] file = Pickle.plain(entries);
    assertThat(TorchFile.load(file).get("x").data()).containsExactly(0);
    file[new String(file, StandardCharsets.ISO_8859_1).indexOf("\0\0M") + 2] = 5;
    assertThatThrownBy(() -> TorchFile.load(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("x/data/0");
  }

  @Test
  void aViewMayRepeatAsManyNumbersAsTheFileHasBytesAnd64KiBMore() throws IOException {
    Pickle sized = new Pickle().dict().text("x").tensor("0", 1, 0, new int[1], new int[1]);
    int most = sized.op('u', '.').bytes().length + 4 + 2 + (1 << 16);
    for (int more = 0; more < 2; more++) {
      Pickle pickle = new Pickle().dict().text("x");
      pickle.tensor("0", 1, 0, new int[] {most + more}, new int[1]).op('u', '.').floats("0", 7);
      byte[] file = pickle.file();
      if (more == 0) {
        assertThat(TorchFile.load(file).get("x").size()).isEqualTo(most);
      } else {
        assertThatThrownBy(() -> TorchFile.load(file)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aTensorOfManyNamesCountsOnce() throws IOException {
    Pickle pickle = new Pickle().dict();
    for (int i = 0; i < 200; i++) {
      pickle.text("x" + i).tensor("0", 1000, 0, new int[] {1000}, new int[] {1});
    }
    byte[] file = pickle.op('u', '.').floats("0", new float[1000]).file();
    Map<String, Tensor> loaded = TorchFile.load(file);
    assertThat(loaded).hasSize(200);
    assertThat(loaded.get("x199")).isSameAs(loaded.get("x0"));
  }

  @Test
  void aStorageOfAnotherLengthOrNoneIsNamed() throws IOException {
    Pickle pickle =
        new Pickle().dict().text("x").tensor("0", 6, 0, new int[] {6}, new int[] {1}).op('u', '.');
    byte[] none = pickle.file();
    assertThatThrownBy(() -> TorchFile.load(none))
        .isInstanceOf(IOException.class)
        .hasMessage("the archive has no entry \"archive/data/0\"");
    byte[] shorter = pickle.floats("0", 1, 2).file();
    assertThatThrownBy(() -> TorchFile.load(shorter))
        .isInstanceOf(IOException.class)
        .hasMessage("\"archive/data/0\" has 8 bytes and is to have 6 numbers of F32");
  }

  @Test
  void listsAndDictsThatHoldThemselvesAreNoTrouble() throws IOException {
    byte[] list = new Pickle().op(']', 'q', 0, 'h', 0, 'a', '.').file();
    assertThatThrownBy(() -> TorchFile.load(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a dict but the file holds a list");
    byte[] dict = new Pickle().op('}', 'q', 0).text("me").op('h', 0, 's', '.').file();
    assertThatThrownBy(() -> TorchFile.load(dict))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"me\" is a dict");
    byte[] key = new Pickle().op('}', 'q', 0, 'h', 0, 'N', 's', '.').file();
    assertThatThrownBy(() -> TorchFile.load(key))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected keys of dicts that are texts or numbers");
  }

  @Test
  void whatIsNoTensorIsNamedByItsKind() throws IOException {
    noTensors("\"x\" is a list; the keys are [\"x\"]", text("x").op(']', 's', '.'));
    noTensors("\"x\" is a list; the keys are [\"x\"]", text("x").op(')', 's', '.'));
    noTensors("\"x\" is a number; the keys are [\"x\"]", text("x").op('K', 1, 's', '.'));
    noTensors("\"x\" is no tensor; the keys are [\"x\"]", text("x").op('N', 's', '.'));
    noTensors(
        "\"true\" is no tensor; the keys are [\"true\"]",
        new Pickle().op('}', 0x88, 'N', 's', '.'));
    Pickle tensor = new Pickle().op('}', 'K', 1);
    tensor.tensor("0", 1, 0, new int[] {1}, new int[] {1}).op('s', '.');
    noTensors("\"1\" is a tensor; the keys are [\"1\"]", tensor);
  }

  @Test
  void theFirstDictOfAnyTextIsProposed() throws IOException {
    Pickle pickle = new Pickle().op('}', 'K', 1, '}', 's').text("a").op('}', 's', '.');
    noTensors("; the keys are [\"1\", \"a\"]: load(file, \"a\")", pickle);
  }

  @Test
  void ofManyKeysTwentyAreShown() throws IOException {
    noTensors("\"k19\"]", numbered(20).op('.'));
    noTensors("\"k19\"] and 1 more", numbered(21).op('.'));
  }

  private static Pickle text(String key) {
    return new Pickle().op('}').text(key);
  }

  private static Pickle numbered(int count) {
    Pickle pickle = new Pickle().op('}');
    for (int i = 0; i < count; i++) {
      pickle.text("k" + i).op('N', 's');
    }
    return pickle;
  }

  private static void noTensors(String end, Pickle pickle) throws IOException {
    byte[] file = pickle.file();
    assertThatThrownBy(() -> TorchFile.load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected tensors by name but ")
        .hasMessageEndingWith(end);
  }

  @Test
  void whatNoPickleOfTensorsDoesIsRefused() {
    refused("the operation 0x81 is not one that torch.save writes", new Pickle().op(0x81));
    refused("expected protocol 2 but got 4", new Pickle().op(0x80, 4));
    refused("there are too few objects", new Pickle().op('Q'));
    refused("there are too few objects", new Pickle().op('N', '(', 'a'));
    refused("there is no mark", new Pickle().op('t'));
    refused("nothing is remembered under 7", new Pickle().op('h', 7));
    refused("a text of 4294967295 bytes", new Pickle().op('X').four(-1));
    refused("a text of 1000 bytes", new Pickle().op('X').four(1000));
    refused("the pickle ends early", new Pickle());
    refused("expected something to call", new Pickle().op('N', ')', 'R'));
    refused("expected the id of a storage", new Pickle().op('N', 'Q'));
    refused("expected a dict and its entries", new Pickle().op(']', '(', 'N', 'N', 'u'));
    refused("expected a dict and its entries", new Pickle().op('}', '(', 'N', 'u'));
    refused("expected a list to append to", new Pickle().op('N', 'N', 'a'));
    Pickle arguments = new Pickle().global("torch._utils", "_rebuild_tensor_v2").op(')', 'R');
    refused("the arguments of a TENSOR are not those that PyTorch writes", arguments);
  }

  @Test
  void theIdOfAStorageHasItsPartsInTheirPlaces() {
    Pickle noType = id().text("storage").number(1).text("0");
    refused("expected the id of a storage", noType.text("cpu").number(1).op('t', 'Q'));
    Pickle other = id().text("module").global("torch", "FloatStorage").text("0");
    refused("expected the id of a storage", other.text("cpu").number(1).op('t', 'Q'));
    Pickle noKey = id().text("storage").global("torch", "FloatStorage").number(0);
    refused("expected the id of a storage", noKey.text("cpu").number(1).op('t', 'Q'));
    Pickle noSize = id().text("storage").global("torch", "FloatStorage").text("0");
    refused("expected the id of a storage", noSize.text("cpu").text("1").op('t', 'Q'));
    Pickle negative = new Pickle().storage("FloatStorage", "0", -1);
    refused("expected the id of a storage", negative);
    Pickle few = id().text("storage").global("torch", "FloatStorage").text("0").text("cpu");
    refused("expected the id of a storage", few.op('t', 'Q'));
    refused("expected something to call", new Pickle().op('N', 'N', 'R'));
  }

  private static Pickle id() {
    return new Pickle().op('(');
  }

  @Test
  void whatIsCalledTakesTheArgumentsThatPyTorchWrites() throws IOException {
    refusedArguments("DICT", called("collections", "OrderedDict").number(1));
    refusedArguments("SIZE", called("torch", "Size").number(1));
    refusedArguments("SIZE", called("torch", "Size").tuple(1).tuple(1));
    refusedArguments("TENSOR", rebuilt().number(0).tuple(1));
    refusedArguments("TENSOR", rebuilt().text("0").tuple(1).tuple(1));
    refusedArguments("TENSOR", rebuilt().number(0).number(1).tuple(1));
    refusedArguments("TENSOR", rebuilt().number(0).tuple(1).op('(').text("1").op('t'));
    Pickle noStorage = called("torch._utils", "_rebuild_tensor").number(1);
    refusedArguments("TENSOR", noStorage.number(0).tuple(1).tuple(1));
    refusedArguments("PARAMETER", called("torch._utils", "_rebuild_parameter"));
    refusedArguments("PARAMETER", called("torch._utils", "_rebuild_parameter").number(1));
    Pickle fewest = new Pickle().op('}').text("x").global("torch._utils", "_rebuild_parameter");
    fewest.op('(').global("torch._utils", "_rebuild_tensor").op('(');
    fewest.storage("FloatStorage", "0", 1).number(0);
    fewest.global("torch", "Size").op('(').tuple(1).op('t', 'R').tuple(1).op('t', 'R', 't', 'R');
    byte[] file = fewest.op('s', '.').floats("0", 7).file();
    assertThat(TorchFile.load(file).get("x").data()).containsExactly(7);
  }

  private static Pickle called(String module, String name) {
    return new Pickle().global(module, name).op('(');
  }

  private static Pickle rebuilt() {
    return called("torch._utils", "_rebuild_tensor").storage("FloatStorage", "0", 1);
  }

  private static void refusedArguments(String name, Pickle pickle) {
    refused("the arguments of a " + name + " are not those that", pickle.op('t', 'R'));
  }

  @Test
  void whatStandsBelowAMarkIsOutOfReach() {
    refused("there are too few objects", new Pickle().op(']', 'N', '(', 'a'));
    refused("there are too few objects", new Pickle().op('N', '(', 'q', 0));
    refused("there are too few objects", new Pickle().op('q', 0));
    refused("there are too few objects", new Pickle().op('N', 0x86));
  }

  @Test
  void objectsTakeNoMoreMemoryThanAFileOfTheLengthMay() {
    int[] nothings = new int[700_000];
    Arrays.fill(nothings, 'N');
    refused("expected a file that takes at most 8 times", new Pickle().op(nothings));
  }

  @Test
  void aTextMayGoToTheEndOfThePickleAndNotBeyond() {
    refused("the pickle ends early, at byte 8", new Pickle().op('X').four(1).op('a'));
    refused("a text of 2 bytes", new Pickle().op('X').four(2).op('a'));
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole =
        new Pickle()
            .dict()
            .text("x")
            .tensor("0", 1, 0, new int[] {1}, new int[] {1})
            .op('u', '.')
            .bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(part)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void numbersOfEverySizeAreRead() throws IOException {
    assertThat(read(new Pickle().op('K', 255, '.').bytes())).isEqualTo(255L);
    assertThat(read(new Pickle().op('M', 1, 2, '.').bytes())).isEqualTo(513L);
    assertThat(read(new Pickle().number(-7).op('.').bytes())).isEqualTo(-7L);
    assertThat(read(new Pickle().op(0x8a, 0, '.').bytes())).isEqualTo(0L);
    assertThat(read(new Pickle().op(0x8a, 2, 0, 0xff, '.').bytes())).isEqualTo(-256L);
    assertThat(read(new Pickle().op('G', 0x3f, 0xe0, 0, 0, 0, 0, 0, 0, '.').bytes()))
        .isEqualTo(0.5);
    assertThat(read(new Pickle().op(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, '.').bytes()))
        .isEqualTo(BigInteger.ONE.shiftLeft(63));
    assertThat(read(new Pickle().op(0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x80, '.').bytes()))
        .isEqualTo(Long.MIN_VALUE);
    assertThat(read(new Pickle().op(0x88, '.').bytes())).isEqualTo(true);
    assertThat(read(new Pickle().op(0x89, '.').bytes())).isEqualTo(false);
    assertThat(read(new Pickle().op(']', 'K', 1, 'a', '.').bytes())).isEqualTo(List.of(1L));
  }

  private static Object read(byte[] pickle) throws IOException {
    return Unpickler.read(pickle, new Allowance(pickle.length));
  }

  private static byte[] file(int offset, int[] shape, int[] strides) throws IOException {
    return new Pickle()
        .dict()
        .text("x")
        .tensor("0", 6, offset, shape, strides)
        .op('u', '.')
        .floats("0", 1, 2, 3, 4, 5, 6)
        .file();
  }

  private static void refused(int offset, int[] shape, int[] strides, String message)
      throws IOException {
    byte[] file = file(offset, shape, strides);
    assertThatThrownBy(() -> TorchFile.load(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  private static void refused(String message, Pickle pickle) {
    byte[] bytes = pickle.bytes();
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }
}
