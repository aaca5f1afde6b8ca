package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.data.Batch;
import doppio.data.Samples;
import doppio.loss.CrossEntropy;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /** Rows whose size is asked for where an epoch begins. */
  private static final class Asked implements Samples {
    private final Runnable onSize;
    private boolean armed;

    Asked(Runnable onSize) {
      this.onSize = onSize;
    }

    @Override
    public int size() {
      if (armed) {
        onSize.run();
      }
      return Problem.DATA.size();
    }

    @Override
    public int[] inputShape() {
      return Problem.DATA.inputShape();
    }

    @Override
    public int[] targetShape() {
      return Problem.DATA.targetShape();
    }

    @Override
    public void read(int[] rows, Batch into) {
      Problem.DATA.read(rows, into);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void whereAnEpochBeginsNothingIsDrawnTwice(int epoch) throws IOException {
    Problem whole = new Problem(1);
    whole.trainer().fit(Problem.DATA);
    Problem problem = new Problem(1);
    Trainer trainer = problem.trainer();
    Asked data = new Asked(trainer::interrupt);
    trainer.callback(Recorder.onStart(t -> data.armed = epoch == 0));
    trainer.callback(Recorder.onEpoch(t -> data.armed = t.epoch() == epoch));
    trainer.callback(Recorder.onBatch(t -> data.armed = false));
    trainer.fit(data);
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.INTERRUPTED);
    assertThat(trainer.training().epoch()).isEqualTo(epoch);
    Path file = folder.resolve("file");
    trainer.save(file);
    Problem resumed = new Problem(2);
    resumed.trainer().resume(file).fit(Problem.DATA);
    trainer.fit(Problem.DATA);
    assertThat(problem.state()).isEqualTo(whole.state());
    assertThat(resumed.state()).isEqualTo(whole.state());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 12, 3})
  void aFailureInABatchDrawsNoOrderTwice(int step) {
    Problem whole = new Problem(1, false);
    Problem problem = new Problem(1, false);
    whole.trainer().fit(Problem.DATA);
    boolean[] fails = {true};
    Trainer trainer = problem.trainer();
    trainer.gradientSource(
        s -> {
          if (fails[0] && s.number() == step) {
            fails[0] = false;
            throw new IllegalStateException("once");
          }
          return new WholeBatch().compute(s);
        });
    assertThatThrownBy(() -> trainer.fit(Problem.DATA)).hasMessage("once");
    trainer.fit(Problem.DATA);
    assertThat(problem.state()).isEqualTo(whole.state());
  }

  /** After the step's layers have drawn, or none has; 5 and 11 are the last steps of an epoch. */
  @ParameterizedTest
  @CsvSource({
    "0, true",
    "3, true",
    "5, true",
    "6, true",
    "0, false",
    "3, false",
    "5, false",
    "11, false"
  })
  void aFailureBehindTheGradientPutsBackWhatWasDrawn(int step, boolean random) {
    List<Generator> generators = new ArrayList<>();
    List<double[]> weights = new ArrayList<>();
    for (boolean fails : new boolean[] {false, true}) {
      Generator generator = new Generator(1);
      Linear layer = new Linear(4, 3, generator);
      Module model = random ? new Sequential(layer, new Dropout(0.3, generator)) : layer;
      boolean[] failing = {fails};
      Trainer trainer =
          new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 0.01))
              .epochs(3)
              .batchSize(4)
              .shuffle(generator)
              .gradientSource(
                  s -> {
                    double loss = new WholeBatch().compute(s);
                    if (failing[0] && s.number() == step) {
                      failing[0] = false;
                      throw new IllegalStateException("once");
                    }
                    return loss;
                  });
      if (fails) {
        assertThatThrownBy(() -> trainer.fit(Problem.DATA)).hasMessage("once");
        assertThat(trainer.training().step()).isEqualTo(step);
      }
      trainer.fit(Problem.DATA);
      generators.add(generator);
      weights.add(model.parameters().get(0).value().data());
    }
    assertThat(weights.get(1)).containsExactly(weights.get(0));
    assertThat(generators.get(1).state()).containsExactly(generators.get(0).state());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 11, 22})
  void aFailureInTheValidationDrawsNoOrderTwice(int batchSize) {
    Problem whole = new Problem(1);
    whole.trainer().batchSize(batchSize).metric("m", (p, t) -> 1).fit(Problem.DATA);
    boolean[] fails = {true};
    Problem problem = new Problem(1);
    Trainer trainer = problem.trainer().batchSize(batchSize);
    trainer.metric(
        "m",
        (p, t) -> {
          if (fails[0]) {
            fails[0] = false;
            double unused = problem.generator.normal();
            throw new IllegalStateException("once");
          }
          return 1;
        });
    assertThatThrownBy(() -> trainer.fit(Problem.DATA)).hasMessage("once");
    assertThat(trainer.training().epoch()).isZero();
    trainer.fit(Problem.DATA);
    assertThat(problem.state()).isEqualTo(whole.state());
  }

  @Test
  void aSourceThatDrawsWhenItBeginsDoesSoOnce() {
    Problem problem = new Problem(1);
    int[] begun = {0};
    Trainer trainer =
        problem
            .trainer()
            .gradientSource(
                new GradientSource() {
                  @Override
                  public void begin(Generator generator) {
                    begun[0]++;
                  }

                  @Override
                  public double compute(Step step) {
                    return new WholeBatch().compute(step);
                  }
                });
    Thread.currentThread().interrupt();
    trainer.fit(Problem.DATA);
    assertThat(Thread.interrupted()).isTrue();
    trainer.fit(Problem.DATA);
    assertThat(begun[0]).isEqualTo(1);
  }

  @Test
  void aSaveOutsideFitKeepsTheThreadsInterruption() throws IOException {
    Path file = folder.resolve("file");
    Problem problem = new Problem(1);
    Trainer trainer = problem.trainer();
    for (int i = 0; i < 2; i++) {
      Thread.currentThread().interrupt();
      trainer.save(file);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(trainer.fit(Problem.DATA).size()).isEqualTo(3);
      assertThat(Thread.interrupted()).isFalse();
    }
    Problem resumed = new Problem(2);
    resumed.trainer().resume(file);
    assertThat(resumed.state()).isEqualTo(problem.state());
  }

  @Test
  void aHandWrittenLoopsSaveAndItsCsvFilesAreNotLost() throws IOException {
    Path file = folder.resolve("file");
    Path csv = folder.resolve("epochs.csv");
    Problem problem = new Problem(1);
    History history = problem.trainer().fit(Problem.DATA);
    Thread.currentThread().interrupt();
    new Checkpoint(problem.model).save(file);
    history.saveEpochs(csv);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(csv).isNotEmptyFile();
    Problem other = new Problem(2);
    Checkpoint.loadModel(file, other.model);
    assertThat(other.model.stateDict().get("0.bias").data())
        .containsExactly(problem.model.stateDict().get("0.bias").data());
  }

  @Test
  void aFileThatCannotBeReadBecauseOfAnInterruptSaysSo() throws IOException {
    Path file = folder.resolve("file");
    Trainer trainer = new Problem(1).trainer();
    trainer.save(file);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> trainer.resume(file))
        .isInstanceOf(ClosedByInterruptException.class)
        .hasMessage("interrupted while reading " + file);
    assertThat(Thread.interrupted()).isTrue();
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

  /** A callback that interrupts its thread in one of its methods and looks in all. */
  private record Interrupting(String where, List<String> seen) implements Callback {
    @Override
    public void epoch(Training training) {
      look("epoch");
    }

    @Override
    public void end(Training training) {
      look("end");
    }

    @Override
    public void closed(Training training) {
      look("closed");
    }

    private void look(String now) {
      if (Thread.currentThread().isInterrupted()) {
        seen.add(now);
      }
      if (now.equals(where)) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"metric", "epoch", "end"})
  void anInterruptedThreadIsSeenByNoCallbackButTheLast(String where) {
    List<String> seen = new ArrayList<>();
    Problem problem = new Problem(1);
    Trainer trainer =
        new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
            .validation(Problem.HELD_OUT)
            .metric(
                "one",
                (predictions, targets) -> {
                  if (where.equals("metric")) {
                    Thread.currentThread().interrupt();
                  }
                  return 1;
                })
            .callback(new Interrupting(where, seen));
    trainer.fit(Problem.DATA);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(seen).containsExactly("closed");
  }

  @Test
  void theClockStandsStillWhereTheTrainingDoes() {
    long before = System.nanoTime();
    Trainer trainer = new Problem(1).trainer().callback(Recorder.stopAfterStep(8));
    trainer.fit(Problem.DATA);
    double all = (System.nanoTime() - before) / 1e9;
    Training training = trainer.training();
    double seconds = training.running.seconds();
    assertThat(seconds).isPositive().isLessThanOrEqualTo(all);
    assertThat(training.samplesPerSecond()).isEqualTo(8 / seconds);
    EpochResult first = training.history().last();
    assertThat(first.seconds()).isPositive().isLessThanOrEqualTo(all);
  }
}
