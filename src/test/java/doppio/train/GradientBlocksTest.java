package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.Dataset;
import doppio.internal.ChildJvm;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.loss.Reduction;
import doppio.nn.Dropout;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.optim.SGD;
import doppio.own.Centre;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientBlocksTest {
  private static final Generator GENERATOR = new Generator(9);
  @TempDir private Path folder;

  @Test
  void everyNumberOfThreadsAndEveryKernelGivesTheSameBits() {
    Set<List<String>> results = new LinkedHashSet<>();
    for (String kernels : new String[] {"scalar", "vector"}) {
      for (int threads : new int[] {1, 2, 4}) {
        ChildJvm.Result result =
            ChildJvm.run(
                BlocksProgram.class,
                List.of(
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-Ddoppio.kernels=" + kernels,
                    "-Ddoppio.threads=" + threads));
        assertThat(result.exit()).as("%s", result).isZero();
        results.add(result.output());
      }
    }
    assertThat(results).hasSize(1);
    assertThat(results.iterator().next())
        .hasSize(BlocksProgram.ROWS.length)
        .doesNotHaveDuplicates();
  }

  @Test
  void oneBlockWithoutRandomLayersIsTheWholeBatch() {
    for (Loss loss :
        new Loss[] {BlocksProgram.loss(), new CrossEntropy(Reduction.SUM).ignoreIndex(-100)}) {
      Module whole = BlocksProgram.model(new Generator(3), false);
      Module block = whole.copy();
      History expected = BlocksProgram.trainer(whole, loss).fit(BlocksProgram.data());
      History actual =
          BlocksProgram.trainer(block, loss).gradientBlocks(100).fit(BlocksProgram.data());
      assertSameState(block, whole);
      assertThat(actual.batchLoss()).containsExactly(expected.batchLoss());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64})
  void classWeightsAndIgnoredRowsComeOutAsInOneBatch(int rows) {
    for (Loss loss :
        new Loss[] {BlocksProgram.loss(), new CrossEntropy(Reduction.SUM).ignoreIndex(-100)}) {
      Module whole = new Sequential(new Linear(6, 3, new Generator(3)));
      Module blocks = whole.copy();
      History expected = BlocksProgram.trainer(whole, loss).fit(BlocksProgram.data());
      History actual =
          BlocksProgram.trainer(blocks, loss).gradientBlocks(rows).fit(BlocksProgram.data());
      List<Tensor> a = new ArrayList<>(blocks.stateDict().values());
      List<Tensor> b = new ArrayList<>(whole.stateDict().values());
      for (int i = 0; i < a.size(); i++) {
        assertThat(a.get(i).data()).containsExactly(b.get(i).data(), within(1e-12));
      }
      assertThat(actual.trainLoss()).containsExactly(expected.trainLoss(), within(1e-9));
    }
  }

  @Test
  void aBlocksGradientCountsByItsShareOfTheDivisor() {
    // w = 2 and y = w·x: rows (1), (3), (5) with targets 0, gradients 2·w·x² = 4, 36, 100.
    Linear layer = new Linear(1, 1, false, GENERATOR);
    layer.weight().value().fill(2);
    Dataset data = new Dataset(Tensor.of(new double[][] {{1}, {3}, {5}}), Tensor.zeros(3, 1));
    new Trainer(layer, new MSE(), new SGD(layer.parameters(), 1))
        .batchSize(3)
        .inOrder()
        .gradientBlocks(2)
        .fit(data);
    double expected = 2 - ((4 + 36) / 2.0 * (2 / 3.0) + 100 * (1 / 3.0));
    assertThat(layer.weight().value().data()).containsExactly(expected);
  }

  @Test
  void buffersThatAgreeAreTakenAndOthersAreMeansWeightedByRows() {
    Centre centre = new Centre(1);
    Sequential model = new Sequential(centre, new Linear(1, 1, GENERATOR));
    Dataset data = new Dataset(Tensor.of(new double[][] {{10}, {30}, {80}}), Tensor.zeros(3, 1));
    new Trainer(model, new MSE(), new SGD(model.parameters(), 0))
        .batchSize(3)
        .inOrder()
        .gradientBlocks(2)
        .fit(data);
    // Block means 20 and 80 move the running mean from 0 to 2 and to 8.
    assertThat(centre.namedBuffers().get("running_mean").data())
        .containsExactly((2 * 2.0 + 1 * 8.0) / 3);
  }

  @Test
  void aTrainingInBlocksResumesToTheBit() throws Exception {
    Path file = folder.resolve("blocks.safetensors");
    Module whole = BlocksProgram.model(new Generator(3), true);
    BlocksProgram.trainer(whole, BlocksProgram.loss()).gradientBlocks(7).fit(BlocksProgram.data());
    Module first = BlocksProgram.model(new Generator(3), true);
    Trainer broken = BlocksProgram.trainer(first, BlocksProgram.loss()).gradientBlocks(7).epochs(1);
    broken.fit(BlocksProgram.data());
    broken.save(file);
    Module second = BlocksProgram.model(new Generator(8), true);
    Trainer resumed =
        BlocksProgram.trainer(second, BlocksProgram.loss()).gradientBlocks(7).resume(file);
    resumed.fit(BlocksProgram.data());
    assertSameState(second, whole);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                BlocksProgram.trainer(
                        BlocksProgram.model(new Generator(8), true), BlocksProgram.loss())
                    .resume(file))
        .withMessageContaining("the trainer's source of gradients keeps nothing but got [seed]");
  }

  @Test
  void aTrainingInBlocksThatHasNotBegunIsSavedToo() throws Exception {
    Path file = folder.resolve("blocks.safetensors");
    Module whole = BlocksProgram.model(new Generator(3), true);
    Trainer first = BlocksProgram.trainer(whole, BlocksProgram.loss()).gradientBlocks(7);
    first.save(file);
    first.fit(BlocksProgram.data());
    Module second = BlocksProgram.model(new Generator(8), true);
    Trainer resumed =
        BlocksProgram.trainer(second, BlocksProgram.loss()).gradientBlocks(7).resume(file);
    resumed.fit(BlocksProgram.data());
    assertSameState(second, whole);
  }

  @Test
  void aBatchInWhichNothingCountsIsRefusedInTheLossesWords() {
    Linear layer = new Linear(1, 2, GENERATOR);
    Dataset data = new Dataset(Tensor.zeros(4, 1), Tensor.full(-1, 4));
    Trainer trainer =
        new Trainer(layer, new CrossEntropy().ignoreIndex(-1), new SGD(layer.parameters(), 1))
            .gradientBlocks(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer.fit(data))
        .withMessageContaining("a mean over nothing is no number");
  }

  @Test
  void whatCannotBeReplicatedSaysWhatToAdd() {
    Module undescribed =
        new Sequential(
            new Linear(1, 1, GENERATOR),
            new Layer() {
              @Override
              protected void compute(Tensor x, Tensor y) {
                y.fill(0);
              }
            });
    Trainer trainer =
        new Trainer(undescribed, new MSE(), new SGD(undescribed.parameters(), 1)).gradientBlocks(2);
    assertThatThrownBy(() -> trainer.fit(new Dataset(Tensor.zeros(4, 1), Tensor.zeros(4, 1))))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("does not say how it is made again; add:");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer.gradientBlocks(0))
        .withMessage("rows must be at least 1, got 0");
  }

  @Test
  void aLossThatIsNotFiniteIsFoundInItsBlock() {
    Linear layer = new Linear(1, 1, GENERATOR);
    Tensor inputs = RandomTensors.normal(1, 8, 1).set(Double.NaN, 5, 0);
    Trainer trainer =
        new Trainer(layer, new MSE(), new SGD(layer.parameters(), 1))
            .inOrder()
            .batchSize(4)
            .gradientBlocks(2);
    double before = layer.weight().value().get(0, 0);
    assertThatThrownBy(() -> trainer.fit(new Dataset(inputs, Tensor.zeros(8, 1))))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessageContaining("row 5");
    assertThat(trainer.training().step()).isEqualTo(1);
    assertThat(layer.weight().value().get(0, 0)).isNotEqualTo(before).isFinite();
  }

  private static void assertSameState(Module actual, Module expected) {
    expected
        .stateDict()
        .forEach(
            (name, t) ->
                assertThat(actual.stateDict().get(name).data()).as(name).containsExactly(t.data()));
  }

  @Test
  void aSeedThatCannotBeIsRefused() {
    BlockGradients blocks = new BlockGradients(3, null);
    assertThat(blocks).hasToString("blocks of 3 rows");
    assertThat(blocks.stateDict()).isEmpty();
    double most = 0xffffffffL;
    for (double bad : new double[] {-1, most + 1, 0.5, Double.NaN}) {
      for (Tensor seed : new Tensor[] {Tensor.of(bad, 0), Tensor.of(0, bad)}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> blocks.read(Map.of("seed", seed)))
            .withMessage(
                "state does not fit the gradient blocks: seed expects two whole numbers below 2³²"
                    + " but got "
                    + bad);
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> blocks.read(Map.of("seed", Tensor.of(0, 0), "b", Tensor.of(1))))
        .withMessage("state does not fit the gradient blocks: unexpected b");
    for (double word : new double[] {0, most}) {
      blocks.read(Map.of("seed", Tensor.of(word, most - word))).run();
      assertThat(blocks.stateDict().get("seed").data()).containsExactly(word, most - word);
    }
  }

  @Test
  void aLayerThatIsSwitchedOnTheWayIsSwitchedInTheReplicas() {
    for (boolean first : new boolean[] {true, false}) {
      List<Double> plain = gradients(false, 0, false);
      List<Double> blocks = gradients(first, 2, !first);
      assertThat(plain).hasSize(3).doesNotHaveDuplicates();
      for (int step = 0; step < 3; step++) {
        boolean drops = step == 0 ? first : !first;
        double expected = plain.get(step);
        if (drops) {
          assertThat(blocks.get(step)).isNotCloseTo(expected, within(1e-6));
        } else {
          assertThat(blocks.get(step)).isCloseTo(expected, within(1e-12));
        }
      }
    }
  }

  /** A weight's gradients in three steps without moving, with dropout at first and later or not. */
  private static List<Double> gradients(boolean first, int rows, boolean later) {
    Dropout dropout = new Dropout(0.5, new Generator(1));
    Module model = new Sequential(dropout, new Linear(1, 1, new Generator(2)));
    Dataset data = new Dataset(RandomTensors.normal(1, 12, 1), RandomTensors.normal(2, 12, 1));
    Trainer trainer =
        new Trainer(model, new MSE(), new SGD(model.parameters(), 0)).batchSize(4).inOrder();
    if (rows > 0) {
      trainer.gradientBlocks(rows);
    }
    List<Double> gradients = new ArrayList<>();
    trainer.callback(
        Recorder.onBatch(
            t -> {
              gradients.add(model.parameters().get(0).grad().get(0, 0));
              Module unused = later ? dropout.train() : dropout.eval();
            }));
    Module unused = first ? dropout.train() : dropout.eval();
    trainer.fit(data);
    return gradients;
  }

  @Test
  void aWorkerFollowsTheModelsModesAndWhatIsFrozen() {
    Dropout dropout = new Dropout(0.5, GENERATOR);
    Linear linear = new Linear(6, 3, GENERATOR);
    BlockWorker worker = new BlockWorker(new Sequential(dropout, linear), new MSE());
    Batch batch = new Dataset(RandomTensors.normal(1, 4, 6), Tensor.zeros(4, 3)).batch(0, 1, 2, 3);
    BlockGradient drops = worker.compute(batch, 0, 0, 1);
    assertThat(worker.compute(batch, 0, 0, 2).value).isNotEqualTo(drops.value);
    assertThat(Arrays.asList(drops.gradients)).doesNotContainNull();
    dropout.eval();
    linear.parameters().get(1).frozen(true);
    BlockGradient still = worker.compute(batch, 0, 0, 1);
    assertThat(worker.compute(batch, 0, 0, 2).value).isEqualTo(still.value);
    assertThat(still.gradients[0]).isNotNull();
    assertThat(still.gradients[1]).isNull();
    dropout.train();
    assertThat(worker.compute(batch, 0, 0, 1).value).isEqualTo(drops.value);
  }

  @Test
  void aLayerThatIsExchangedOnTheWayIsExchangedInTheReplicas() {
    List<Module> trained = new ArrayList<>();
    for (int rows : new int[] {4, 22}) {
      Generator generator = new Generator(3);
      Sequential model =
          new Sequential(new Linear(4, 5, generator), new ReLU(), new Linear(5, 3, generator));
      new Trainer(model, new CrossEntropy(), new SGD(model.parameters(), 0.1))
          .epochs(2)
          .batchSize(22)
          .inOrder()
          .gradientBlocks(rows)
          .callback(Recorder.onEpoch(t -> model.set(1, new Sigmoid())))
          .fit(Problem.DATA);
      trained.add(model);
    }
    trained
        .get(0)
        .stateDict()
        .forEach(
            (name, t) ->
                assertThat(t.data())
                    .containsExactly(trained.get(1).stateDict().get(name).data(), within(1e-12)));
  }

  @Test
  void eachStepsBlocksAreAddedOnTheirOwn() {
    // One weight that never moves: the gradient of each step is the mean of 2·w·x² of its rows.
    Linear layer = new Linear(1, 1, false, GENERATOR);
    layer.weight().value().fill(1);
    double[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    Dataset data = new Dataset(Tensor.wrap(x, 11, 1), Tensor.zeros(11, 1));
    List<Double> gradients = new ArrayList<>();
    new Trainer(layer, new MSE(Reduction.SUM), new SGD(layer.parameters(), 0))
        .batchSize(7)
        .inOrder()
        .gradientBlocks(1)
        .callback(Recorder.onBatch(t -> gradients.add(layer.weight().grad().get(0, 0))))
        .fit(data);
    assertThat(gradients)
        .containsExactly(2.0 * (1 + 4 + 9 + 16 + 25 + 36 + 49), 2.0 * (64 + 81 + 100 + 121));
  }
}
