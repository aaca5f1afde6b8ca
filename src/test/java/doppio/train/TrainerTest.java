package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.loss.L2;
import doppio.loss.Loss;
import doppio.metric.Metric;
import doppio.metric.Predictions;
import doppio.optim.GradientClip;
import doppio.optim.Schedule;
import doppio.optim.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static final double LAMBDA = 0.1;

  @ParameterizedTest
  @CsvSource({"true, true, 4", "true, false, 11", "false, true, 1", "false, false, 100"})
  void trainingHasTheBitsOfTheLoopWrittenByHand(boolean shuffled, boolean perStep, int batchSize) {
    Problem byHand = new Problem(1);
    List<Double> losses = new ArrayList<>();
    Loss loss = new CrossEntropy();
    Schedule schedule = Schedule.cosine(30);
    Scheduler scheduler = new Scheduler(byHand.optimizer, schedule);
    DataLoader loader = new DataLoader(Problem.DATA, batchSize);
    if (shuffled) {
      loader.shuffle(byHand.generator);
    }
    for (int epoch = 0; epoch < 4; epoch++) {
      for (Batch batch : loader) {
        byHand.optimizer.zeroGrad();
        double value = loss.forward(byHand.model.forward(batch.inputs()), batch.targets());
        losses.add(value + L2.penalty(LAMBDA, byHand.model.parameters()));
        byHand.model.accumulateGradients(loss.backward());
        GradientClip.value(byHand.model.parameters(), 0.05);
        GradientClip.norm(byHand.model.parameters(), 0.1);
        byHand.optimizer.step();
        if (perStep) {
          scheduler.step();
        }
      }
      if (!perStep) {
        scheduler.step();
      }
    }

    Problem problem = new Problem(1);
    Trainer trainer =
        new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
            .epochs(4)
            .batchSize(batchSize)
            .clipNorm(0.1)
            .clipValue(0.05)
            .l2(LAMBDA)
            .validation(Problem.HELD_OUT)
            .metric("accuracy", Metric.accuracy())
            .callback(new GradientStatistics());
    if (shuffled) {
      trainer.shuffle(problem.generator);
    } else {
      trainer.inOrder();
    }
    History history =
        (perStep ? trainer.schedulePerStep(schedule) : trainer.schedulePerEpoch(schedule))
            .fit(Problem.DATA);
    assertThat(problem.state()).isEqualTo(byHand.state());
    assertThat(history.batchLoss()).containsExactly(losses.stream().mapToDouble(v -> v).toArray());
  }

  @Test
  void lossesAreMeansOverSamples() {
    Problem problem = new Problem(1);
    Trainer trainer =
        new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
            .batchSize(20)
            .validation(Problem.HELD_OUT)
            .metric("accuracy", Metric.accuracy());
    History history = trainer.fit(Problem.DATA);
    double[] losses = history.batchLoss();
    assertThat(losses).hasSize(2);
    EpochResult epoch = history.last();
    assertThat(epoch.trainLoss()).isEqualTo((losses[0] * 20 + losses[1] * 2) / 22);
    Tensor predictions = problem.model.infer(Problem.HELD_OUT.inputs());
    double loss = new CrossEntropy().forward(predictions, Problem.HELD_OUT.targets());
    assertThat(epoch.validationLoss()).isEqualTo(loss);
    assertThat(epoch.metrics())
        .containsEntry("accuracy", Metric.accuracy().of(predictions, Problem.HELD_OUT.targets()));
    assertThat(epoch.learningRate()).isEqualTo(0.01);
    assertThat(epoch.samples()).isEqualTo(22);
    assertThat(epoch.batches()).isEqualTo(2);
    assertThat(epoch.seconds()).isPositive();
    assertThat(epoch.samplesPerSecond()).isEqualTo(22 / epoch.seconds());
  }

  @Test
  void theRateOfAnEpochIsThatOfItsLastStep() {
    Problem problem = new Problem(1);
    Trainer trainer = new Trainer(problem.model, new CrossEntropy(), problem.optimizer).epochs(3);
    History history = trainer.schedulePerEpoch(Schedule.exponential(0.5)).fit(Problem.DATA);
    assertThat(history.learningRate()).containsExactly(0.01, 0.005, 0.0025);
    assertThat(history.validationLoss()).containsExactly(Double.NaN, Double.NaN, Double.NaN);
  }

  @Test
  void aBatchLargerThanTheDataIsOnePartialBatch() {
    Problem problem = new Problem(1);
    History history =
        new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
            .batchSize(1000)
            .epochs(2)
            .fit(Problem.DATA);
    assertThat(history.batchLoss()).hasSize(2);
    assertThat(history.last().samples()).isEqualTo(22);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theModelTrainsAndKeepsItsMode(boolean training) {
    Problem problem = new Problem(1);
    List<Boolean> modes = new ArrayList<>();
    if (!training) {
      problem.model.eval();
    }
    problem
        .trainer()
        .callback(
            new Callback() {
              @Override
              public void batch(Training t) {
                modes.add(t.model().isTraining());
              }
            })
        .fit(Problem.DATA);
    assertThat(modes).hasSize(18).containsOnly(true);
    assertThat(problem.model.isTraining()).isEqualTo(training);
  }

  @Test
  void anotherCallGoesOnToMoreEpochs() {
    Problem problem = new Problem(1);
    Trainer trainer = problem.trainer();
    trainer.fit(Problem.DATA);
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.COMPLETED);
    try (Logged log = new Logged()) {
      assertThat(trainer.fit(Problem.DATA).size()).isEqualTo(3);
      assertThat(log.messages)
          .containsExactly(
              "WARNING all epochs are done (3 of 3), so fit trains nothing: set epochs(…) to more,"
                  + " those done included, or make a new Trainer for another training");
    }
    History history = trainer.epochs(5).fit(Problem.DATA);
    assertThat(history.size()).isEqualTo(5);
    Problem atOnce = new Problem(1);
    History whole = atOnce.trainer().epochs(5).fit(Problem.DATA);
    assertThat(problem.state()).isEqualTo(atOnce.state());
    assertThat(Problem.results(history)).isEqualTo(Problem.results(whole));
  }

  @Test
  void whatTrainsNothingOnPurposeIsNotLogged() {
    Problem problem = new Problem(1);
    Trainer trainer = problem.trainer().epochs(0);
    try (Logged log = new Logged()) {
      trainer.fit(Problem.DATA);
      trainer.epochs(3).callback(Recorder.onEpoch(Training::stop)).fit(Problem.DATA);
      trainer.callback(Recorder.onStart(Training::stop)).fit(Problem.DATA);
      assertThat(log.messages).isEmpty();
    }
    assertThat(trainer.training()).hasToString("Training(1 of 3 epochs done, STOPPED)");
  }

  @Test
  void aTrainingKnowsWhatIsMeasured() {
    Problem problem = new Problem(1);
    Training plain = new Trainer(problem.model, new CrossEntropy(), problem.optimizer).training();
    assertThat(plain.validationSamples()).isZero();
    assertThat(plain.hasSchedule()).isFalse();
    assertThat(plain.hasLoss(false)).isTrue();
    assertThat(plain.hasLoss(true)).isFalse();
    Training measured = new Problem(1).trainer().training();
    assertThat(measured.validationSamples()).isEqualTo(9);
    assertThat(measured.hasSchedule()).isTrue();
    assertThat(measured.hasLoss(true)).isTrue();
  }

  @Test
  void callbacksSeeWhereTheTrainingStands() {
    List<String> seen = new ArrayList<>();
    Problem problem = new Problem(1);
    problem
        .trainer()
        .epochs(2)
        .batchSize(11)
        .callback(
            new Callback() {
              @Override
              public void start(Training t) {
                seen.add("start " + place(t));
              }

              @Override
              public void gradients(Training t) {
                seen.add("gradients " + place(t));
              }

              @Override
              public void batch(Training t) {
                seen.add("batch " + place(t) + " of " + t.batches());
                double[] losses = t.history().batchLoss();
                assertThat(t.loss()).isEqualTo(losses[losses.length - 1]);
                assertThat(t.meanLoss())
                    .isEqualTo(
                        Arrays.stream(losses).skip(2L * t.epoch()).map(v -> 11 * v).sum()
                            / (11 * t.batch()));
              }

              @Override
              public void epoch(Training t) {
                seen.add("epoch " + place(t) + " of " + t.epochs());
              }

              @Override
              public void end(Training t) {
                seen.add("end " + place(t) + " " + t.outcome());
              }
            })
        .fit(Problem.DATA);
    assertThat(seen)
        .containsExactly(
            "start 0 0 0",
            "gradients 0 0 0",
            "batch 0 1 1 of 2",
            "gradients 0 1 1",
            "batch 0 2 2 of 2",
            "epoch 1 0 2 of 2",
            "gradients 1 0 2",
            "batch 1 1 3 of 2",
            "gradients 1 1 3",
            "batch 1 2 4 of 2",
            "epoch 2 0 4 of 2",
            "end 2 0 4 COMPLETED");
  }

  @Test
  void predictionsAreThoseOfInferForAnyBatchSize() {
    Problem problem = new Problem(1);
    Dataset data = Problem.data(3, 300);
    Tensor whole = problem.model.infer(data.inputs());
    for (int batchSize : new int[] {1, 7, 300, 1000}) {
      Tensor predictions = Predictions.of(problem.model, data, batchSize);
      assertThat(predictions.shape()).containsExactly(300, Problem.CLASSES);
      for (int i = 0; i < whole.size(); i++) {
        assertThat(Math.abs(predictions.data()[i] - whole.data()[i])).isLessThan(1e-12);
      }
    }
    assertThat(Predictions.of(problem.model, data.slice(0, 0)).shape())
        .containsExactly(0, Problem.CLASSES);
  }

  private static String place(Training t) {
    return t.epoch() + " " + t.batch() + " " + t.step();
  }
}
