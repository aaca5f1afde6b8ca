package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterruptTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endsAfterTheBatchInHandAndGoesOn(boolean thread) throws IOException {
    Path file = folder.resolve("file.safetensors");
    Problem whole = new Problem(1);
    whole.trainer().fit(Problem.DATA);

    Problem problem = new Problem(1);
    Trainer trainer = problem.trainer();
    trainer.callback(Checkpoints.everyEpochs(100, file));
    trainer.callback(
        new Callback() {
          @Override
          public void gradients(Training training) {
            if (training.step() == 7 && thread) {
              Thread.currentThread().interrupt();
            } else if (training.step() == 7) {
              trainer.interrupt();
            }
          }
        });
    trainer.fit(Problem.DATA);
    assertThat(Thread.interrupted()).isEqualTo(thread);
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.INTERRUPTED);
    assertThat(trainer.training().step()).isEqualTo(8);
    trainer.fit(Problem.DATA);
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(problem.state()).isEqualTo(whole.state());
  }

  @Test
  void anInterruptDuringASaveDoesNotKeepItFromBeingWritten() throws IOException {
    Path file = folder.resolve("file.safetensors");
    Problem problem = new Problem(1);
    Trainer trainer = problem.trainer();
    trainer.callback(
        new Callback() {
          @Override
          public void batch(Training training) {
            if (training.step() == 7) {
              Thread.currentThread().interrupt();
            }
          }
        });
    trainer.callback(Checkpoints.everySteps(7, file));
    trainer.fit(Problem.DATA);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(trainer.training().step()).isEqualTo(7);
    Problem resumed = new Problem(2);
    assertThat(resumed.trainer().resume(file).training().step()).isEqualTo(7);
    assertThat(resumed.state()).isEqualTo(problem.state());
  }

  @Test
  void anInterruptedThreadTrainsNoBatch() {
    Trainer trainer = new Problem(1).trainer();
    Thread.currentThread().interrupt();
    trainer.fit(Problem.DATA);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(trainer.training().step()).isZero();
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.INTERRUPTED);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there the JVM cannot be told to end")
  void whenTheJvmIsToldToEndTheLastStateIsSaved() throws IOException, InterruptedException {
    Path file = folder.resolve("file.safetensors");
    Process child = BackgroundJvm.start(TrainsForever.class, file, "run");
    BackgroundJvm.awaitOutput(child);
    child.destroy();
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isEqualTo(143);

    Problem resumed = new Problem(2);
    Trainer trainer = resumed.trainer().resume(file);
    assertThat(trainer.training().step()).isGreaterThanOrEqualTo(20);
    int epochs = trainer.training().epoch() + 1;
    trainer.epochs(epochs).fit(Problem.DATA);
    Problem whole = new Problem(1);
    whole.trainer().epochs(epochs).fit(Problem.DATA);
    assertThat(resumed.state()).isEqualTo(whole.state());
  }

  @Test
  void aCallbackMayEndTheJvm() throws IOException, InterruptedException {
    Process child = BackgroundJvm.start(TrainsForever.class, folder.resolve("file"), "exit");
    try {
      assertThat(child.waitFor(40, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isEqualTo(3);
    } finally {
      child.destroyForcibly();
    }
  }
}
