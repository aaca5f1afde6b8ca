package doppio.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.model.ModelFile;
import doppio.nn.BatchNorm1d;
import doppio.nn.Description;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Momentum;
import doppio.train.BlockGradient;
import doppio.train.BlockSource;
import doppio.train.BlockWorker;
import doppio.train.History;
import doppio.train.Step;
import doppio.train.Trainer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradient blocks that are computed by code outside the library, as on another machine. */
class BlocksElsewhereTest {
  private static final int SAMPLES = 150;
  private static final int CLASSES = 3;
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 8, 64, 1000})
  void blocksThatCrossBytesGiveTheBitsOfThoseOfThisJvm(int rows) {
    Module expected = model();
    Module actual = expected.copy();
    History here = trainer(expected).gradientBlocks(rows).fit(data());
    History there = trainer(actual).gradientSource(new Bytes().blocksOf(rows)).fit(data());
    assertSameState(actual, expected);
    assertThat(there.batchLoss()).containsExactly(here.batchLoss());
    assertThat(there.trainLoss()).containsExactly(here.trainLoss());
  }

  @Test
  void oneBlockWithoutRandomLayersIsTheWholeBatchElsewhereToo() {
    Module expected = new Linear(6, CLASSES, new Generator(1));
    Module actual = expected.copy();
    History here = trainer(expected).fit(data());
    History there = trainer(actual).gradientSource(new Bytes().blocksOf(1000)).fit(data());
    assertSameState(actual, expected);
    assertThat(there.batchLoss()).containsExactly(here.batchLoss());
  }

  @Test
  void aTrainingOfThisJvmGoesOnElsewhere() throws IOException {
    Path file = folder.resolve("half.safetensors");
    Module expected = model();
    Module half = expected.copy();
    Module actual = expected.copy();
    trainer(expected).gradientBlocks(8).fit(data());
    Trainer first = trainer(half).gradientBlocks(8).epochs(1);
    first.fit(data());
    first.save(file);
    trainer(actual).gradientSource(new Bytes().blocksOf(8)).resume(file).fit(data());
    assertSameState(actual, expected);
  }

  @Test
  void aStepKnowsTheBatchesOfTheRestOfItsEpoch() {
    List<List<Integer>> ahead = new ArrayList<>();
    List<Integer> seen = new ArrayList<>();
    BlockSource looking =
        (step, rows, seed) -> {
          List<int[]> upcoming = step.upcoming();
          assertThat(upcoming.get(0)).containsExactly(step.rows());
          ahead.add(upcoming.stream().flatMapToInt(Arrays::stream).boxed().toList());
          Arrays.stream(step.rows()).forEach(seen::add);
          return new Bytes().compute(step, rows, seed);
        };
    trainer(model()).epochs(1).batchSize(40).gradientSource(looking.blocksOf(20)).fit(data());
    assertThat(ahead).hasSize(4);
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, SAMPLES).boxed().toList());
    for (int i = 0; i < 4; i++) {
      assertThat(ahead.get(i)).isEqualTo(seen.subList(40 * i, SAMPLES));
    }
  }

  @Test
  void theTrialOfAStepHasNoEpoch() {
    BlockSource looking =
        (step, rows, seed) -> {
          assertThat(step.upcoming()).hasSize(1);
          return new Bytes().compute(step, rows, seed);
        };
    Trainer trainer = trainer(model()).gradientSource(looking.blocksOf(20));
    assertThat(trainer.trial(data()).samples()).isEqualTo(100);
  }

  @Test
  void blocksThatAreMissingAreNoticed() {
    BlockSource lazy = (step, rows, seed) -> new Bytes().compute(step, rows, seed).subList(0, 1);
    Trainer trainer = trainer(model()).gradientSource(lazy.blocksOf(20));
    assertThatIllegalStateException()
        .isThrownBy(() -> trainer.fit(data()))
        .withMessageEndingWith("expected 5 blocks of 100 rows in all but got 1 of 20");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lazy.blocksOf(0))
        .withMessage("rows must be at least 1, got 0");
  }

  @Test
  void blocksOfOtherSizesAreNoticed() {
    BlockSource coarse = (step, rows, seed) -> new Bytes().compute(step, 2 * rows, seed);
    Trainer trainer = trainer(model()).gradientSource(coarse.blocksOf(20));
    assertThatIllegalStateException()
        .isThrownBy(() -> trainer.fit(data()))
        .withMessageEndingWith("expected 5 blocks of 100 rows in all but got 3 of 100");
    BlockSource twice =
        (step, rows, seed) -> {
          List<BlockGradient> blocks = new Bytes().compute(step, rows, seed);
          blocks.set(1, new Bytes().compute(step, 19, seed).get(1));
          return blocks;
        };
    Trainer second = trainer(model()).gradientSource(twice.blocksOf(20));
    assertThatIllegalStateException()
        .isThrownBy(() -> second.fit(data()))
        .withMessageEndingWith("expected 5 blocks of 100 rows in all but got 5 of 99");
  }

  /** The root of the mean square. */
  private static final class Root extends Loss {
    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      double value = Math.sqrt(new MSE().forward(prediction, target));
      for (int i = 0; i < prediction.size(); i++) {
        double d = prediction.data()[i] - target.data()[i];
        gradient.data()[i] = d / (value * prediction.size());
      }
      return value;
    }

    @Override
    public Description<Root> describe() {
      return Description.of(parts -> new Root());
    }
  }

  /** Whose value, times its divisor and divided by it again, would round once more. */
  @Test
  void oneBlockHasTheValueOfALossOfOnesOwn() {
    Dataset data = new Dataset(RandomTensors.normal(5, 49, 6), Tensor.zeros(49, 1));
    List<double[]> losses = new ArrayList<>();
    for (int kind = 0; kind < 3; kind++) {
      Module model = new Linear(6, 1, new Generator(1));
      Trainer trainer =
          new Trainer(model, new Root(), new Momentum(model.parameters(), 0.05, 0.9))
              .epochs(30)
              .batchSize(49)
              .inOrder();
      if (kind == 1) {
        trainer.gradientBlocks(49);
      } else if (kind == 2) {
        trainer.gradientSource(new Bytes().blocksOf(49));
      }
      losses.add(trainer.fit(data).batchLoss());
    }
    assertThat(losses.get(1)).containsExactly(losses.get(0));
    assertThat(losses.get(2)).containsExactly(losses.get(0));
    assertThat(Arrays.stream(losses.get(0))).anyMatch(v -> v * 49 / 49 != v);
  }

  @Test
  void workersAndWhatTheyGivePrintThemselves() {
    BlockWorker worker = new BlockWorker(new Linear(6, CLASSES), new CrossEntropy());
    assertThat(worker).hasToString("BlockWorker(Linear(6 → 3), CrossEntropy)");
    assertThat(worker.compute(data().batch(10, 11), 0, 0, 1).toString())
        .matches("BlockGradient\\(2 rows, loss [0-9.]+, predictions \\[2, 3]\\)");
    assertThat(new Bytes().blocksOf(3)).hasToString("blocks of 3 rows by bytes");
  }

  /** The model, its numbers and each result go through bytes; each block has its own worker. */
  private static final class Bytes implements BlockSource {
    @Override
    public List<BlockGradient> compute(Step step, int rows, long seed) {
      List<BlockGradient> blocks = new ArrayList<>();
      try {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelFile.save(file, step.model());
        for (int from = 0; from < step.size(); from += rows) {
          Module model = ModelFile.load(file.toByteArray());
          BlockWorker worker = new BlockWorker(model, step.loss());
          BlockGradient block =
              worker.compute(
                  step.read(from, Math.min(from + rows, step.size())),
                  blocks.size(),
                  step.number(),
                  seed);
          blocks.add((BlockGradient) throughBytes(block));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return blocks;
    }

    @Override
    public String toString() {
      return "bytes";
    }
  }

  private static Object throughBytes(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static Module model() {
    Generator generator = new Generator(3);
    return new Sequential(
        new Linear(6, 20, generator),
        new BatchNorm1d(20),
        new ReLU(),
        new Dropout(0.3, generator),
        new Dropout(0.1),
        new Linear(20, CLASSES, generator));
  }

  private static Trainer trainer(Module model) {
    Loss loss = new CrossEntropy().weights(0.5, 2, 1.25).ignoreIndex(-100);
    return new Trainer(model, loss, new Momentum(model.parameters(), 0.05, 0.9))
        .epochs(2)
        .batchSize(100)
        .clipNorm(1)
        .shuffle(new Generator(4));
  }

  /** One row in four is ignored, the first ten among them. */
  private static Dataset data() {
    Tensor targets = Tensor.zeros(SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
      targets.set(i < 10 || i % 4 == 0 ? -100 : i % CLASSES, i);
    }
    return new Dataset(RandomTensors.normal(5, SAMPLES, 6), targets);
  }

  private static void assertSameState(Module actual, Module expected) {
    expected
        .stateDict()
        .forEach(
            (name, t) ->
                assertThat(actual.stateDict().get(name).data()).as(name).containsExactly(t.data()));
  }
}
