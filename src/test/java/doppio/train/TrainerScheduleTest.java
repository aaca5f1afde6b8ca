package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import doppio.loss.CrossEntropy;
import doppio.optim.Schedule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerScheduleTest {
  @TempDir private Path folder;
  private final Problem problem = new Problem(1);

  /** 22 samples in batches of 11: two steps an epoch. */
  private static Trainer trainer(Problem problem, int epochs) {
    return new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
        .epochs(epochs)
        .batchSize(11)
        .shuffle(problem.generator);
  }

  @Test
  void aSecondTrainerStartsFromTheRateThatWasSetByHand() {
    trainer(problem, 2).schedulePerEpoch(Schedule.cosine(2)).fit(Problem.DATA);
    assertThat(problem.optimizer.learningRate()).isZero();
    History second =
        trainer(problem, 2).schedulePerEpoch(Schedule.exponential(0.5)).fit(Problem.DATA);
    assertThat(second.learningRate()).containsExactly(0.01, 0.005);
    problem.optimizer.learningRate(0.25);
    History third = trainer(problem, 1).schedulePerStep(Schedule.warmUp(2)).fit(Problem.DATA);
    assertThat(third.learningRate()).containsExactly(0.25);
  }

  @Test
  void aSecondTrainerWithoutAScheduleDoesNotTrainAtRateZero() {
    trainer(problem, 2).schedulePerEpoch(Schedule.cosine(2)).fit(Problem.DATA);
    Trainer second = trainer(problem, 2);
    assertThatThrownBy(() -> second.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the learning rate is 0, where a schedule has left it: nothing would be trained; set"
                + " optimizer.learningRate(…), which was 0.01");
    problem.optimizer.learningRate(0.5);
    assertThat(second.fit(Problem.DATA).learningRate()).containsExactly(0.5, 0.5);
  }

  @Test
  void aRateOfZeroThatWasSetByHandIsTheUsersOwn() {
    problem.optimizer.learningRate(0);
    try (Logged log = new Logged()) {
      assertThat(trainer(problem, 1).fit(Problem.DATA).learningRate()).containsExactly(0);
      assertThat(log.messages)
          .containsExactly("WARNING the learning rate is 0: nothing will be trained");
    }
    Trainer scheduled = trainer(problem, 1).schedulePerEpoch(Schedule.cosine(2));
    assertThatThrownBy(() -> scheduled.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the schedule multiplies learning rates that are 0: set optimizer.learningRate(…)"
                + " before it");
  }

  @Test
  void trainersThatTakeTurnsEachHaveTheirOwnRates() {
    Trainer halves = trainer(problem, 1).schedulePerEpoch(Schedule.exponential(0.5));
    Trainer warms = trainer(problem, 1).schedulePerEpoch(Schedule.warmUp(4));
    assertThat(halves.fit(Problem.DATA).learningRate()).containsExactly(0.01);
    assertThat(warms.fit(Problem.DATA).learningRate()).containsExactly(0.0025);
    assertThat(halves.epochs(2).fit(Problem.DATA).learningRate()).containsExactly(0.01, 0.005);
    assertThat(warms.epochs(2).fit(Problem.DATA).learningRate()).containsExactly(0.0025, 0.005);
  }

  @Test
  void aScheduleThatRanOutBeforeTheEndIsLogged() {
    Trainer trainer = trainer(problem, 2).schedulePerEpoch(Schedule.cosine(2));
    trainer.fit(Problem.DATA);
    try (Logged log = new Logged()) {
      trainer.epochs(4).fit(Problem.DATA);
      assertThat(log.messages)
          .containsExactly(
              "WARNING the schedule has run out: its factor is 0 from 2 to 3, counted in epochs"
                  + " from 0, so nothing will be trained");
    }
  }

  @Test
  void aScheduleThatTrainsInItsLastEpochAloneIsNotLogged() {
    Trainer trainer = trainer(problem, 3).schedulePerEpoch(t -> t == 2 ? 1 : 0);
    try (Logged log = new Logged()) {
      assertThat(trainer.fit(Problem.DATA).learningRate()).containsExactly(0, 0, 0.01);
      assertThat(log.messages).isEmpty();
    }
  }

  @Test
  void aTrialOfNoEpochsAsksForNoLastFactor() {
    double[] table = {1};
    Trainer trainer = trainer(problem, 0).schedulePerEpoch(t -> table[t]);
    assertThat(trainer.trial(Problem.DATA).samples()).isEqualTo(11);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTableNeedsNoFactorForTheTimeBehindTheEnd(boolean perStep) throws IOException {
    double[] table = perStep ? new double[] {1, 0.5, 0.25, 0.125, 1, 2} : new double[] {1, 0.5, 2};
    Problem whole = new Problem(1);
    Schedule held = t -> table[Math.min(t, table.length - 1)];
    History expected = schedule(trainer(whole, 3), held, perStep).fit(Problem.DATA);

    Path file = folder.resolve("file");
    Trainer trainer = schedule(trainer(problem, 3), t -> table[t], perStep);
    trainer.callback(Checkpoints.everySteps(1, file));
    trainer.callback(Checkpoints.everyEpochs(1, folder.resolve("epochs")));
    History history = trainer.fit(Problem.DATA);
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(Problem.results(history)).isEqualTo(Problem.results(expected));
    assertThat(history.batchLoss()).containsExactly(expected.batchLoss());

    Problem resumed = new Problem(2);
    Trainer again = schedule(trainer(resumed, 3), t -> table[t], perStep).resume(file);
    assertThat(again.fit(Problem.DATA).size()).isEqualTo(3);
    assertThat(resumed.state()).isEqualTo(problem.state());
    Trainer more = schedule(trainer(new Problem(2), 5), t -> table[t], perStep).resume(file);
    assertThatThrownBy(() -> more.fit(Problem.DATA))
        .isInstanceOf(ArrayIndexOutOfBoundsException.class);
    assertThat(more.training().step()).isEqualTo(6);
    Trainer longer = schedule(trainer(new Problem(2), 5), held, perStep).resume(file);
    assertThat(longer.fit(Problem.DATA).size()).isEqualTo(5);
  }

  /** Kotlin throws checked exceptions undeclared, and an assertion of a schedule is an Error. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whateverAScheduleThrowsTheStepThatWasMadeCounts(boolean checked) {
    Throwable failure = checked ? new IOException("no") : new AssertionError("no");
    boolean[] throwing = {false};
    Schedule schedule =
        t -> {
          if (t == 3 && throwing[0]) {
            TrainerScheduleTest.<RuntimeException>rethrow(failure);
          }
          return 1;
        };
    Trainer trainer = trainer(problem, 4).schedulePerStep(schedule);
    trainer.callback(Recorder.onBatch(t -> throwing[0] = true));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA)).isSameAs(failure);
    assertThat(trainer.training().step()).isEqualTo(3);
    Problem whole = new Problem(1);
    trainer(whole, 4).callback(Recorder.stopAfterStep(3)).fit(Problem.DATA);
    assertThat(problem.model.stateDict().get("0.weight").data())
        .containsExactly(whole.model.stateDict().get("0.weight").data());
  }

  @SuppressWarnings("unchecked") // erased
  private static <T extends Throwable> void rethrow(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void aTableThatIsTooShortIsRefusedBeforeTheFirstBatch() {
    double[] table = {1, 0.5};
    Trainer trainer = trainer(problem, 3).schedulePerEpoch(t -> table[t]);
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the schedule's factor at 2, for the last of the epochs, is missing:"
                + " java.lang.ArrayIndexOutOfBoundsException: Index 2 out of bounds for length 2");
    assertThat(trainer.training().step()).isZero();
    assertThat(trainer.epochs(2).fit(Problem.DATA).size()).isEqualTo(2);
  }

  @Test
  void aBadFactorForTheLastStepIsRefusedBeforeTheFirstBatch() {
    Trainer trainer = trainer(problem, 3).schedulePerStep(t -> t == 5 ? Double.NaN : 1);
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the schedule's factor at 5, for the last of the steps, must be finite and not"
                + " negative, got NaN");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBadFactorInTheMiddleLosesNothingThatIsDone(boolean perStep) {
    int bad = perStep ? 3 : 2;
    Trainer trainer = schedule(trainer(problem, 4), t -> t == bad ? -1 : 1, perStep);
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("factor at " + bad + " must be finite and not negative, got -1.0");
    assertThat(trainer.training().step()).isEqualTo(perStep ? 3 : 4);
    assertThat(trainer.training().epoch()).isEqualTo(perStep ? 1 : 2);
    Problem whole = new Problem(1);
    Trainer stopped = trainer(whole, 4).callback(Recorder.stopAfterStep(perStep ? 3 : 4));
    stopped.fit(Problem.DATA);
    assertThat(problem.model.stateDict().get("0.weight").data())
        .containsExactly(whole.model.stateDict().get("0.weight").data());
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void aScheduleThatCountsOtherThingsIsRefused(boolean perStep, boolean old) throws IOException {
    Path file = folder.resolve("file.safetensors");
    Trainer first = schedule(trainer(problem, 2), Schedule.cosine(9), perStep);
    first.fit(Problem.DATA);
    first.save(file);
    if (old) {
      Map<String, Tensor> tensors = FirstFormat.of(file);
      assertThat(tensors.remove("scheduler.perStep")).isNotNull();
      SafeTensors.save(file, tensors, Dtype.F64, Map.of("doppio.checkpoint", "1"));
    }
    Problem other = new Problem(2);
    Trainer second = schedule(trainer(other, 4), Schedule.cosine(9), !perStep);
    String kind = perStep ? "epoch" : "step";
    assertThatThrownBy(() -> second.resume(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            file
                + (old
                    ? ": state does not fit the trainer: the schedule per "
                        + kind
                        + " does not stand there after 2 epochs and 4 steps"
                    : ": state does not fit the schedule, which counts "
                        + kind
                        + "s: perStep expects "
                        + (perStep ? "0 but got 1.0" : "1 but got 0.0")));
    assertThat(schedule(trainer(other, 4), Schedule.cosine(9), perStep).resume(file).training())
        .hasToString("Training(2 of 4 epochs done, RUNNING)");
  }

  @Test
  void anOldFileOfTheFirstEpochFitsNoScheduleThatCountsSteps() throws IOException {
    Path file = folder.resolve("file.safetensors");
    Trainer first = trainer(problem, 2).schedulePerEpoch(Schedule.cosine(9));
    first.callback(Recorder.stopAfterStep(1)).fit(Problem.DATA);
    first.save(file);
    Map<String, Tensor> tensors = FirstFormat.of(file);
    assertThat(tensors.remove("scheduler.perStep")).isNotNull();
    SafeTensors.save(file, tensors, Dtype.F64, Map.of("doppio.checkpoint", "1"));
    Trainer second = trainer(new Problem(2), 2).schedulePerStep(Schedule.cosine(9));
    assertThatThrownBy(() -> second.resume(file))
        .hasMessageEndingWith("schedule per step does not stand there after 0 epochs and 1 steps");
    trainer(new Problem(2), 2).schedulePerEpoch(Schedule.cosine(9)).resume(file);
  }

  @Test
  void resumeSaysThatItKeepsTheOldRateAndCanBeToldOtherwise() throws IOException {
    Path file = folder.resolve("file");
    Trainer first = trainer(problem, 2).schedulePerEpoch(Schedule.exponential(0.5));
    first.fit(Problem.DATA);
    first.save(file);

    Problem same = new Problem(2);
    try (Logged log = new Logged()) {
      trainer(same, 3).schedulePerEpoch(Schedule.exponential(0.5)).resume(file);
      assertThat(log.messages).isEmpty();
    }
    for (boolean own : new boolean[] {false, true}) {
      Problem other = new Problem(2);
      other.optimizer.learningRate(0.04).weightDecay(0.5);
      Trainer second = trainer(other, 4).schedulePerEpoch(Schedule.exponential(0.5));
      try (Logged log = new Logged()) {
        if (own) {
          second.resumeWithOwnRates(file);
          assertThat(log.messages).isEmpty();
        } else {
          second.resume(file);
          assertThat(log.messages)
              .containsExactly(
                  "WARNING "
                      + file
                      + ": the learning rate is 0.0025 as it was saved, not 0.01 as the trainer had"
                      + " it; resumeWithOwnRates(…) keeps the trainer's",
                  "WARNING "
                      + file
                      + ": the weight decay is 0.01 as it was saved, not 0.5 as the trainer had it;"
                      + " set the optimizer's after resume(…) to change it");
        }
      }
      assertThat(second.fit(Problem.DATA).learningRate())
          .containsExactly(
              own
                  ? new double[] {0.01, 0.005, 0.01, 0.005}
                  : new double[] {0.01, 0.005, 0.0025, 0.00125});
    }
  }

  @Test
  void resumeFromAStreamSaysThatItKeepsTheOldRateToo() throws IOException {
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    trainer(problem, 1).save(saved);
    Problem other = new Problem(2);
    other.optimizer.learningRate(0.5);
    try (Logged log = new Logged()) {
      trainer(other, 1).resume(new ByteArrayInputStream(saved.toByteArray()));
      assertThat(log.messages)
          .containsExactly(
              "WARNING the checkpoint: the learning rate is 0.01 as it was saved, not 0.5 as the"
                  + " trainer had it; resumeWithOwnRates(…) keeps the trainer's");
    }
  }

  @Test
  void aResumeNamesTheGroupAndWhichDecay() throws IOException {
    Path file = folder.resolve("file");
    Problem first = new Problem(1);
    first.optimizer.group(List.of(first.model.parameters().get(0)));
    trainer(first, 1).save(file);
    Problem other = new Problem(2);
    other.optimizer.group(List.of(other.model.parameters().get(0))).decoupledWeightDecay(0.5);
    try (Logged log = new Logged()) {
      trainer(other, 1).resume(file);
      assertThat(log.messages)
          .containsExactly(
              "WARNING "
                  + file
                  + ": the decoupled weight decay of group 1 is 0.0 as it was saved, not 0.5 as the"
                  + " trainer had it; set the optimizer's after resume(…) to change it");
    }
  }

  @Test
  void whereAScheduleIsOverAResumeSaysNothingOfRates() throws IOException {
    Path file = folder.resolve("file");
    double[] table = {1, 0.5};
    Trainer first = trainer(problem, 2).schedulePerEpoch(Schedule.exponential(0.5));
    first.fit(Problem.DATA);
    first.save(file);
    try (Logged log = new Logged()) {
      trainer(new Problem(2), 2).schedulePerEpoch(t -> table[t]).resume(file);
      assertThat(log.messages).isEmpty();
    }
  }

  @Test
  void ownRatesStayWithoutASchedule() throws IOException {
    Path file = folder.resolve("file");
    Trainer first = trainer(problem, 1);
    first.fit(Problem.DATA);
    first.save(file);
    Problem other = new Problem(2);
    other.optimizer.learningRate(0.5);
    Trainer second = trainer(other, 2).resumeWithOwnRates(file);
    assertThat(second.fit(Problem.DATA).learningRate()).containsExactly(0.01, 0.5);
  }

  private static Trainer schedule(Trainer trainer, Schedule schedule, boolean perStep) {
    return perStep ? trainer.schedulePerStep(schedule) : trainer.schedulePerEpoch(schedule);
  }

  @Test
  void theLastStepThatIsAskedForCountsThoseDone() {
    Problem problem = new Problem(1);
    List<Integer> asked = new ArrayList<>();
    Trainer trainer =
        new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
            .epochs(3)
            .batchSize(4)
            .schedulePerStep(
                t -> {
                  asked.add(t);
                  return 1;
                })
            .callback(Recorder.stopAfterStep(8));
    trainer.fit(Problem.DATA);
    asked.clear();
    trainer.callback(Recorder.onStart(t -> asked.add(-1))).fit(Problem.DATA);
    // 22 samples are 6 batches of 4; what is asked first is the end, 3 times 6 steps.
    assertThat(asked.get(0)).isEqualTo(-1);
    assertThat(asked.get(1)).isEqualTo(17);
    assertThat(asked).allMatch(t -> t <= 18);
  }

  @Test
  void aRateThatIsSetByHandHoldsToTheEndOfTheEpoch() {
    Problem problem = new Problem(1);
    List<Double> rates = new ArrayList<>();
    new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
        .epochs(2)
        .batchSize(8)
        .schedulePerEpoch(Schedule.exponential(0.5))
        .callback(
            Recorder.onBatch(
                t -> {
                  rates.add(t.optimizer().learningRate());
                  if (t.step() == 1) {
                    t.optimizer().learningRate(7);
                  }
                }))
        .fit(Problem.DATA);
    assertThat(rates).containsExactly(0.01, 7.0, 7.0, 0.005, 0.005, 0.005);
  }
}
