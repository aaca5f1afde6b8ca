package doppio.spark.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.CrossEntropy;
import doppio.model.Registry;
import doppio.nn.Description;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.SGD;
import doppio.spark.Sample;
import doppio.spark.SparkTrainer;
import doppio.train.Callback;
import doppio.train.Checkpoints;
import doppio.train.NonFiniteLossException;
import doppio.train.Outcome;
import doppio.train.Trainer;
import doppio.train.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong on the way ends a training as it does on one machine, and loses nothing. */
class FailuresTest {
  private static final Workload WORKLOAD = Workload.EVERYTHING;
  private static Cluster cluster;
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    cluster = Cluster.start("local[2]");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aTaskThatFailsForGoodEndsTrainingAndLeavesTheLastEpochsCheckpoint() throws IOException {
    Path file = folder.resolve("last.safetensors");
    Registry own = Registry.of("Fragile", Fragile.class, parts -> new Fragile());
    Module trained = new Sequential(WORKLOAD.model(), new Fragile());
    Trainer trainer =
        WORKLOAD
            .trainer(trained)
            .callback(Checkpoints.everyEpochs(1, file))
            .callback(new At(4, training -> Fragile.broken = true));
    try {
      assertThatThrownBy(
              () ->
                  WORKLOAD
                      .onSpark(trainer)
                      .registry(own)
                      .fit(WORKLOAD.rows(cluster.context(), 3, 1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the wire is cut")
          .satisfies(
              e -> assertThat(e.getSuppressed()).hasAtLeastOneElementOfType(SparkException.class));
    } finally {
      Fragile.broken = false;
    }
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(trainer.training().step()).isEqualTo(4);
    assertThat(names()).containsExactly("last.safetensors");
    assertThat(cluster.context().getPersistentRDDs()).isEmpty();

    Module whole = new Sequential(WORKLOAD.model(), new Fragile());
    WORKLOAD.trainer(whole).gradientBlocks(Workload.BLOCK).fit(WORKLOAD.data());
    Module again = new Sequential(WORKLOAD.model(), new Fragile());
    Trainer healthy = WORKLOAD.trainer(again);
    SparkTrainer resumed = WORKLOAD.onSpark(healthy).registry(own);
    healthy.resume(file);
    resumed.fit(WORKLOAD.rows(cluster.context(), 2, 1));
    assertSameState(again, whole);
  }

  @Test
  void aFolderOfCheckpointsThatIsLostIsNamed() throws IOException {
    Path lost = Files.createDirectory(folder.resolve("checkpoints"));
    Path file = lost.resolve("last.safetensors");
    Module trained = WORKLOAD.model();
    Trainer trainer =
        WORKLOAD
            .trainer(trained)
            .callback(Checkpoints.everyEpochs(1, file))
            .callback(
                new At(
                    4,
                    training -> {
                      Files.delete(file);
                      Files.delete(lost);
                    }));
    assertThatThrownBy(() -> WORKLOAD.onSpark(trainer).fit(WORKLOAD.rows(cluster.context(), 3, 1)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no such folder: " + lost);
    assertThat(names()).isEmpty();
    // Both epochs are done, and the trainer still has them.
    assertThat(Workload.fingerprint(trained, trainer.training().history()))
        .isEqualTo(WORKLOAD.local());
  }

  @Test
  void aTrainingThatIsInterruptedEndsAfterItsBatchAndGoesOnToTheBit() {
    Module trained = WORKLOAD.model();
    Trainer trainer = WORKLOAD.trainer(trained).callback(new At(2, training -> interruptSoon()));
    SparkTrainer spark = WORKLOAD.onSpark(trainer);
    spark.fit(WORKLOAD.rows(cluster.context(), 3, 1));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.INTERRUPTED);
    assertThat(trainer.training().step()).isBetween(2L, 5L);
    spark.fit(WORKLOAD.rows(cluster.context(), 2, 2));
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(Workload.fingerprint(trained, trainer.training().history()))
        .isEqualTo(WORKLOAD.local());
  }

  /** Most likely in the middle of the next step. */
  private static void interruptSoon() {
    Thread training = Thread.currentThread();
    new Thread(
            () -> {
              try {
                Thread.sleep(10);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              training.interrupt();
            })
        .start();
  }

  @Test
  void aTrainingOfOneMachineGoesOnOnTheClusterAndBack() throws IOException {
    Path file = folder.resolve("half.safetensors");
    Module first = WORKLOAD.model();
    Trainer local = WORKLOAD.trainer(first).gradientBlocks(Workload.BLOCK).epochs(1);
    local.fit(WORKLOAD.data());
    local.save(file);
    Module second = WORKLOAD.model();
    Trainer onSpark = WORKLOAD.trainer(second).callback(new At(5, Training::stop));
    SparkTrainer spark = WORKLOAD.onSpark(onSpark);
    onSpark.resume(file);
    spark.fit(WORKLOAD.rows(cluster.context(), 3, 1));
    onSpark.save(file);
    Module third = WORKLOAD.model();
    Trainer again = WORKLOAD.trainer(third).gradientBlocks(Workload.BLOCK).resume(file);
    assertThat(Workload.fingerprint(third, again.fit(WORKLOAD.data()))).isEqualTo(WORKLOAD.local());
  }

  @Test
  void aNumberThatIsNotFiniteIsFoundInItsRowAndColumn() {
    Module model = new Linear(2, 3, new Generator(1));
    List<Sample> samples =
        List.of(
            new Sample(0, new double[] {1, 2}, 0),
            new Sample(1, new double[] {1, Double.NaN}, 1),
            new Sample(2, new double[] {1, 2}, 2));
    Trainer trainer = new Trainer(model, new CrossEntropy(), new SGD(model.parameters(), 1));
    assertThatThrownBy(
            () -> new SparkTrainer(trainer, 2).fit(cluster.context().parallelize(samples, 2)))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessageContaining("the inputs of the training data have NaN in row 1, column 1");
  }

  @Test
  void aTargetThatTheLossRefusesComesInTheLossesWords() {
    Module model = new Linear(2, 3, new Generator(1));
    List<Sample> samples = List.of(new Sample(0, new double[] {1, 2}, 7));
    Trainer trainer = new Trainer(model, new CrossEntropy(), new SGD(model.parameters(), 1));
    assertThatThrownBy(
            () -> new SparkTrainer(trainer, 2).fit(cluster.context().parallelize(samples, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7");
  }

  @Test
  void aLayerThatIsExchangedOnTheWayIsExchangedOnTheCluster() {
    Callback exchange =
        new At(
            3,
            training -> {
              Module unused = ((Sequential) training.model()).set(2, new Tanh());
            });
    changesTheClusterAsThisJvm(exchange);
  }

  @Test
  void layersThatAreFrozenOrSwitchedOnTheWayAreSoOnTheCluster() {
    Callback change =
        new At(
            2,
            training -> {
              Module unused = training.model().get("3").eval();
              training.model().get("0").parameters().get(1).frozen(true);
            });
    changesTheClusterAsThisJvm(change);
  }

  /** What a callback changes on the way is seen in the model, and is the same on the cluster. */
  private static void changesTheClusterAsThisJvm(Callback change) {
    Module expected = WORKLOAD.model();
    String local =
        Workload.fingerprint(
            expected,
            WORKLOAD
                .trainer(expected)
                .gradientBlocks(Workload.BLOCK)
                .callback(change)
                .fit(WORKLOAD.data()));
    Module actual = WORKLOAD.model();
    Trainer trainer = WORKLOAD.trainer(actual).callback(change);
    assertThat(
            Workload.fingerprint(
                actual, WORKLOAD.onSpark(trainer).fit(WORKLOAD.rows(cluster.context(), 3, 1))))
        .isEqualTo(local)
        .isNotEqualTo(WORKLOAD.local());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void assertSameState(Module actual, Module expected) {
    expected
        .stateDict()
        .forEach(
            (name, t) ->
                assertThat(actual.stateDict().get(name).data()).as(name).containsExactly(t.data()));
  }

  private interface Deed {
    void run(Training training) throws IOException;
  }

  /** Does something once, after a step. */
  private record At(long step, Deed deed) implements Callback {
    @Override
    public void batch(Training training) {
      if (training.step() == step) {
        try {
          deed.run(training);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** Hands on what it gets, until it is broken. */
  private static final class Fragile extends Layer {
    private static volatile boolean broken;

    @Override
    protected void compute(Tensor x, Tensor y) {
      if (broken) {
        throw new IllegalStateException("the wire is cut");
      }
      System.arraycopy(x.data(), 0, y.data(), 0, x.size());
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
    }

    @Override
    public Description<Fragile> describe() {
      return Description.of(parts -> new Fragile());
    }
  }
}
