package doppio.train;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.CrossEntropy;
import doppio.model.ModelFile;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Adam;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that older versions have written, after three steps of the training below, and go on being
 * read.
 */
class OldCheckpointsTest {
  private static final Tensor X = Tensor.of(new double[][] {{1, -1, 0.5}, {0, 2, -3}});

  /** What the versions that wrote the files computed. */
  private static final double[] OUTPUT = {
    0.6525235713326962, -0.19856848144201822, 1.3134735966536282, -0.6266962960341431
  };

  private final Generator generator = new Generator(7);
  private final Module model =
      new Sequential(
          new Linear(3, 4, generator),
          new Tanh(),
          new Dropout(0.2, generator),
          new Linear(4, 2, generator));
  private final Adam optimizer = new Adam(model.parameters(), 0.01);
  private final Generator shuffle = new Generator(8);

  @ParameterizedTest
  @ValueSource(strings = {"0.1.0", "0.2.0-first"})
  void aTrainingGoesOnFromAnOldFileWithTheSameBits(String version) throws Exception {
    OldCheckpointsTest untouched = new OldCheckpointsTest();
    for (int i = 0; i < 3; i++) {
      untouched.step();
    }
    shuffle.normal();
    Map<String, Tensor> extra = checkpoint().load(file(version));
    assertThat(extra).containsOnlyKeys("epoch");
    assertThat(extra.get("epoch").get()).isEqualTo(3);
    assertThat(model.infer(X).data()).containsExactly(OUTPUT);
    assertThat(shuffle.state()).containsExactly(new Generator(8).state());
    step();
    untouched.step();
    model
        .stateDict()
        .forEach((name, tensor) -> assertSame(tensor, untouched.model.stateDict().get(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.0", "0.2.0-first"})
  void theModelOfAnOldFileIsReadAlone(String version) throws Exception {
    Checkpoint.loadModel(file(version), model);
    assertThat(model.infer(X).data()).containsExactly(OUTPUT);
    assertThatThrownBy(() -> ModelFile.load(file(version)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(
            "expected metadata doppio.model but there is none: for a checkpoint of this age, make"
                + " the model and use Checkpoint.loadModel(file, model)");
  }

  @Test
  void aFileOfTodayIsReadByEveryLaterVersion() throws Exception {
    Path file = file("0.2.0");
    assertThat(checkpoint().load(file).get("epoch").get()).isEqualTo(3);
    assertThat(model.infer(X).data()).containsExactly(OUTPUT);
    Module loaded = ModelFile.load(file);
    assertThat(loaded).hasToString(model.toString());
    assertThat(loaded.infer(X).data()).containsExactly(OUTPUT);
    assertThat(ModelFile.load(Files.readAllBytes(file)).infer(X).data()).containsExactly(OUTPUT);
  }

  private Checkpoint checkpoint() {
    return new Checkpoint(model).optimizer(optimizer).generator("shuffle", shuffle);
  }

  private void step() {
    CrossEntropy loss = new CrossEntropy();
    loss.forward(model.forward(X), Tensor.of(1, 0));
    optimizer.zeroGrad();
    model.backward(loss.backward());
    optimizer.step();
  }

  private static Path file(String version) throws URISyntaxException, IOException {
    String name = "/doppio/model/checkpoint-" + version + ".safetensors";
    return Path.of(OldCheckpointsTest.class.getResource(name).toURI());
  }
}
