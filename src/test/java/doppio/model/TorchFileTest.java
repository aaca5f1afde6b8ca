package doppio.model;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Tensor;
import doppio.io.Npz;
import doppio.nn.BatchNorm2d;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.Flatten;
import doppio.nn.GELU;
import doppio.nn.GlobalAvgPool2d;
import doppio.nn.LayerNorm;
import doppio.nn.Linear;
import doppio.nn.MaxPool2d;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.nn.TransformerEncoderLayer;
import doppio.nn.Window;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch 1.13 wrote, by the script that lies beside them. */
class TorchFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"float32", "float64", "views", "types"})
  void everyTensorHasTheBitsThatNumpyHas(String name) throws Exception {
    Map<String, Tensor> expected = Npz.load(file(name + ".npz"));
    Map<String, Tensor> loaded = TorchFile.load(file(name + ".pt"));
    assertThat(loaded.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach((key, tensor) -> assertSame(loaded.get(key), tensor));
    byte[] bytes = Files.readAllBytes(file(name + ".pt"));
    Map<String, Tensor> streamed = TorchFile.load(new ByteArrayInputStream(bytes));
    expected.forEach((key, tensor) -> assertSame(streamed.get(key), tensor));
  }

  @Test
  void aStateDictWithinATrainingsCheckpointIsFoundByItsKey() throws Exception {
    Path file = file("training.pt");
    Map<String, Tensor> expected = Npz.load(file("training.npz"));
    byte[] bytes = Files.readAllBytes(file);
    for (int way = 0; way < 3; way++) {
      Map<String, Tensor> loaded =
          switch (way) {
            case 0 -> TorchFile.load(file, "model_state_dict");
            case 1 -> TorchFile.load(new ByteArrayInputStream(bytes), "model_state_dict");
            default -> TorchFile.load(bytes, "model_state_dict");
          };
      assertThat(loaded.keySet()).containsExactlyElementsOf(expected.keySet());
      expected.forEach((key, tensor) -> assertSame(loaded.get(key), tensor));
    }
  }

  @Test
  void withoutAKeyTheMessageListsTheKeys() throws Exception {
    Path file = file("training.pt");
    String keys =
        "[\"epoch\", \"model_state_dict\", \"optimizer_state_dict\", \"loss\", \"note\", \"big\","
            + " \"parameters\"]";
    assertThatThrownBy(() -> TorchFile.load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            file
                + ": expected tensors by name but \"epoch\" is a number; the keys are "
                + keys
                + ": load(file, \"model_state_dict\")");
    assertThatThrownBy(() -> TorchFile.load(file, "model"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            file
                + ": expected a dict under \"model\" but there is no such key; the keys are "
                + keys);
    assertThatThrownBy(() -> TorchFile.load(file, "note"))
        .hasMessageContaining("expected a dict under \"note\" but there is a text");
    assertThatThrownBy(() -> TorchFile.load(file, "optimizer_state_dict"))
        .hasMessage(
            file
                + ": expected tensors by name but \"state\" is a dict under"
                + " \"optimizer_state_dict\"");
  }

  @Test
  void networksOfPyTorchComputeTheSameHere() throws Exception {
    Map<String, Module> networks = new LinkedHashMap<>();
    networks.put(
        "images",
        new Sequential(
            new Conv2d(1, 2, Window.of(3).padding(1)),
            new BatchNorm2d(2),
            new ReLU(),
            new MaxPool2d(2),
            new Flatten(),
            new Linear(8, 3)));
    networks.put(
        "norm", new Sequential(new Linear(4, 6), new LayerNorm(6), new GELU(), new Linear(6, 2)));
    networks.put(
        "mlp", new Sequential(new Linear(4, 5), new Tanh(), new Dropout(0.5), new Linear(5, 2)));
    Module body =
        new Sequential(new Conv2d(2, 2, Window.of(3).padding(1)), new BatchNorm2d(2), new ReLU());
    networks.put(
        "residual",
        new Sequential(
            new Conv2d(1, 2, 3),
            new Residual(body),
            new GlobalAvgPool2d(),
            new Flatten(),
            new Linear(2, 3)));
    for (String name : networks.keySet()) {
      Module network = networks.get(name);
      network.loadStateDict(TorchFile.load(file(name + ".pt")));
      Map<String, Tensor> expected = Npz.load(file(name + ".npz"));
      Tensor y = network.infer(expected.get("x"));
      assertThat(y.shape()).isEqualTo(expected.get("y").shape());
      assertThat(y.data()).containsExactly(expected.get("y").data(), within(1e-5));
    }
  }

  /** The lines that the class comment of TransformerEncoderLayer shows. */
  @Test
  void anEncoderOfPyTorchIsLoadedAsAStackAndANorm() throws Exception {
    Map<String, Tensor> expected = Npz.load(file("encoder.npz"));
    for (boolean causal : new boolean[] {false, true}) {
      Sequential layers = new Sequential(encoderLayer(causal), encoderLayer(causal));
      LayerNorm norm = new LayerNorm(6);
      Map<String, Tensor> state = TorchFile.load(file("encoder.pt"));
      norm.loadStateDict(
          Map.of("weight", state.remove("norm.weight"), "bias", state.remove("norm.bias")));
      layers.loadStateDict(TorchFile.withoutPrefix(state, "layers."));
      Tensor y = new Sequential(layers, norm).infer(expected.get("x"));
      assertThat(y.data())
          .containsExactly(expected.get(causal ? "causal" : "y").data(), within(1e-13));
    }
  }

  private static Module encoderLayer(boolean causal) {
    return new TransformerEncoderLayer(6, 2, 5, 0.1, new GELU(), false, causal, new Generator(1));
  }

  @Test
  void tiedWeightsAreOneTensor() throws Exception {
    Map<String, Tensor> loaded = TorchFile.load(file("float32.pt"));
    assertThat(loaded.get("head.weight")).isSameAs(loaded.get("embed.weight"));
    Map<String, Tensor> views = TorchFile.load(file("views.pt"));
    assertThat(views.get("base").data()).isNotSameAs(views.get("transposed").data());
  }

  @Test
  void aWholeModelIsRefusedByTheNameOfItsClass() throws Exception {
    Path file = file("whole-model.pt");
    assertThatThrownBy(() -> TorchFile.load(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": byte ")
        .hasMessageContaining(
            "it calls \"__main__.Net\", which is not loaded: files of tensors, in dicts and lists,"
                + " do without; torch.save(model.state_dict(), path) writes one");
  }

  @Test
  void anOldFileIsRefusedWithTheLineThatConvertsIt() throws Exception {
    String line =
        "torch.save(torch.load(\"old.pt\", map_location=\"cpu\"), \"new.pt\") in PyTorch from 1.6 on"
            + " makes one for TorchFile.load of it";
    Path legacy = file("legacy.pt");
    assertThatThrownBy(() -> TorchFile.load(legacy))
        .isInstanceOf(IOException.class)
        .hasMessage(
            legacy
                + ": expected a file that torch.save wrote but this is a pickle that torch.save"
                + " wrote: "
                + line);
    byte[] tar = new byte[600];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertThatThrownBy(() -> TorchFile.load(tar))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("this is a tar archive: if torch.save wrote it, " + line);
  }

  @Test
  void anotherFileIsNamed() throws Exception {
    Path script = file("script.pt");
    assertThatThrownBy(() -> TorchFile.load(script))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("this is a program, which torch.jit.save wrote");
    Path text = Files.writeString(folder.resolve("no.pt"), "no zip");
    assertThatThrownBy(() -> TorchFile.load(text))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(text + ": expected a file that torch.save wrote but this is ");
    byte[] other = Pickle.zip(Map.of("readme.txt", new byte[3]));
    assertThatThrownBy(() -> TorchFile.load(other))
        .isInstanceOf(IOException.class)
        .hasMessage("expected a file that torch.save wrote but the archive has no entry data.pkl");
    Map<String, byte[]> twice = new LinkedHashMap<>();
    twice.put("x/data.pkl", new byte[1]);
    twice.put("y/data.pkl", new byte[1]);
    byte[] two =
        new String(Pickle.zip(twice), StandardCharsets.ISO_8859_1)
            .replace("y/data.pkl", "x/data.pkl")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> TorchFile.load(two))
        .isInstanceOf(IOException.class)
        .hasMessage("two entries of the name \"x/data.pkl\"");
    assertThatThrownBy(() -> TorchFile.load(new byte[] {1, 2, 3, 4}))
        .isInstanceOf(IOException.class)
        .hasMessage("expected a file that torch.save wrote but this is something else");
    assertThatThrownBy(() -> TorchFile.load(new byte[] {'P', 'K', 3, 4}))
        .isInstanceOf(IOException.class)
        .message()
        .doesNotContain("but this is");
    assertThatThrownBy(() -> TorchFile.load(new byte[] {'P', 'K', 3}))
        .isInstanceOf(IOException.class)
        .hasMessage("expected a file that torch.save wrote but this is something else");
    assertThatThrownBy(() -> TorchFile.load(folder.resolve("none.pt")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void everyTruncationOfARealFileIsRefused() throws Exception {
    byte[] whole = Files.readAllBytes(file("views.pt"));
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> TorchFile.load(part))
          .as("the first %d bytes", length)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aPrefixIsTakenAwayWhereEveryNameHasIt() {
    Linear linear = new Linear(2, 1);
    Map<String, Tensor> wrapped = new LinkedHashMap<>();
    linear.stateDict().forEach((name, tensor) -> wrapped.put("module." + name, tensor));
    linear.loadStateDict(TorchFile.withoutPrefix(wrapped, "module."));
    assertThat(TorchFile.withoutPrefix(wrapped, "module.")).containsOnlyKeys("weight", "bias");
    assertThatThrownBy(() -> TorchFile.withoutPrefix(wrapped, "model."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("module.weight does not begin with model.");
  }

  private static Path file(String name) throws URISyntaxException {
    return Path.of(TorchFileTest.class.getResource("torch/" + name).toURI());
  }
}
