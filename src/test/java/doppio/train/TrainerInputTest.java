package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.loss.Hinge;
import doppio.loss.Loss;
import doppio.metric.Metric;
import doppio.metric.Predictions;
import doppio.nn.Linear;
import doppio.optim.SGD;
import doppio.optim.Schedule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerInputTest {
  @TempDir private Path folder;
  private final Problem problem = new Problem(1);
  private final Trainer trainer =
      new Trainer(problem.model, new CrossEntropy(), problem.optimizer).epochs(2).batchSize(4);

  @Test
  void settingsOutOfRangeAreRefusedByName() {
    refused(() -> trainer.epochs(-1), "epochs must be at least 0, got -1");
    refused(() -> trainer.batchSize(0), "batch size must be at least 1, got 0");
    refused(() -> trainer.clipNorm(-1), "max must not be negative, got -1.0");
    refused(() -> trainer.clipValue(Double.NaN), "limit must not be negative, got NaN");
    refused(
        () -> trainer.l2(Double.POSITIVE_INFINITY),
        "lambda must be finite and not negative, got Infinity");
    refused(
        () -> trainer.metric("a,b", Metric.accuracy()),
        "a metric's name has letters, digits, blanks and _.%-, got \"a,b\"");
    trainer.metric("R²", Metric.rSquared());
    refused(() -> trainer.metric("R²", Metric.rSquared()), "there are two metrics named R²");
    refused(() -> new EarlyStopping(0), "patience must be at least 1, got 0");
    refused(() -> new EarlyStopping(1, -0.1), "minDelta must be finite and not negative, got -0.1");
    refused(() -> Metric.topK(0), "k must be at least 1, got 0");
  }

  @Test
  void anotherModelsOptimizerIsRefused() {
    refused(
        () -> new Trainer(problem.model, new CrossEntropy(), new Problem(1).optimizer),
        "the optimizer has none of the model's parameters");
  }

  @Test
  void emptySetsAreRefusedAndTheTrainingGoesOn() {
    refused(
        () -> trainer.validation(Problem.DATA.slice(3, 3)),
        "the validation set is empty: Dataset(inputs [0, 4], targets [0]); leave it out to train"
            + " without one");
    refused(
        () -> trainer.fit(Problem.DATA.slice(3, 3)),
        "the training set is empty: Dataset(inputs [0, 4], targets [0])");
    assertThat(trainer.fit(Problem.DATA).size()).isEqualTo(2);
  }

  @Test
  void aValidationSetOfAnotherShapeIsRefusedBeforeTheFirstBatch() {
    List<Double> before = problem.state();
    trainer.validation(new Dataset(Tensor.zeros(3, 5), Tensor.zeros(3)));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(ShapeException.class)
        .hasMessage("expected a validation set with inputs [3, 4] but got [3, 5]");
    trainer.validation(Problem.HELD_OUT.oneHot(3));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(ShapeException.class)
        .hasMessage("expected a validation set with targets [9] but got [9, 3]");
    Dataset empty = new Dataset(Tensor.zeros(3, 0), Tensor.zeros(3));
    trainer.validation(empty);
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .hasMessage("expected a validation set with inputs [3, 4] but got [3, 0]");
    trainer.validation(Problem.HELD_OUT);
    assertThatThrownBy(() -> trainer.fit(empty))
        .hasMessage("expected a validation set with inputs [9, 0] but got [9, 4]");
    assertThat(problem.state()).isEqualTo(before);
  }

  @Test
  void metricsNeedAValidationSet() {
    trainer.metric("accuracy", Metric.accuracy());
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "metrics are measured on the validation set, but there is none: call validation(…)");
  }

  @Test
  void whatTheHistoryRestsOnIsSetBefore() {
    trainer.fit(Problem.DATA);
    for (ThrowingCallable late :
        List.<ThrowingCallable>of(
            () -> trainer.shuffle(problem.generator),
            trainer::inOrder,
            () -> trainer.gradientBlocks(2),
            () -> trainer.historyLimit(3),
            () -> trainer.schedulePerEpoch(Schedule.cosine(3)),
            () -> trainer.schedulePerStep(Schedule.cosine(3)),
            () -> trainer.metric("accuracy", Metric.accuracy()))) {
      assertThatThrownBy(late)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the training has begun");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"save", "save to a stream", "resume", "fit", "fit with no set"})
  void whatIsRefusedBeginsNoTraining(String call) {
    assertThatThrownBy(
            () -> {
              switch (call) {
                case "save" -> trainer.save(folder.resolve("no/such/folder/file"));
                case "save to a stream" -> trainer.save((OutputStream) null);
                case "resume" -> trainer.resume(folder.resolve("no file"));
                case "fit" -> trainer.fit(Problem.DATA.slice(3, 3));
                default -> trainer.fit(null);
              }
            })
        .isInstanceOf(Exception.class);
    assertThat(trainer.schedulePerStep(Schedule.cosine(12)).fit(Problem.DATA).size()).isEqualTo(2);
  }

  @Test
  void aSaveThatFailsLeavesATrainingThatHasBegunWhereItIs() throws IOException {
    trainer.fit(Problem.DATA);
    Training training = trainer.training();
    assertThatThrownBy(() -> trainer.save(folder)).isInstanceOf(IOException.class);
    assertThat(trainer.training()).isSameAs(training);
    trainer.save(folder.resolve("file"));
    assertThat(trainer.training()).isSameAs(training);
  }

  @Test
  void aSecondScheduleWouldStartFromTheFirstOnesRates() {
    trainer.schedulePerStep(Schedule.warmUp(4));
    assertThatThrownBy(() -> trainer.schedulePerEpoch(Schedule.cosine(3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("there is a schedule already");
    assertThat(problem.optimizer.learningRate()).isEqualTo(0.0025);
  }

  @Test
  void fitInsideFitIsRefused() {
    trainer.callback(
        new Callback() {
          @Override
          public void batch(Training training) {
            trainer.fit(Problem.DATA);
          }
        });
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("fit is running already");
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void resumeInsideFitIsRefused() throws IOException {
    Path file = folder.resolve("file.safetensors");
    trainer.fit(Problem.DATA);
    trainer.save(file);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    trainer.callback(
        Recorder.onBatch(training -> thrown.set(catchThrowable(() -> trainer.resume(file)))));
    trainer.epochs(3).fit(Problem.DATA);
    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessage("fit is running");
    assertThat(trainer.training().epoch()).isEqualTo(3);
  }

  @Test
  void aTrainerPrintsWhatItTrainsAndHow() {
    assertThat(trainer.historyLimit(7).gradientBlocks(2))
        .hasToString(
            "Trainer(Sequential, CrossEntropy, "
                + problem.optimizer
                + ", epochs 2, batch size 4, shuffled, gradients by blocks of 2 rows)");
    trainer.fit(Problem.DATA);
    assertThat(trainer.training().history().batchLoss()).hasSizeLessThanOrEqualTo(7);
  }

  @Test
  void anEpochThatWasBrokenOffNeedsItsData() {
    trainer.callback(
        new Callback() {
          @Override
          public void batch(Training training) {
            training.stop();
          }
        });
    trainer.fit(Problem.DATA);
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.STOPPED);
    refused(
        () -> trainer.fit(Problem.HELD_OUT),
        "an epoch of 22 samples in batches of 4 was broken off and cannot go on with 9 in batches"
            + " of 4");
    trainer.batchSize(5);
    refused(
        () -> trainer.fit(Problem.DATA),
        "an epoch of 22 samples in batches of 4 was broken off and cannot go on with 22 in batches"
            + " of 5");
  }

  @Test
  void allCallbacksSeeTheEndOfAFailure() {
    List<String> seen = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      trainer.callback(
          new Callback() {
            @Override
            public void batch(Training training) {
              throw new IllegalArgumentException(name);
            }

            @Override
            public void end(Training training) {
              seen.add(name + " " + training.outcome());
              throw new IllegalArgumentException(name + " ends");
            }
          });
    }
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .hasMessage("a")
        .hasSuppressedException(new IllegalArgumentException("a ends"))
        .hasSuppressedException(new IllegalArgumentException("b ends"));
    assertThat(seen).containsExactly("a FAILED", "b FAILED");
  }

  @Test
  void aModelThatReturnsAnotherNumberOfRows() {
    assertThatThrownBy(() -> Predictions.of(new FirstRow(), Problem.DATA, 5))
        .isInstanceOf(ShapeException.class)
        .hasMessage("expected predictions of shape [5, ...] but the model returned [1, 4]");
  }

  @Test
  void aTargetThatTheLossDoesNotTakeIsRefusedBeforeTheFirstBatch() {
    Linear model = new Linear(4, 3, new Generator(1));
    SGD optimizer = new SGD(model.parameters(), 0.1);
    Dataset signs = Problem.DATA.plusMinusOne(3);
    signs.targets().set(0, 13, 2);
    Trainer hinge = new Trainer(model, new Hinge(), optimizer).batchSize(1);
    refused(
        () -> hinge.fit(signs),
        "row 13 of the training set: Hinge expects targets -1 and 1 but got 0.0 at [0, 2]");
    assertThat(hinge.training().step()).isZero();

    Dataset probabilities = Problem.DATA.oneHot(3);
    probabilities.targets().set(Double.NaN, 21, 0);
    Trainer entropy = new Trainer(model, new CrossEntropy(), optimizer).batchSize(1);
    refused(
        () -> entropy.fit(probabilities),
        "row 21 of the training set: CrossEntropy expects probabilities but got NaN for class 0 in"
            + " row 0");
    assertThat(entropy.training().step()).isZero();

    Dataset steps = new Dataset(Tensor.zeros(2000, 2, 4), Tensor.zeros(2000, 2));
    steps.targets().set(3, 1999, 1);
    Trainer sequence = new Trainer(model, new CrossEntropy(), optimizer).batchSize(1);
    refused(
        () -> sequence.fit(steps),
        "row 1999 of the training set: CrossEntropy expects class indices 0 to 2 (3 classes) but"
            + " got 3.0 in row [0, 1]");
  }

  @Test
  void ofClassesThatAreAllUnknownTheFirstRowIsNamed() {
    Dataset data = new Dataset(Problem.DATA.inputs(), Tensor.full(3, Problem.SAMPLES));
    assertThatThrownBy(() -> trainer.fit(data))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("row 0 of the training set: CrossEntropy expects class indices 0");
    assertThat(trainer.training().step()).isZero();
  }

  /** As of a contrast between samples: what it has against one row it says of the first batch. */
  @Test
  void aLossThatTakesNoSingleRowIsLeftAlone() {
    Loss pairs =
        new Loss() {
          @Override
          protected void check(Tensor prediction, Tensor target) {
            super.check(prediction, target);
            if (prediction.dim(0) % 2 != 0) {
              throw new IllegalArgumentException("expects pairs");
            }
          }

          @Override
          protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
            gradient.fill(0);
            return 0;
          }
        };
    Linear model = new Linear(4, 3, new Generator(1));
    Trainer trainer = new Trainer(model, pairs, new SGD(model.parameters(), 0.1)).batchSize(2);
    Dataset odd = Problem.data(1, 21).oneHot(3);
    refused(() -> trainer.fit(odd), "expects pairs");
    assertThat(trainer.training().step()).isEqualTo(10);
  }

  @Test
  void aLossThatTakesSingleRowsAloneIsLeftAloneToo() {
    Loss single =
        new Loss() {
          @Override
          protected void check(Tensor prediction, Tensor target) {
            super.check(prediction, target);
            if (prediction.dim(0) != 1) {
              throw new IllegalArgumentException("expects one row");
            }
          }

          @Override
          protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
            gradient.fill(0);
            return 0;
          }
        };
    Linear model = new Linear(4, 3, new Generator(1));
    Trainer trainer = new Trainer(model, single, new SGD(model.parameters(), 0.1)).batchSize(1);
    trainer.fit(Problem.DATA.oneHot(3));
    assertThat(trainer.training().step()).isEqualTo(Problem.SAMPLES);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
