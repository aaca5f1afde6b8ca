package doppio.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.internal.ChildJvm;
import doppio.loss.MSE;
import doppio.loss.Reduction;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Adam;
import doppio.train.GradientSource;
import doppio.train.History;
import doppio.train.Step;
import doppio.train.Trainer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of data and of gradients that were written outside the library. */
class SourcesTest {
  @TempDir private Path folder;

  @Test
  void aSourceOfGradientsInTwoThreadsGivesTheBitsOfTwoBlocks() {
    Dataset data = new Dataset(RandomTensors.normal(1, 96, 5), RandomTensors.normal(2, 96, 2));
    Module expected = network();
    Module actual = expected.copy();
    trainer(expected).gradientBlocks(8).fit(data);
    trainer(actual).gradientSource(new TwoThreads()).fit(data);
    assertSameState(actual, expected);
  }

  @Test
  void theSourceOfThreeLinesGivesTheTrainersBits() {
    Dataset data = new Dataset(RandomTensors.normal(1, 96, 5), RandomTensors.normal(2, 96, 2));
    GradientSource whole =
        step -> {
          Batch batch = step.batch();
          double value = step.loss().forward(step.model().forward(batch.inputs()), batch.targets());
          step.model().accumulateGradients(step.loss().backward());
          return value;
        };
    Module expected = network();
    Module actual = expected.copy();
    trainer(expected).fit(data);
    trainer(actual).gradientSource(whole).fit(data);
    assertSameState(actual, expected);
  }

  @Test
  void mappedRowsGiveTheBitsOfTheSameRowsInMemory() throws IOException {
    Tensor inputs = RandomTensors.normal(1, 100, 10);
    Tensor targets = RandomTensors.normal(2, 100, 1);
    ByteBuffer bytes = ByteBuffer.allocate(100 * 88);
    for (int i = 0; i < 100; i++) {
      for (int k = 0; k < 10; k++) {
        bytes.putDouble(inputs.get(i, k));
      }
      bytes.putDouble(targets.get(i, 0));
    }
    Path file = Files.write(folder.resolve("rows"), bytes.array());
    Dataset memory = new Dataset(inputs, targets);
    Module expected = new Linear(10, 1, new Generator(3));
    Module actual = expected.copy();
    trainer(expected).fit(memory);
    trainer(actual).fit(new MappedSamples(file));
    assertSameState(actual, expected);
    assertThat(new DataLoader(new MappedSamples(file), 64).batches()).isEqualTo(2);
    assertThat(memory.batch(3, 3, 99).inputs().data())
        .containsExactly(new MappedSamples(file).batch(3, 3, 99).inputs().data());
  }

  @Test
  void aFileLargerThanTheHeapIsTrainedFrom() {
    ChildJvm.Result result = ChildJvm.run(LargeFileProgram.class, List.of("-Xmx64m"));
    assertThat(result.exit()).as("%s", result).isZero();
    List<Double> numbers = result.output().stream().map(Double::valueOf).toList();
    assertThat(numbers.get(0)).isLessThan(numbers.get(1));
    assertThat(numbers.get(2)).isEqualTo(2_000_000);
    // All rows are zeros: the bias goes to 0, and the mean loss is that of its first steps.
    assertThat(numbers.get(4)).isPositive().isLessThan(numbers.get(3) / 10);
  }

  @Test
  void aStepSaysWhereItStandsAndReadsItsBatchOnce() {
    Dataset data = new Dataset(RandomTensors.normal(1, 20, 5), Tensor.zeros(20, 2));
    List<String> seen = new ArrayList<>();
    GradientSource looking =
        step -> {
          seen.add(step.epoch() + " " + step.number() + " " + step.size() + " " + step);
          assertThat(step.samples()).isSameAs(data);
          assertThat(step.batch()).isSameAs(step.batch());
          return 0;
        };
    trainer(network()).epochs(2).gradientSource(looking).fit(data);
    assertThat(seen)
        .containsExactly(
            "0 0 16 Step(number 0, epoch 0, 16 samples)",
            "0 1 4 Step(number 1, epoch 0, 4 samples)",
            "1 2 16 Step(number 2, epoch 1, 16 samples)",
            "1 3 4 Step(number 3, epoch 1, 4 samples)");
  }

  @Test
  void aSourceBeginsWithTheGeneratorThatShuffles() {
    Dataset data = new Dataset(RandomTensors.normal(1, 20, 5), Tensor.zeros(20, 2));
    List<Generator> begun = new ArrayList<>();
    GradientSource source =
        new GradientSource() {
          @Override
          public void begin(Generator generator) {
            begun.add(generator);
          }

          @Override
          public double compute(Step step) {
            return 0;
          }
        };
    Generator shuffle = new Generator(5);
    trainer(network()).shuffle(shuffle).gradientSource(source).fit(data);
    trainer(network()).inOrder().gradientSource(source).fit(data);
    assertThat(begun).containsExactly(shuffle, Generator.defaultGenerator());
  }

  @Test
  void lossesOfASourceThatSaysNoDivisorCountBySamplesAndSumsAreAdded() {
    Dataset data = new Dataset(RandomTensors.normal(1, 20, 5), Tensor.zeros(20, 2));
    GradientSource source = step -> step.size() == 16 ? 1 : 5;
    for (Reduction reduction : Reduction.values()) {
      Module model = network();
      History history =
          new Trainer(model, new MSE(reduction), new Adam(model.parameters(), 0.01))
              .batchSize(16)
              .gradientSource(source)
              .fit(data);
      assertThat(history.trainLoss())
          .containsExactly(reduction == Reduction.SUM ? 6 : (16 + 4 * 5) / 20.0);
    }
  }

  @Test
  void whereASourceSaysADivisorOfSomeBatchesTheOthersCountBySamples() {
    Dataset data = new Dataset(RandomTensors.normal(1, 20, 5), Tensor.zeros(20, 2));
    GradientSource source =
        step -> {
          if (step.size() == 16) {
            return 1;
          }
          step.divisor(2);
          return 5;
        };
    assertThat(trainer(network()).epochs(1).gradientSource(source).fit(data).trainLoss())
        .containsExactly((16 + 2 * 5) / 18.0);
  }

  @Test
  void whatASourceThrowsReachesTheCaller() {
    Module model = network();
    Dataset data = new Dataset(Tensor.zeros(4, 5), Tensor.zeros(4, 2));
    IllegalStateException lost = new IllegalStateException("the cluster is gone");
    GradientSource failing =
        step -> {
          throw lost;
        };
    Trainer trainer = trainer(model).gradientSource(failing);
    assertThatThrownBy(() -> trainer.fit(data)).isSameAs(lost);
    assertThat(trainer.training().step()).isZero();
  }

  private static Module network() {
    Generator generator = new Generator(7);
    return new Sequential(new Linear(5, 8, generator), new Tanh(), new Linear(8, 2, generator));
  }

  private static Trainer trainer(Module model) {
    return new Trainer(model, new MSE(), new Adam(model.parameters(), 0.01))
        .epochs(3)
        .batchSize(16)
        .shuffle(new Generator(5));
  }

  private static void assertSameState(Module actual, Module expected) {
    expected
        .stateDict()
        .forEach(
            (name, t) ->
                assertThat(actual.stateDict().get(name).data()).as(name).containsExactly(t.data()));
  }
}
