package doppio.train;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.io.SafeTensors;
import doppio.loss.CrossEntropy;
import doppio.loss.MSE;
import doppio.model.ModelFile;
import doppio.model.Registry;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Adam;
import doppio.own.Square;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint is a model file too. */
class CheckpointModelTest {
  private static final Registry SQUARE = Registry.of("Square", Square.class, parts -> new Square());

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("checkpoint.safetensors");
  }

  @Test
  void theNetworkOfATrainingIsLoadedWithoutItsConstructor() throws IOException {
    Problem problem = new Problem(1);
    problem.trainer().callback(Checkpoints.everyEpochs(1, file)).fit(Problem.DATA);
    Module loaded = ModelFile.load(file);
    assertThat(loaded).hasToString(problem.model.toString());
    assertSame(loaded.infer(Problem.DATA.inputs()), problem.model.infer(Problem.DATA.inputs()));
    Map<String, Tensor> tensors = SafeTensors.load(file);
    problem.model.stateDict().forEach((name, tensor) -> assertSame(tensors.get(name), tensor));
    assertThat(tensors.keySet())
        .filteredOn(name -> !name.startsWith("."))
        .containsExactlyInAnyOrderElementsOf(problem.model.stateDict().keySet());
  }

  /** Of two generators, each drives one layer: the loaded model has two as well. */
  @Test
  void aTrainingGoesOnWithTheNetworkThatItsFileMakes() throws IOException {
    Module model = dropouts();
    Trainer first = trainer(model);
    first.fit(Problem.DATA);
    first.save(file);
    Module loaded = ModelFile.load(file);
    trainer(loaded).epochs(2).resume(file).fit(Problem.DATA);
    first.epochs(2).fit(Problem.DATA);
    model.stateDict().forEach((name, tensor) -> assertSame(loaded.stateDict().get(name), tensor));
  }

  private static Module dropouts() {
    Generator g = new Generator(3);
    return new Sequential(
        new Linear(4, 6, g),
        new Dropout(0.3, new Generator(4)),
        new Linear(6, 3, g),
        new Dropout(0.2, new Generator(5).singlePrecision()));
  }

  private static Trainer trainer(Module model) {
    return new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 0.01))
        .batchSize(4)
        .shuffle(new Generator(6));
  }

  @Test
  void modulesOfOnesOwnAreNamedInTheTrainersRegistry() throws IOException {
    Module model = new Sequential(new Linear(2, 2, new Generator(1)), new Square());
    Dataset data = new Dataset(RandomTensors.normal(1, 8, 2), RandomTensors.normal(2, 8, 2));
    Trainer trainer =
        new Trainer(model, new MSE(), new Adam(model.parameters(), 0.01)).registry(SQUARE);
    trainer.fit(data);
    trainer.save(file);
    Tensor x = RandomTensors.normal(3, 4, 2);
    assertSame(ModelFile.load(file, SQUARE).infer(x), model.infer(x));
  }

  @Test
  void aModelThatCannotBeDescribedIsKeptWithoutItsArchitecture() throws IOException {
    Module model = new Sequential(new Tanh(), new Square(), new Linear(1, 1, new Generator(1)));
    new Checkpoint(model).save(file);
    Module other = new Sequential(new Tanh(), new Square(), new Linear(1, 1, new Generator(2)));
    new Checkpoint(other).load(file);
    assertSame(other.stateDict().get("2.weight"), model.stateDict().get("2.weight"));
    assertThatThrownBy(() -> ModelFile.load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            file
                + ": expected metadata doppio.model but there is none: the checkpoint was written"
                + " without, because module 1 is of the class doppio.own.Square, which has no name in"
                + " files");
    new Checkpoint(model).registry(SQUARE).save(file);
    assertThat(ModelFile.load(file, SQUARE)).hasToString(model.toString());
  }

  @Test
  void checkpointsGoToStreamsAndComeFromThem() throws IOException {
    Problem problem = new Problem(1);
    Checkpoint checkpoint = new Checkpoint(problem.model).optimizer(problem.optimizer);
    Map<String, Tensor> extra = Map.of("epoch", Tensor.full(3));
    checkpoint.save(file, extra);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    checkpoint.save(out, extra);
    byte[] bytes = out.toByteArray();
    assertThat(bytes).isEqualTo(Files.readAllBytes(file));
    List<Double> before = problem.state();
    for (boolean stream : new boolean[] {true, false}) {
      Problem other = new Problem(2);
      Checkpoint into = new Checkpoint(other.model).optimizer(other.optimizer);
      Map<String, Tensor> read =
          stream ? into.load(new ByteArrayInputStream(bytes)) : into.load(bytes);
      assertThat(read.get("epoch").get()).isEqualTo(3);
      assertThat(other.state()).isEqualTo(before);
      Problem third = new Problem(3);
      if (stream) {
        Checkpoint.loadModel(new ByteArrayInputStream(bytes), third.model);
      } else {
        Checkpoint.loadModel(bytes, third.model);
      }
      assertSame(third.model.stateDict().get("0.bias"), problem.model.stateDict().get("0.bias"));
    }
  }
}
