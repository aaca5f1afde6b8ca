package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  void aFileThatCannotBeWrittenEndsTheTraining() {
    Path lost = folder.resolve("missing").resolve("file");
    Trainer trainer = new Problem(1).trainer().callback(Checkpoints.everySteps(5, lost));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseInstanceOf(IOException.class)
        .hasMessageContaining("no such folder: " + folder.resolve("missing"));
    assertThat(trainer.training().step()).isEqualTo(5);
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void notInTheMiddleOfAStep() {
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
  void badSettings() {
    Path file = folder.resolve("file");
    assertThatThrownBy(() -> Checkpoints.everyEpochs(0, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epochs must be at least 1, got 0");
    assertThatThrownBy(() -> Checkpoints.everySteps(0, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps must be at least 1, got 0");
  }
}
