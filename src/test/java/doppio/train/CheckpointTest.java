package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import doppio.loss.CrossEntropy;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.optim.SGD;
import doppio.optim.Schedule;
import doppio.optim.Scheduler;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir private Path folder;
  private Path file;
  private Path changed;

  @BeforeEach
  void saveATraining() throws IOException {
    file = folder.resolve("file.safetensors");
    changed = folder.resolve("changed.safetensors");
    Trainer trainer = new Problem(1).trainer().callback(Checkpoints.everySteps(8, file));
    trainer.callback(
        new Callback() {
          @Override
          public void batch(Training training) {
            if (training.step() == 8) {
              training.stop();
            }
          }
        });
    trainer.fit(Problem.DATA);
  }

  @Test
  void aHandWrittenLoopHasOneToo() throws IOException {
    Problem problem = new Problem(1);
    Scheduler scheduler = new Scheduler(problem.optimizer, Schedule.exponential(0.5));
    scheduler.step();
    problem.generator.normal();
    new Checkpoint(problem.model)
        .optimizer(problem.optimizer)
        .scheduler(scheduler)
        .generator("shuffle", problem.generator)
        .save(file, Map.of("epoch", Tensor.full(7), "note.first", Tensor.of(1, 2)));
    List<Double> saved = problem.state();

    Problem other = new Problem(2);
    Scheduler otherScheduler = new Scheduler(other.optimizer, Schedule.exponential(0.5));
    Map<String, Tensor> extra =
        new Checkpoint(other.model)
            .optimizer(other.optimizer)
            .scheduler(otherScheduler)
            .generator("shuffle", other.generator)
            .load(file);
    assertThat(other.state()).isEqualTo(saved);
    assertThat(otherScheduler.position()).isEqualTo(1);
    assertThat(extra).containsOnlyKeys("epoch", "note.first");
    assertThat(extra.get("epoch").get()).isEqualTo(7);
    assertThat(extra.get("note.first").data()).containsExactly(1, 2);
  }

  @Test
  void namesSayWhatTheyAre() throws IOException {
    assertThat(SafeTensors.load(file).keySet())
        .contains(
            "0.weight",
            "3.1.bias",
            ".optimizer.Adam.parameter.0.buffer.1",
            ".scheduler.position",
            ".generator.shuffle",
            ".generator.model.2",
            ".trainer.batch",
            ".trainer.shuffle",
            ".trainer.history.metric.accuracy")
        .doesNotContain(".generator.model.3.0");
    assertThat(SafeTensors.read(file).metadata())
        .containsOnlyKeys("doppio.checkpoint", "doppio.model")
        .containsEntry("doppio.checkpoint", "2");
  }

  @Test
  void aModelThatIsOneLayerHasTheModelsGenerator() throws IOException {
    new Checkpoint(new Dropout(0.5, new Generator(1))).save(changed);
    assertThat(SafeTensors.load(changed)).containsKey(".generator.model");
  }

  @Test
  void theModelAloneIsLoaded() throws IOException {
    Problem saved = new Problem(2);
    saved.trainer().resume(file);
    Problem problem = new Problem(3);
    long[] generator = problem.generator.state();
    Checkpoint.loadModel(file, problem.model);
    problem
        .model
        .stateDict()
        .forEach(
            (name, value) ->
                assertThat(value.data()).containsExactly(saved.model.stateDict().get(name).data()));
    assertThat(problem.generator.state()).containsExactly(generator);
    assertThatThrownBy(() -> Checkpoint.loadModel(file, new Linear(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file + ": state dict does not fit Linear: missing weight");
  }

  /** What files of 0.1.0 do not have, so it may be missing. */
  private static final Set<String> SINCE =
      Set.of(".frozen.parameters", ".scheduler.perStep", ".trainer.history.stride");

  /** One at a time, each tensor is left out, renamed, of another shape, or holds what none may. */
  @Test
  void whateverDoesNotFitChangesNothing() throws IOException {
    Map<String, Tensor> good = SafeTensors.load(file);
    for (String name : good.keySet()) {
      Map<String, Tensor> without = new LinkedHashMap<>(good);
      without.remove(name);
      boolean ofModel = !name.startsWith(".");
      String key = ofModel ? name : name.substring(name.indexOf('.', 1) + 1);
      boolean buffer = name.contains(".buffer.") || SINCE.contains(name);
      if (!name.endsWith(".buffer.1") && !buffer) {
        refused(without, key);
      }
      Map<String, Tensor> renamed = new LinkedHashMap<>(without);
      renamed.put(name + "x", good.get(name));
      refused(renamed, key);
      Map<String, Tensor> unknown = new LinkedHashMap<>(good);
      unknown.put(ofModel ? "x" + name : ".x" + name.substring(1), good.get(name));
      refused(unknown, "unexpected x");
      Map<String, Tensor> shaped = new LinkedHashMap<>(good);
      shaped.put(name, Tensor.zeros(1, 2, 3));
      refused(shaped, key);
      if (name.startsWith(".generator") || name.equals(".trainer.shuffle")) {
        Map<String, Tensor> wrong = new LinkedHashMap<>(good);
        wrong.put(name, Tensor.full(0.5, 626));
        refused(wrong, key + ": number 0 of the state must be whole, got 0.5");
      }
      if (name.equals(".trainer.epoch") || name.endsWith("steps") || name.endsWith("Rate")) {
        Map<String, Tensor> wrong = new LinkedHashMap<>(good);
        wrong.put(name, Tensor.full(-3, good.get(name).shape()));
        if (!name.startsWith(".trainer.learning") && !name.contains("history")) {
          refused(wrong, key + " expects");
        }
      }
    }
  }

  @Test
  void namesThatNoPartHasAreUnexpected() throws IOException {
    for (String name : List.of(".abc", "..x", ".model.0.weight")) {
      Map<String, Tensor> more = new LinkedHashMap<>(SafeTensors.load(file));
      more.put(name, Tensor.of(1));
      refused(more, "unexpected " + name.substring(1).replace(".0.weight", ""));
    }
  }

  @Test
  void whatIsNoCheckpoint() throws IOException {
    Trainer trainer = new Problem(2).trainer();
    Path plain = folder.resolve("plain.safetensors");
    SafeTensors.save(plain, Map.of("a", Tensor.of(1)));
    assertThatThrownBy(() -> trainer.resume(plain))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            plain
                + ": expected metadata doppio.checkpoint 1 or 2 but there is none: if it holds weights"
                + " alone, use model.loadStateDict(SafeTensors.load(file))");
    SafeTensors.save(plain, Map.of(), Dtype.F64, Map.of("doppio.checkpoint", "3"));
    assertThatThrownBy(() -> trainer.resume(plain))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(plain + ": expected metadata doppio.checkpoint 1 or 2 but got 3");
    assertThatThrownBy(() -> trainer.resume(folder.resolve("missing")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aCheckpointInPlaceOfWeightsNamesTheOtherCall() throws IOException {
    Problem problem = new Problem(2);
    List<Double> before = problem.state();
    Map<String, Tensor> checkpoint = SafeTensors.load(file);
    // That of another model is one too.
    assertThatThrownBy(() -> new Linear(2, 1).loadStateDict(checkpoint))
        .hasMessageEndingWith(
            "; the names are those of a checkpoint,"
                + " which Checkpoint.loadModel(file, model) reads");
    assertThatThrownBy(() -> problem.model.loadStateDict(checkpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "state dict does not fit Sequential: unexpected .generator.shuffle; ")
        .hasMessageEndingWith(
            "; the names are those of a checkpoint,"
                + " which Checkpoint.loadModel(file, model) reads");
    assertThat(problem.state()).isEqualTo(before);
    assertThatThrownBy(() -> problem.model.loadStateDict(new Linear(1, 1).stateDict()))
        .hasMessageNotContaining("checkpoint");
    new Checkpoint(problem.model).save(changed);
    Map<String, Tensor> alone = SafeTensors.load(changed);
    assertThatThrownBy(() -> problem.model.loadStateDict(alone))
        .hasMessageEndingWith("Checkpoint.loadModel(file, model) reads");
  }

  @Test
  void weightsInPlaceOfACheckpointNameTheOtherCall() throws IOException {
    Problem problem = new Problem(2);
    SafeTensors.save(changed, problem.model.stateDict());
    String message =
        changed
            + ": expected metadata doppio.checkpoint 1 or 2 but there is none: if it holds weights"
            + " alone, use model.loadStateDict(SafeTensors.load(file))";
    assertThatThrownBy(() -> problem.trainer().resume(changed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> Checkpoint.loadModel(changed, problem.model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** As a conversion to single precision or to bfloat16 leaves it, whatever it is kept in then. */
  @Test
  void aGeneratorsStateThatWasRoundedIsRefused() throws IOException {
    Map<String, Tensor> good = SafeTensors.load(file);
    for (String name : List.of(".generator.shuffle", ".generator.model.2", ".trainer.shuffle")) {
      for (int bits : new int[] {0, 16}) {
        Map<String, Tensor> rounded = new LinkedHashMap<>(good);
        Tensor state = good.get(name).copy();
        Arrays.setAll(
            state.data(),
            i ->
                Float.intBitsToFloat(
                    Float.floatToIntBits((float) state.data()[i]) >> bits << bits));
        rounded.put(name, state);
        refused(rounded, "the state was rounded to single precision or less");
      }
    }
  }

  @Test
  void anotherTrainersCheckpointIsRefused() {
    Problem problem = new Problem(2);
    Trainer plain = new Trainer(problem.model, new CrossEntropy(), problem.optimizer).inOrder();
    assertThatThrownBy(() -> plain.resume(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file + ": state does not fit the generators: unexpected shuffle");
    Trainer sgd =
        new Trainer(problem.model, new CrossEntropy(), new SGD(problem.model.parameters(), 1));
    assertThatThrownBy(() -> sgd.resume(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("state does not fit SGD");
  }

  @Test
  void generatorNamesOfTheModel() {
    Checkpoint checkpoint = new Checkpoint(new Problem(1).model);
    for (String name : List.of("model", "model.0")) {
      assertThatThrownBy(() -> checkpoint.generator(name, new Generator(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("generators named model are those of the model's layers");
    }
  }

  private void refused(Map<String, Tensor> tensors, String message) throws IOException {
    SafeTensors.save(changed, tensors, Dtype.F64, Map.of("doppio.checkpoint", "2"));
    Problem problem = new Problem(2);
    Trainer trainer = problem.trainer();
    List<Double> before = problem.state();
    assertThatThrownBy(() -> trainer.resume(changed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(changed + ": ")
        .hasMessageContaining(message);
    assertThat(problem.state()).isEqualTo(before);
    assertThat(trainer.training().step()).isZero();
    assertThat(trainer.training().batch()).isZero();
    assertThat(trainer.training().step()).isZero();
  }

  @Test
  void aCheckpointPrintsWhatItKeeps() {
    Problem problem = new Problem(1);
    assertThat(
            new Checkpoint(problem.model)
                .optimizer(problem.optimizer)
                .generator("shuffle", problem.generator))
        .hasToString("Checkpoint(model, optimizer, generator shuffle)");
  }
}
