package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.internal.Allowance;
import java.io.IOException;
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
    assertThat(read(new Pickle().op(0x88, '.').bytes())).isEqualTo(true);
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
