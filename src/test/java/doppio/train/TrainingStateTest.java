package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Tensor;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingStateTest {
  @TempDir private Path folder;

  /** What is kept of 8 steps, under a limit of the history. */
  private Map<String, Tensor> afterEightSteps(int limit) throws IOException {
    Path file = folder.resolve("file.safetensors");
    Trainer trainer = new Problem(1).trainer().historyLimit(limit);
    trainer.callback(Recorder.stopAfterStep(8)).fit(Problem.DATA);
    trainer.save(file);
    return FirstFormat.of(file);
  }

  private Trainer resumed(Map<String, Tensor> state, int limit) throws IOException {
    Path file = folder.resolve("changed.safetensors");
    SafeTensors.save(file, state, Dtype.F64, Map.of("doppio.checkpoint", "1"));
    return new Problem(2).trainer().historyLimit(limit).resume(file);
  }

  @Test
  void howLossesWereThinnedIsKeptWhereTheyWere() throws IOException {
    for (int limit : new int[] {8, 100}) {
      assertThat(afterEightSteps(limit))
          .doesNotContainKeys("trainer.history.stride", "trainer.history.steps");
    }
    Map<String, Tensor> thinned = afterEightSteps(7);
    assertThat(thinned.get("trainer.history.stride").get()).isEqualTo(2);
    assertThat(thinned.get("trainer.history.steps").get()).isEqualTo(8);
    assertThat(thinned.get("trainer.history.batchLoss").size()).isEqualTo(4);
    Map<String, Tensor> none = afterEightSteps(0);
    assertThat(none.get("trainer.history.stride").get()).isEqualTo(1);
    assertThat(none.get("trainer.history.batchLoss").size()).isZero();
  }

  @Test
  void thinnedLossesAreTakenOverAndThinnedFurther() throws IOException {
    Map<String, Tensor> state = afterEightSteps(7);
    double[] losses = state.get("trainer.history.batchLoss").data();
    History same = resumed(state, 7).training().history();
    assertThat(same.batchLoss()).containsExactly(losses);
    assertThat(same.batchStride()).isEqualTo(2);
    for (int limit : new int[] {2, 3}) {
      History fewer = resumed(state, limit).training().history();
      assertThat(fewer.batchLoss()).containsExactly(losses[0], losses[2]);
      assertThat(fewer.batchStride()).isEqualTo(4);
    }
    assertThat(resumed(state, 0).training().history().batchLoss()).isEmpty();
    assertThat(resumed(afterEightSteps(0), 7).training().history().batchLoss()).isEmpty();
  }

  @Test
  void aNumberOfStepsOrLossesThatCannotBeIsRefused() throws IOException {
    Map<String, Tensor> steps = afterEightSteps(7);
    steps.put("trainer.history.steps", Tensor.full(9));
    refused(steps, "history.steps expects 8");
    Map<String, Tensor> thinned = afterEightSteps(7);
    thinned.put("trainer.history.batchLoss", Tensor.zeros(5));
    refused(thinned, "history.batchLoss expects [4] but got 5");
    Map<String, Tensor> all = afterEightSteps(100);
    all.put("trainer.history.batchLoss", Tensor.zeros(0));
    refused(all, "history.batchLoss expects [8] but got 0");
  }

  private void refused(Map<String, Tensor> state, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resumed(state, 7))
        .withMessageEndingWith(message);
  }
}
