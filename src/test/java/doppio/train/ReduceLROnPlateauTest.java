package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.loss.CrossEntropy;
import doppio.optim.ParameterGroup;
import doppio.optim.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReduceLROnPlateauTest {
  private static final double NAN = Double.NaN;

  @TempDir private Path folder;
  private final Problem problem = new Problem(1);

  private static Trainer scored(Problem problem, double... scores) {
    Iterator<Double> values = DoubleStream.of(scores).iterator();
    problem.optimizer.learningRate(1);
    return new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
        .epochs(scores.length)
        .validation(Problem.HELD_OUT)
        .metric("score", (predictions, targets) -> values.next());
  }

  private static ReduceLROnPlateau lowest(int patience) {
    return new ReduceLROnPlateau(0.5, patience).watch(Monitor.lowest("score"));
  }

  @Test
  void lowersTheRateAfterMoreThanPatienceEpochs() {
    // As torch.optim.lr_scheduler.ReduceLROnPlateau(factor=0.5, patience=2, threshold=0).
    History history =
        scored(problem, 5, 4, 4, 4, 4, 4, 4, 4, 3, 3, 3).callback(lowest(2)).fit(Problem.DATA);
    assertThat(history.learningRate())
        .containsExactly(1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25);
    assertThat(problem.optimizer.learningRate()).isEqualTo(0.25);
  }

  @Test
  void withoutPatienceEveryEpochThatIsNotBetterCounts() {
    History history = scored(problem, 5, 5, 6, 4, NAN, 3).callback(lowest(0)).fit(Problem.DATA);
    assertThat(history.learningRate()).containsExactly(1, 1, 0.5, 0.25, 0.25, 0.125);
  }

  @Test
  void nanIsNoImprovement() {
    History history = scored(problem, NAN, NAN, NAN, 1, 1).callback(lowest(1)).fit(Problem.DATA);
    assertThat(history.learningRate()).containsExactly(1, 1, 0.5, 0.5, 0.5);
  }

  @Test
  void allGroupsFollowDownToTheMinimum() {
    Trainer trainer = scored(problem, 1, 1, 1, 1, 1).callback(lowest(0).minimum(0.2));
    ParameterGroup biases =
        problem.optimizer.group(problem.model.parameters().subList(1, 2)).learningRate(4);
    ParameterGroup small =
        problem.optimizer.group(problem.model.parameters().subList(3, 4)).learningRate(0.1);
    trainer.fit(Problem.DATA);
    assertThat(problem.optimizer.learningRate()).isEqualTo(0.2);
    assertThat(biases.learningRate()).isEqualTo(0.25);
    assertThat(small.learningRate()).isEqualTo(0.1);
  }

  /** Saved before the rate of an epoch is lowered, after it, and in the middle of an epoch. */
  @ParameterizedTest
  @CsvSource({"true, 2", "false, 2", "true, 3", "false, 3", "true, 4", "false, 4", "true, 0"})
  void aResumedTrainingGoesOnCounting(boolean before, int stop) throws IOException {
    double[] scores = {5, 5, 5, 5, 4, 4, 4, 4, 4};
    History expected = scored(problem, scores).batchSize(11).callback(lowest(1)).fit(Problem.DATA);
    // The third 5 lowers it, the first 4 is better, the third 4 lowers it again.
    assertThat(expected.learningRate()).containsExactly(1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25);
    Path file = folder.resolve("file");
    Callback saves =
        Recorder.onEpoch(
            t -> {
              if (t.epoch() == Math.max(3, stop)) {
                Saving.save(t, file);
              }
            });
    Callback middle =
        Recorder.onBatch(
            t -> {
              if (stop == 0 && t.epoch() == 3) {
                Saving.save(t, file);
                t.stop();
              }
            });
    Trainer first = scored(new Problem(1), scores).batchSize(11).callback(middle);
    if (before) {
      first.callback(saves).callback(lowest(1));
    } else {
      first.callback(lowest(1)).callback(saves);
    }
    first.fit(Problem.DATA);
    Problem resumed = new Problem(3);
    int done = stop == 0 ? 3 : Math.max(3, stop);
    double[] rest = DoubleStream.of(scores).skip(done).toArray();
    Trainer second = scored(resumed, rest).batchSize(11).epochs(9).callback(lowest(1)).resume(file);
    assertThat(second.fit(Problem.DATA).learningRate()).containsExactly(expected.learningRate());
  }

  @Test
  void oneForSeveralTrainersKnowsEachByItself() {
    ReduceLROnPlateau shared = lowest(1);
    scored(problem, 1, 1).callback(shared).fit(Problem.DATA);
    History second = scored(new Problem(2), 2, 2, 2, 2).callback(shared).fit(Problem.DATA);
    assertThat(second.learningRate()).containsExactly(1, 1, 1, 0.5);
  }

  @Test
  void theBestIsThatOfAllEpochsAndNotTheLast() {
    History history = scored(problem, 3, 5, 4, 4.5, 4).callback(lowest(1)).fit(Problem.DATA);
    assertThat(history.learningRate()).containsExactly(1, 1, 1, 0.5, 0.5);
  }

  @Test
  void aTrainerThatIsResumedForgetsWhatItSawOfOtherEpochs() throws IOException {
    Path file = folder.resolve("file");
    Trainer first = scored(problem, 5);
    first.fit(Problem.DATA);
    first.save(file);
    Trainer again = scored(problem, 1, 2, 4, 4.5, 4.5).epochs(2).callback(lowest(1));
    again.fit(Problem.DATA);
    problem.optimizer.learningRate(1);
    History history = again.epochs(4).resume(file).fit(Problem.DATA);
    assertThat(history.validationLoss()).hasSize(4);
    assertThat(history.metric("score")).containsExactly(5, 4, 4.5, 4.5);
    assertThat(history.learningRate()).containsExactly(1, 1, 1, 1);
    assertThat(problem.optimizer.learningRate()).isEqualTo(0.5);
  }

  @Test
  void badSettings() {
    for (double factor : new double[] {0, 1, -1, NAN}) {
      assertThatThrownBy(() -> new ReduceLROnPlateau(factor, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("factor must be in (0, 1), got " + factor);
    }
    assertThatThrownBy(() -> new ReduceLROnPlateau(0.5, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("patience must be at least 0, got -1");
    assertThatThrownBy(() -> lowest(1).minimum(NAN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("minimum must be finite and not negative, got NaN");
    assertThat(lowest(1)).hasToString("ReduceLROnPlateau(factor 0.5, patience 1, lowest score)");
    assertThat(lowest(1).minimum(0.5))
        .hasToString("ReduceLROnPlateau(factor 0.5, patience 1, minimum 0.5, lowest score)");
  }

  @Test
  void aTrainerThatHasAScheduleOrNoSuchNumberIsRefused() {
    Trainer both = scored(problem, 1).schedulePerEpoch(Schedule.cosine(2)).callback(lowest(1));
    assertThatThrownBy(() -> both.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "ReduceLROnPlateau and the trainer's schedule set the same learning rates: use one of"
                + " them");
    Trainer without =
        scored(problem, 1).callback(new ReduceLROnPlateau(0.5, 1).watch(Monitor.highest("F1")));
    assertThatThrownBy(() -> without.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("ReduceLROnPlateau watches the metric F1, which the trainer does not measure");
  }
}
