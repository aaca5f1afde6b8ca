package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is frozen belongs to a training: one that is resumed goes on with it. */
class FrozenStateTest {
  @TempDir private Path folder;

  /** Freezes the first layer after a step, and thaws it after another. */
  private static Callback freezes() {
    return Recorder.onBatch(
        training -> {
          Parameter weight = training.model().namedParameters().get("0.weight");
          if (training.step() == 4) {
            weight.frozen(true);
          } else if (training.step() == 13) {
            weight.frozen(false);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 9, 12, 13, 15})
  void aTrainingResumedInAnotherModelHasTheSameBits(int stop) throws IOException {
    Problem whole = new Problem(1);
    whole.trainer().callback(freezes()).fit(Problem.DATA);
    Path file = folder.resolve("file");
    Trainer stopped = new Problem(1).trainer().callback(freezes());
    stopped.callback(Recorder.stopAfterStep(stop)).fit(Problem.DATA);
    stopped.save(file);
    Problem resumed = new Problem(2);
    resumed.model.namedParameters().get("0.bias").frozen(true);
    resumed.trainer().callback(freezes()).resume(file).fit(Problem.DATA);
    assertThat(resumed.state()).isEqualTo(whole.state());
  }

  @Test
  void allReplicasOfBlocksSeeWhatIsThawedOnTheWay() throws IOException {
    Path file = folder.resolve("file");
    Callback thaws =
        Recorder.onBatch(
            training -> {
              if (training.step() == 9) {
                training.model().parameters().forEach(p -> p.frozen(false));
              }
            });
    Problem whole = new Problem(1);
    Problem first = new Problem(1);
    for (Problem p : List.of(whole, first)) {
      p.model.parameters().get(0).frozen(true);
    }
    whole.trainer().gradientBlocks(1).callback(thaws).fit(Problem.DATA);
    Trainer stopped = first.trainer().gradientBlocks(1).callback(thaws);
    stopped.callback(Recorder.stopAfterStep(9)).fit(Problem.DATA);
    stopped.save(file);
    Problem resumed = new Problem(2);
    resumed.trainer().gradientBlocks(1).resume(file).fit(Problem.DATA);
    assertThat(resumed.state()).isEqualTo(whole.state());
  }

  @Test
  void filesOfEarlierVersionsLeaveItAsItIs() throws IOException {
    Path file = folder.resolve("file");
    Problem first = new Problem(1);
    first.model.parameters().get(0).frozen(true);
    first.trainer().save(file);
    Map<String, Tensor> old = new LinkedHashMap<>(SafeTensors.load(file));
    assertThat(old.remove(".frozen.parameters").data()).containsExactly(1, 0, 0, 0);
    SafeTensors.save(file, old, Dtype.F64, Map.of("doppio.checkpoint", "2"));
    Problem second = new Problem(2);
    second.model.parameters().get(3).frozen(true);
    second.trainer().resume(file);
    assertThat(second.model.parameters().stream().map(Parameter::isFrozen).toList())
        .isEqualTo(List.of(false, false, false, true));
  }

  @Test
  void whatDoesNotFitChangesNothing() throws IOException {
    Path file = folder.resolve("file");
    Module model = new Linear(2, 1);
    for (Tensor bad : List.of(Tensor.of(1), Tensor.of(1, 0.5), Tensor.of(1, Double.NaN))) {
      new Checkpoint(model).save(file);
      Map<String, Tensor> all = new LinkedHashMap<>(SafeTensors.load(file));
      all.put(".frozen.parameters", bad);
      SafeTensors.save(file, all, Dtype.F64, Map.of("doppio.checkpoint", "2"));
      assertThatThrownBy(() -> new Checkpoint(model).load(file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              file + ": state does not fit the frozen parameters: parameters expects ");
      assertThat(model.parameters()).noneMatch(Parameter::isFrozen);
    }
  }

  @Test
  void aModelForUseIsLoadedWithoutIt() throws IOException {
    Path file = folder.resolve("file");
    Module model = new Linear(2, 1);
    model.parameters().forEach(p -> p.frozen(true));
    new Checkpoint(model).save(file);
    Module other = new Linear(2, 1);
    Checkpoint.loadModel(file, other);
    assertThat(other.parameters()).noneMatch(Parameter::isFrozen);
    assertThat(new Checkpoint(model)).hasToString("Checkpoint(model)");
  }
}
