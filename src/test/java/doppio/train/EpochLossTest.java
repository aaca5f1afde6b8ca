package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import doppio.loss.CrossEntropy;
import doppio.loss.Hinge;
import doppio.loss.L2;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.loss.Reduction;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.optim.SGD;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loss of an epoch is that of its samples in one batch, whatever the batches were. */
class EpochLossTest {
  @TempDir private Path folder;
  private final Module model = new Linear(4, 3, new Generator(5));
  private final Dataset classes = Problem.data(3, 23);
  private final Dataset oneHot = classes.oneHot(3);

  private Trainer trainer(Loss loss, int batchSize) {
    return new Trainer(model, loss, new SGD(model.parameters(), 0)).batchSize(batchSize);
  }

  private double oneBatch(Loss loss, Dataset data) {
    return loss.forward(model.infer(data.inputs()), data.targets());
  }

  private void sameForAllBatches(Supplier<Loss> loss, Dataset data) {
    double expected = oneBatch(loss.get(), data);
    double penalty = L2.penalty(0.1, model.parameters());
    for (int batchSize : new int[] {1, 2, 5, 7, 22, 23, 100}) {
      double figure = trainer(loss.get(), batchSize).fit(data).last().trainLoss();
      assertThat(figure).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
      History withTerm = trainer(loss.get(), batchSize).l2(0.1).validation(data).fit(data);
      assertThat(withTerm.last().trainLoss())
          .isCloseTo(expected + penalty, within(1e-12 * Math.abs(expected + penalty)))
          .isCloseTo(withTerm.last().validationLoss(), within(1e-11));
      double blocks = trainer(loss.get(), batchSize).gradientBlocks(3).fit(data).last().trainLoss();
      assertThat(blocks).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
    }
  }

  @Test
  void ofASumItIsTheSum() {
    sameForAllBatches(() -> new MSE(Reduction.SUM), oneHot);
    sameForAllBatches(() -> new CrossEntropy(Reduction.SUM), classes);
    sameForAllBatches(() -> new CrossEntropy(Reduction.SUM).weights(0.5, 3, 1), classes);
  }

  @Test
  void ofAMeanItIsTheMean() {
    sameForAllBatches(MSE::new, oneHot);
    sameForAllBatches(CrossEntropy::new, classes);
  }

  @Test
  void classesThatWeighDifferentlyCountByTheirWeights() {
    sameForAllBatches(() -> new CrossEntropy().weights(0.5, 3, 1), classes);
  }

  @Test
  void ignoredRowsDoNotCount() {
    Tensor targets = classes.targets().copy();
    for (int i = 0; i < 23; i += 4) {
      targets.data()[i] = -100;
    }
    Dataset some = new Dataset(classes.inputs(), targets);
    Supplier<Loss> loss = () -> new CrossEntropy().ignoreIndex(-100);
    double expected = oneBatch(loss.get(), some);
    for (int batchSize : new int[] {2, 5, 23}) {
      double figure = trainer(loss.get(), batchSize).inOrder().fit(some).last().trainLoss();
      assertThat(figure).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void callbacksSeeItGrow() {
    double[] last = {0};
    Trainer trainer = trainer(new MSE(Reduction.SUM), 5);
    trainer.callback(
        Recorder.onBatch(
            t -> {
              assertThat(t.meanLoss()).isCloseTo(last[0] + t.loss(), within(1e-12));
              last[0] = t.meanLoss();
            }));
    assertThat(trainer.fit(oneHot).last().trainLoss()).isEqualTo(last[0]);
  }

  @Test
  void aResumedEpochHasTheSame() throws IOException {
    for (Loss loss :
        List.of(new CrossEntropy(Reduction.SUM), new CrossEntropy().weights(1, 2, 3))) {
      Path file = folder.resolve("file");
      Trainer whole = trainer(loss, 4).inOrder().l2(0.1);
      double expected = whole.fit(classes).last().trainLoss();
      Trainer first = trainer(loss, 4).inOrder().l2(0.1).callback(Recorder.stopAfterStep(3));
      first.fit(classes);
      first.save(file);
      Trainer second = trainer(loss, 4).inOrder().l2(0.1).resume(file);
      assertThat(second.fit(classes).last().trainLoss()).isEqualTo(expected);
    }
  }

  @Test
  void everyEpochBeginsAnew() {
    for (Loss loss :
        List.of(
            new CrossEntropy(),
            new CrossEntropy(Reduction.SUM),
            new CrossEntropy().weights(1, 2, 3))) {
      double[] losses = trainer(loss, 4).inOrder().l2(0.1).epochs(3).fit(classes).trainLoss();
      assertThat(losses).containsOnly(losses[0]);
    }
  }

  @Test
  void aResumedEpochOfOneBatchMoreCountsByTheWeightsOfAll() throws IOException {
    Path file = folder.resolve("file");
    Loss loss = new CrossEntropy().weights(1, 2, 3);
    double expected = trainer(loss, 4).inOrder().fit(classes).last().trainLoss();
    Trainer first = trainer(loss, 4).inOrder().callback(Recorder.stopAfterStep(5));
    first.fit(classes);
    first.save(file);
    Trainer second = trainer(loss, 4).inOrder().resume(file);
    assertThat(second.fit(classes).last().trainLoss()).isEqualTo(expected);
  }

  @Test
  void theMeanOfManyBatchesIsAsExactAsThatOfFew() throws IOException {
    int n = 200_000;
    Linear hinge = new Linear(1, 1, false, new Generator(1));
    hinge.weight().value().fill(0.1);
    Dataset data = new Dataset(Tensor.full(1, n, 1), Tensor.full(1, n, 1));
    Path file = folder.resolve("file");
    for (Reduction reduction : Reduction.values()) {
      Trainer whole = manyBatches(hinge, reduction);
      double loss = whole.fit(data).last().trainLoss();
      double expected = reduction == Reduction.SUM ? 0.9 * n : 0.9;
      assertThat(loss).isCloseTo(expected, withinPercentage(1e-13));
      Trainer first = manyBatches(hinge, reduction).callback(Recorder.stopAfterStep(4000));
      first.fit(data);
      first.save(file);
      Trainer second = manyBatches(hinge, reduction).resume(file);
      assertThat(second.fit(data).last().trainLoss()).isEqualTo(loss);
    }
  }

  private static Trainer manyBatches(Module model, Reduction reduction) {
    return new Trainer(model, new Hinge(reduction), new SGD(model.parameters(), 0))
        .batchSize(1)
        .inOrder()
        .historyLimit(0);
  }

  @Test
  void anEpochThatAnEarlierVersionBrokeOffIsNoNumberWhereItCannotBeKnown() throws IOException {
    for (Reduction reduction : Reduction.values()) {
      Path file = brokenOffByAnEarlierVersion(new CrossEntropy(reduction));
      History history =
          trainer(new CrossEntropy(reduction), 4).inOrder().epochs(2).resume(file).fit(classes);
      double expected = oneBatch(new CrossEntropy(reduction), classes);
      assertThat(history.trainLoss()[1]).isCloseTo(expected, within(1e-12 * expected));
      if (reduction == Reduction.SUM) {
        assertThat(history.trainLoss()[0]).isNaN();
      } else {
        assertThat(history.trainLoss()[0]).isCloseTo(expected, within(1e-12));
      }
    }
  }

  @Test
  void anEpochThatAnEarlierVersionBrokeOffCountsBySamplesWhereClassesWeighDifferently()
      throws IOException {
    Loss loss = new CrossEntropy().weights(1, 2, 3);
    Path file = brokenOffByAnEarlierVersion(loss);
    Trainer resumed = trainer(loss, 4).inOrder().resume(file);
    double[] bySamples = {0};
    trainer(loss, 4)
        .inOrder()
        .callback(Recorder.onBatch(t -> bySamples[0] += t.loss() * (t.batch() < 6 ? 4 : 3) / 23))
        .fit(classes);
    assertThat(resumed.fit(classes).last().trainLoss()).isCloseTo(bySamples[0], within(1e-12));
  }

  private Path brokenOffByAnEarlierVersion(Loss loss) throws IOException {
    Path file = folder.resolve("file");
    Trainer first = trainer(loss, 4).inOrder();
    first.callback(Recorder.stopAfterStep(3)).fit(classes);
    first.save(file);
    Map<String, Tensor> old = FirstFormat.of(file);
    for (String key : List.of("dividedSum", "divisorSum", "penaltySum", "divisorPerSample")) {
      assertThat(old.keySet().removeIf(k -> k.startsWith("trainer." + key))).isTrue();
    }
    old.keySet().removeIf(k -> k.startsWith("trainer.lossSum") && !k.endsWith("lossSum"));
    SafeTensors.save(file, old, Dtype.F64, Map.of("doppio.checkpoint", "1"));
    return file;
  }

  @Test
  void aSourceOfOnesOwnMaySayWhatItsTargetsCount() {
    GradientSource says =
        step -> {
          Loss loss = step.loss();
          double value =
              loss.forward(step.model().forward(step.batch().inputs()), step.batch().targets());
          step.divisor(loss.divisor());
          step.model().accumulateGradients(loss.backward());
          return value;
        };
    Loss weighted = new CrossEntropy().weights(0.5, 3, 1);
    double expected = oneBatch(weighted, classes);
    double figure = trainer(weighted, 5).gradientSource(says).fit(classes).last().trainLoss();
    assertThat(figure).isCloseTo(expected, within(1e-12));
  }
}
