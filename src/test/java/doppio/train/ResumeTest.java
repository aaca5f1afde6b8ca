package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training that was stopped after any step and goes on gives the bits of one that was not. */
class ResumeTest {
  @TempDir private Path folder;

  /** Stops after a step. */
  private record StopAfter(int step) implements Callback {
    @Override
    public void batch(Training training) {
      if (training.step() == step) {
        training.stop();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"4, true", "4, false", "11, true", "11, false", "1, true", "30, false"})
  void aTrainingGoesOnFromAFileInAnotherTrainer(int batchSize, boolean shared) throws IOException {
    Problem whole = new Problem(1, shared);
    History expected = whole.trainer().batchSize(batchSize).fit(Problem.DATA);
    int steps = expected.batchLoss().length;
    for (int stop = 1; stop <= steps; stop++) {
      Path file = folder.resolve(stop + ".safetensors");
      Trainer stopped = new Problem(1, shared).trainer().batchSize(batchSize);
      stopped.callback(new StopAfter(stop)).fit(Problem.DATA);
      assertThat(stopped.training().step()).isEqualTo(stop);
      stopped.save(file);

      Problem resumed = new Problem(99, shared);
      resumed.generator.normal();
      Trainer trainer = resumed.trainer().batchSize(batchSize).resume(file);
      assertThat(trainer.training().step()).isEqualTo(stop);
      History history = trainer.fit(Problem.DATA);
      assertThat(resumed.state()).as("stopped after %d", stop).isEqualTo(whole.state());
      assertThat(history.batchLoss()).containsExactly(expected.batchLoss());
      assertThat(Problem.results(history)).isEqualTo(Problem.results(expected));
    }
  }

  @ParameterizedTest
  @CsvSource({"4, true", "11, false"})
  void aTrainingGoesOnInTheSameTrainer(int batchSize, boolean shared) {
    Problem whole = new Problem(1, shared);
    History expected = whole.trainer().batchSize(batchSize).fit(Problem.DATA);
    for (int stop = 1; stop <= expected.batchLoss().length; stop++) {
      Problem problem = new Problem(1, shared);
      Trainer trainer = problem.trainer().batchSize(batchSize).callback(new StopAfter(stop));
      trainer.fit(Problem.DATA);
      assertThat(trainer.training().step()).isEqualTo(stop);
      History history = trainer.fit(Problem.DATA);
      assertThat(problem.state()).as("stopped after %d", stop).isEqualTo(whole.state());
      assertThat(Problem.results(history)).isEqualTo(Problem.results(expected));
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "true, 7", "false, 1", "false, 2"})
  void fromTheFilesThatACallbackSaves(boolean bySteps, int every) throws IOException {
    Path file = folder.resolve("file.safetensors");
    Problem whole = new Problem(1);
    Trainer first = whole.trainer();
    first.callback(
        bySteps ? Checkpoints.everySteps(every, file) : Checkpoints.everyEpochs(every, file));
    first.callback(new CopyFile(file, folder));
    History expected = first.fit(Problem.DATA);
    List<Integer> stops = bySteps ? multiples(every, 18) : multiples(6 * every, 18);
    for (int stop : stops) {
      Problem resumed = new Problem(99);
      Path copy = folder.resolve(CopyFile.name(stop, bySteps));
      History history = resumed.trainer().resume(copy).fit(Problem.DATA);
      assertThat(resumed.state()).as("saved after %d", stop).isEqualTo(whole.state());
      assertThat(Problem.results(history)).isEqualTo(Problem.results(expected));
    }
  }

  private static List<Integer> multiples(int of, int limit) {
    return IntStream.rangeClosed(1, limit / of).mapToObj(i -> i * of).toList();
  }
}
