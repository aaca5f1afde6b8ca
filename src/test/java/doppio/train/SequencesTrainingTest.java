package doppio.train;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.data.Samples;
import doppio.data.Sequences;
import doppio.data.Windows;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.metric.Metric;
import doppio.nn.Flatten;
import doppio.nn.LastStep;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Adam;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on sequences of different lengths, in batches of equal length. */
class SequencesTrainingTest {
  private static final int EPOCHS = 3;
  private static final int BATCH = 4;

  private final Sequences data = sequences(30);

  private static Sequences sequences(int n) {
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      inputs.add(RandomTensors.normal(i, 1 + i * i % 7, 3));
      targets.add(RandomTensors.normal(n + i, 1 + i * i % 7, 2));
    }
    return new Sequences(inputs, targets);
  }

  private static Module model() {
    Generator g = new Generator(1);
    return new Sequential(new Linear(3, 4, g), new Tanh(), new Linear(4, 2, g));
  }

  private static Trainer trainer(Module model) {
    return new Trainer(model, new MSE(), new Adam(model.parameters(), 0.01))
        .epochs(EPOCHS)
        .batchSize(BATCH)
        .shuffle(new Generator(2));
  }

  private static void assertSameState(Module actual, Module expected) {
    expected.stateDict().forEach((name, t) -> assertSame(actual.stateDict().get(name), t));
  }

  @Test
  void aTrainerGivesTheBitsOfTheLoopByHand() {
    Module expected = model();
    Optimizer optimizer = new Adam(expected.parameters(), 0.01);
    Loss loss = new MSE();
    DataLoader loader = new DataLoader(data, BATCH).shuffle(new Generator(2));
    List<Double> losses = new ArrayList<>();
    double sum = 0;
    double count = 0;
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (Batch batch : loader) {
        optimizer.zeroGrad();
        losses.add(loss.forward(expected.forward(batch.inputs()), batch.targets()));
        if (epoch == 0) {
          sum += losses.get(losses.size() - 1) * batch.targets().size();
          count += batch.targets().size();
        }
        expected.accumulateGradients(loss.backward());
        optimizer.step();
      }
    }
    Module model = model();
    History history = trainer(model).fit(data);
    assertSameState(model, expected);
    assertThat(history.batchLoss()).containsExactly(losses.stream().mapToDouble(x -> x).toArray());
    EpochResult first = history.epochs().get(0);
    assertThat(first.trainLoss()).isCloseTo(sum / count, within(1e-12));
    assertThat(first.samples()).isEqualTo(30);
    assertThat(first.batches()).isEqualTo(loader.batches());
  }

  @Test
  void whatWasBrokenOffGoesOnToTheSameBits(@TempDir Path folder) throws IOException {
    Module whole = model();
    History expected = trainer(whole).fit(data);
    int steps = expected.batchLoss().length;
    assertThat(steps).isGreaterThan(EPOCHS * 8);
    for (int stop = 1; stop <= steps; stop++) {
      Path file = folder.resolve(stop + ".safetensors");
      Trainer stopped = trainer(model()).callback(Recorder.stopAfterStep(stop));
      stopped.fit(data);
      stopped.save(file);
      Module resumed = model();
      Trainer trainer = trainer(resumed).resume(file);
      History history = trainer.fit(data);
      assertSameState(resumed, whole);
      assertThat(history.batchLoss()).containsExactly(expected.batchLoss());
      assertThat(history.trainLoss()).containsExactly(expected.trainLoss());
    }
  }

  @Test
  void blocksAndATrialTakeThemToo() {
    Module model = model();
    Module blocks = model.copy();
    EpochResult trial = trainer(model).trial(data);
    assertThat(trial.samples()).isEqualTo(BATCH);
    assertSameState(model, blocks);
    trainer(blocks).gradientBlocks(2).fit(data);
    trainer(model).fit(data);
    model
        .stateDict()
        .forEach(
            (name, t) ->
                assertThat(blocks.stateDict().get(name).data())
                    .containsExactly(t.data(), within(1e-9)));
  }

  @Test
  void theValidationSetHasALengthOfItsOwn() {
    Dataset heldOut =
        new Dataset(RandomTensors.normal(7, 6, 9, 3), RandomTensors.normal(8, 6, 9, 2));
    History history = trainer(model()).validation(heldOut).fit(data);
    assertThat(history.validationLoss()).hasSize(EPOCHS).doesNotContain(Double.NaN);
  }

  @Test
  void theTrainingSetMayHaveOneLengthAndTheOtherMany() {
    Dataset one = new Dataset(RandomTensors.normal(7, 6, 9, 3), RandomTensors.normal(8, 6, 9, 2));
    History history = trainer(model()).validation(data).fit(one);
    assertThat(history.validationLoss()).hasSize(EPOCHS).doesNotContain(Double.NaN);
  }

  @Test
  void sequencesOfDifferentLengthsAreAValidationSet() {
    Sequences heldOut = sequences(11);
    Module model = model();
    History history =
        trainer(model)
            .epochs(1)
            .validation(heldOut)
            .metric("error", Metric.meanAbsoluteError())
            .fit(data);
    double squares = 0;
    double distances = 0;
    int count = 0;
    for (int i = 0; i < heldOut.size(); i++) {
      Batch one = heldOut.batch(i);
      double[] p = model.infer(one.inputs()).data();
      for (int j = 0; j < p.length; j++, count++) {
        double distance = p[j] - one.targets().data()[j];
        squares += distance * distance;
        distances += Math.abs(distance);
      }
    }
    EpochResult last = history.last();
    assertThat(last.validationLoss()).isCloseTo(squares / count, within(1e-12));
    assertThat(last.metrics().get("error")).isCloseTo(distances / count, within(1e-12));
    Trainer again = trainer(model()).epochs(1).validation(heldOut);
    assertThat(again.fit(data).validationLoss()).containsExactly(last.validationLoss());
    assertThat(trainer(model()).validation(heldOut).trial(data).validationLoss()).isFinite();
  }

  @Test
  void stepsToIgnoreCountNeitherInTheLossNorInTheAccuracy() {
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    for (int t = 1; t <= 4; t++) {
      inputs.add(RandomTensors.normal(t, t, 3));
      targets.add(Tensor.full(-100, t).set(t % 2, t - 1));
    }
    Sequences words = new Sequences(inputs, targets);
    Module model = new Linear(3, 2, new Generator(1));
    EpochResult last =
        new Trainer(model, new CrossEntropy().ignoreIndex(-100), new SGD(model.parameters(), 0.1))
            .inOrder()
            .validation(words)
            .metric("accuracy", Metric.accuracy(-100))
            .fit(words)
            .last();
    double sum = 0;
    int right = 0;
    for (int t = 1; t <= 4; t++) {
      Tensor y = model.infer(inputs.get(t - 1));
      double difference = y.get(t - 1, 1 - t % 2) - y.get(t - 1, t % 2);
      sum += Math.log1p(Math.exp(difference));
      right += difference < 0 ? 1 : 0;
    }
    assertThat(last.validationLoss()).isCloseTo(sum / 4, within(1e-12));
    assertThat(last.metrics().get("accuracy")).isEqualTo(right / 4.0);
  }

  @Test
  void oneTargetForAWholeSequenceIsARow() {
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      inputs.add(RandomTensors.normal(i, 1 + i % 4, 3));
      targets.add(Tensor.full(i % 2));
    }
    Sequences all = new Sequences(inputs, targets);
    Module model = new Sequential(new LastStep(), new Linear(3, 2, new Generator(1)));
    List<int[]> shapes = new ArrayList<>();
    Metric looks =
        (p, y) -> {
          shapes.add(p.shape());
          shapes.add(y.shape());
          return Metric.accuracy().of(p, y);
        };
    EpochResult last =
        new Trainer(model, new CrossEntropy(), new SGD(model.parameters(), 0.1))
            .batchSize(2)
            .validation(all)
            .metric("accuracy", looks)
            .fit(all)
            .last();
    int right = 0;
    for (int i = 0; i < 9; i++) {
      Tensor y = model.infer(inputs.get(i));
      right += (y.get(1) > y.get(0) ? 1 : 0) == i % 2 ? 1 : 0;
    }
    assertThat(last.metrics().get("accuracy")).isEqualTo(right / 9.0);
    assertThat(shapes).containsExactly(new int[] {9, 2}, new int[] {9});
  }

  @Test
  void whateverIsTrainedOnIsAValidationSetToo() {
    double[] series = RandomTensors.normal(1, 40).data();
    Windows windows = Windows.of(series, 3, 2);
    Module model = new Sequential(new Flatten(), new Linear(3, 2, new Generator(1)));
    Module same = model.copy();
    EpochResult expected = trained(model, windows, windows.dataset());
    EpochResult result = trained(same, windows, windows);
    assertThat(result.validationLoss()).isEqualTo(expected.validationLoss());
    assertThat(expected.metrics()).containsEntry("rank", 2.0);
    assertThat(result.metrics()).isEqualTo(expected.metrics());
  }

  private static EpochResult trained(Module model, Windows windows, Samples validation) {
    return new Trainer(model, new MSE(), new SGD(model.parameters(), 0.1))
        .inOrder()
        .validation(validation)
        .metric("rank", (p, y) -> p.rank())
        .fit(windows)
        .last();
  }

  @Test
  void whatDoesNotFitIsSaidBeforeTheFirstBatch() {
    Module model = new Sequential(new LastStep(), new Linear(3, 2, new Generator(1)));
    Trainer last = trainer(model).validation(data);
    assertThatThrownBy(() -> last.fit(data))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "expected predictions of each step of the targets [5, 1, 2] but the model returned"
                + " [5, 2]");
    assertThat(last.training().step()).isZero();
    Trainer accuracy =
        trainer(model()).validation(data).metric("accuracy", Metric.roundedAccuracy());
    assertThatThrownBy(() -> accuracy.fit(data)).hasMessageStartingWith("metric accuracy: ");
    Module classes = new Linear(3, 2, new Generator(1));
    Sequences unknown = new Sequences(List.of(Tensor.zeros(4, 3)), List.of(Tensor.full(2, 4)));
    Sequences known = new Sequences(List.of(Tensor.zeros(4, 3)), List.of(Tensor.full(1, 4)));
    Trainer entropy =
        new Trainer(classes, new CrossEntropy(), new SGD(classes.parameters(), 0.1))
            .validation(unknown);
    assertThatThrownBy(() -> entropy.fit(known))
        .hasMessageStartingWith("the validation set: CrossEntropy expects class indices 0 to 1");
    assertThat(entropy.training().step()).isZero();
    Trainer narrow =
        trainer(model())
            .validation(new Sequences(List.of(Tensor.zeros(4, 2)), List.of(Tensor.zeros(4, 2))));
    assertThatThrownBy(() -> narrow.fit(data))
        .hasMessage("expected a validation set with inputs [1, 4, 3] but got [1, 4, 2]");
  }

  @Test
  void oneNumberAStepIsARowWithoutAWidth() {
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    for (int t = 1; t <= 3; t++) {
      inputs.add(RandomTensors.normal(t, t, 3));
      targets.add(Tensor.zeros(t));
    }
    Sequences all = new Sequences(inputs, targets);
    Linear layer = new Linear(3, 1, new Generator(1));
    Module model = new Sequential(layer, new Flatten());
    double loss =
        new Trainer(model, new MSE(), new SGD(model.parameters(), 0.1))
            .validation(all)
            .fit(all)
            .last()
            .validationLoss();
    double squares = 0;
    for (Tensor x : inputs) {
      for (double y : layer.infer(x).data()) {
        squares += y * y;
      }
    }
    assertThat(loss).isCloseTo(squares / 6, within(1e-12));
  }

  @Test
  void predictionsOfOtherShapesAreNamed() {
    Layer one =
        new Layer() {
          @Override
          protected int[] outputShape(int[] inputShape) {
            return new int[] {inputShape[0]};
          }

          @Override
          protected void compute(Tensor x, Tensor y) {
            y.fill(0);
          }
        };
    Trainer rows = trainer(new Sequential(new Linear(3, 2), one)).validation(data);
    assertThatThrownBy(() -> rows.fit(data))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "expected predictions of each step of the targets [5, 1, 2] but the model returned"
                + " [5]");

    List<Tensor> inputs = new ArrayList<>();
    for (int t = 1; t <= 2; t++) {
      inputs.add(RandomTensors.normal(t, t, 3));
    }
    Sequences all = new Sequences(inputs, List.of(Tensor.full(0), Tensor.full(1)));
    Module wide = new Sequential(new Linear(3, 2), new Flatten());
    Trainer widths =
        new Trainer(wide, new CrossEntropy(), new SGD(wide.parameters(), 0.1)).validation(all);
    assertThatThrownBy(() -> widths.fit(all))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "predictions of a validation set need one shape of their rows but have [1, 2] and [1,"
                + " 4]");
  }

  @Test
  void nanInASequenceIsNamedByItsNumber() {
    Sequences heldOut = sequences(11);
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      Batch one = heldOut.batch(i);
      int steps = one.inputs().dim(1);
      inputs.add(one.inputs().reshape(steps, 3));
      targets.add(one.targets().reshape(steps, 2));
    }
    inputs.get(7).set(Double.NaN, 0, 2);
    Trainer trainer = trainer(model()).validation(new Sequences(inputs, targets));
    assertThatThrownBy(() -> trainer.fit(data))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessage(
            "the validation loss is NaN after epoch 1: the inputs of the validation set have NaN in"
                + " row 7, element [0, 2]");
  }
}
