package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir private Path folder;

  /** Where the training stood at each save, and whether it was over. */
  private List<String> saves(Callback checkpoints, Path file, int stopAfter) {
    List<String> saves = new ArrayList<>();
    Trainer trainer = new Problem(1).trainer().callback(checkpoints);
    trainer.callback(
        new Callback() {
          @Override
          public void batch(Training training) {
            note("batch", training);
            if (training.step() == stopAfter) {
              training.stop();
            }
          }

          @Override
          public void epoch(Training training) {
            note("epoch", training);
          }

          @Override
          public void end(Training training) {
            note("end", training);
          }

          private void note(String where, Training training) {
            try {
              if (Files.deleteIfExists(file)) {
                saves.add(where + " " + training.step());
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    trainer.fit(Problem.DATA);
    return saves;
  }

  @Test
  void periodicOnesSaveTheEndToo() {
    Path file = folder.resolve("file");
    assertThat(saves(Checkpoints.everyEpochs(1, file), file, 99))
        .containsExactly("epoch 6", "epoch 12", "epoch 18");
    assertThat(saves(Checkpoints.everyEpochs(2, file), file, 99))
        .containsExactly("epoch 12", "end 18");
    assertThat(saves(Checkpoints.everyEpochs(2, file), file, 14))
        .containsExactly("epoch 12", "end 14");
    assertThat(saves(Checkpoints.everySteps(5, file), file, 99))
        .containsExactly("batch 5", "batch 10", "batch 15", "end 18");
    assertThat(saves(Checkpoints.everySteps(5, file), file, 10))
        .containsExactly("batch 5", "batch 10");
  }

  @Test
  void aFileThatCouldNotBeWrittenIsRefusedAtTheStart() {
    Path lost = folder.resolve("missing").resolve("file");
    Trainer trainer = new Problem(1).trainer().callback(Checkpoints.everySteps(5, lost));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseInstanceOf(IOException.class)
        .hasMessageContaining("no such folder: " + folder.resolve("missing"));
    assertThat(trainer.training().step()).isZero();
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void aPlaceWhereNoFileCanBeIsRefusedBeforeTheFirstBatch() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "");
    Path lost = folder.resolve("missing").resolve("file");
    Path inFile = plain.resolve("file");
    Path aFolder = Files.createDirectory(folder.resolve("folder"));
    Map<Path, String> reasons =
        Map.of(
            lost,
            lost + ": no such folder: " + lost.getParent(),
            inFile,
            inFile + ": expected a folder but found a file: " + plain,
            aFolder,
            aFolder + ": expected a file but found a folder");
    for (Path bad : reasons.keySet()) {
      for (Callback callback :
          List.of(
              Checkpoints.best(bad),
              Checkpoints.everyEpochs(1, bad),
              Checkpoints.everySteps(1, bad),
              Checkpoints.last(1, bad))) {
        Trainer trainer = new Problem(1).trainer().callback(callback);
        assertThatThrownBy(() -> trainer.fit(Problem.DATA))
            .isInstanceOf(UncheckedIOException.class)
            .hasRootCauseMessage(reasons.get(bad));
        assertThat(trainer.training().step()).isZero();
      }
    }
  }

  @Test
  void aFileThatIsNotReplacedIsRefusedBeforeTheFirstBatch() throws IOException {
    Path readOnly = Files.writeString(folder.resolve("file"), "old");
    assumeTrue(readOnly.toFile().setReadOnly());
    Path device = folder.resolve("socket");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(device))
        .close();
    Map<Path, String> reasons =
        Map.of(
            readOnly, readOnly + ": is read-only, and so not replaced",
            device, device + ": expected a file but found a device");
    for (Path bad : reasons.keySet()) {
      assumeTrue(Files.exists(bad));
      for (Callback callback :
          List.of(
              Checkpoints.best(bad),
              Checkpoints.everyEpochs(1, bad),
              Checkpoints.everySteps(1, bad))) {
        Trainer trainer = new Problem(1).trainer().callback(callback);
        assertThatThrownBy(() -> trainer.fit(Problem.DATA))
            .isInstanceOf(UncheckedIOException.class)
            .hasRootCauseMessage(reasons.get(bad));
        assertThat(trainer.training().step()).isZero();
      }
    }
    new Problem(1).trainer().callback(Checkpoints.last(1, readOnly)).fit(Problem.DATA);
    assertThat(readOnly).hasContent("old");
    assertThat(names()).containsExactly("file", "file-3", "socket");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theLastFewAndTheBestStay() throws IOException {
    double[] scores = {1, 9, 3, 4, 5};
    int[] at = {0};
    Path file = folder.resolve("a.b.safetensors");
    Problem problem = new Problem(1);
    problem
        .trainer()
        .epochs(5)
        .metric("score", (p, t) -> scores[at[0]++])
        .callback(Checkpoints.last(2, file))
        .callback(Checkpoints.best(folder.resolve("best"), Monitor.highest("score")))
        .fit(Problem.DATA);
    assertThat(names()).containsExactly("a.b-4.safetensors", "a.b-5.safetensors", "best");
    Problem last = new Problem(2);
    Trainer trainer = last.trainer().metric("score", (p, t) -> 1);
    trainer.resume(folder.resolve("a.b-5.safetensors"));
    assertThat(last.state()).isEqualTo(problem.state());
    assertThat(trainer.resume(folder.resolve("best")).training().epoch()).isEqualTo(2);
  }

  @Test
  void aTrainingThatIsStoppedInMidEpochKeepsThatToo() throws IOException {
    Path file = folder.resolve(".hidden");
    Problem problem = new Problem(1);
    Trainer trainer = problem.trainer().callback(Checkpoints.last(2, file));
    trainer.callback(Recorder.stopAfterStep(15)).fit(Problem.DATA);
    assertThat(names()).containsExactly(".hidden-2", ".hidden-3");
    Problem resumed = new Problem(2);
    Trainer second = resumed.trainer().callback(Checkpoints.last(2, file));
    second.resume(folder.resolve(".hidden-3")).epochs(4).fit(Problem.DATA);
    assertThat(names()).containsExactly(".hidden-3", ".hidden-4");
    trainer.epochs(4).fit(Problem.DATA);
    assertThat(resumed.state()).isEqualTo(problem.state());
  }

  @Test
  void aTrainingThatFailsInMidEpochKeepsTheLastWholeOne() throws IOException {
    Trainer trainer = new Problem(1).trainer();
    trainer.callback(Checkpoints.last(2, folder.resolve("file")));
    trainer.callback(
        Recorder.onBatch(
            t -> {
              if (t.step() == 8) {
                throw new IllegalStateException("no");
              }
            }));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA)).hasMessage("no");
    assertThat(names()).containsExactly("file-1");
  }

  @Test
  void theFirstFileOfTheLastFewIsLookedAtBeforeTheFirstBatch() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path first = Files.createDirectory(folder.resolve("file-1"));
    Trainer trainer = new Problem(1).trainer().callback(Checkpoints.last(1, file));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .hasRootCauseMessage(first + ": expected a file but found a folder");
    assertThat(trainer.training().step()).isZero();
  }

  @Test
  void oneForSeveralTrainersSavesTheEndOfEach() throws IOException {
    Path file = folder.resolve("file");
    Callback shared = Checkpoints.everyEpochs(3, file);
    new Problem(1).trainer().callback(shared).fit(Problem.DATA);
    Trainer second = new Problem(2).trainer().callback(shared);
    second.interrupt();
    Thread.currentThread().interrupt();
    second.fit(Problem.DATA);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(new Problem(3).trainer().resume(file).training().step()).isZero();
  }

  @Test
  void noCheckpointIsSavedInTheMiddleOfAStep() {
    Trainer trainer = new Problem(1).trainer();
    trainer.callback(
        new Callback() {
          @Override
          public void gradients(Training training) {
            try {
              training.save(folder.resolve("file"));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a checkpoint cannot be saved in the middle of a step");
  }

  @Test
  void settingsOutOfRangeAreRefusedByName() {
    Path file = folder.resolve("file");
    assertThatThrownBy(() -> Checkpoints.last(0, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count must be at least 1, got 0");
    assertThat(Checkpoints.last(3, file)).hasToString("Checkpoints.last(3, " + file + ")");
    assertThatThrownBy(() -> Checkpoints.everyEpochs(0, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epochs must be at least 1, got 0");
    assertThatThrownBy(() -> Checkpoints.everySteps(0, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps must be at least 1, got 0");
  }
}
