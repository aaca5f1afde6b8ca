package doppio.train;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.data.Sequences;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Adam;
import doppio.optim.Optimizer;
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
}
