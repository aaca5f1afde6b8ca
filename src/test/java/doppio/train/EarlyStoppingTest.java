package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.loss.CrossEntropy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyStoppingTest {
  @TempDir private Path folder;
  private final Problem problem = new Problem(1);

  /** A trainer of as many epochs whose metric "score" takes the given values. */
  private Trainer scored(double... scores) {
    Iterator<Double> values = DoubleStream.of(scores).iterator();
    return new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
        .epochs(scores.length)
        .validation(Problem.HELD_OUT)
        .metric("score", (predictions, targets) -> values.next());
  }

  @Test
  void stopsWhenPatienceIsOver() {
    Monitor highest = Monitor.highest("score");
    assertThat(epochs(new EarlyStopping(2).watch(highest), 1, 3, 2, 2, 9, 9)).isEqualTo(4);
    assertThat(epochs(new EarlyStopping(2).watch(highest), 1, 2, 3, 3, 4, 1)).isEqualTo(6);
    assertThat(epochs(new EarlyStopping(1).watch(highest), 1, 1, 2)).isEqualTo(2);
    Monitor lowest = Monitor.lowest("score");
    assertThat(epochs(new EarlyStopping(2).watch(lowest), 3, 4, 5, 1)).isEqualTo(3);
  }

  @Test
  void anImprovementIsMoreThanMinDelta() {
    EarlyStopping stopping = new EarlyStopping(2, 0.5).watch(Monitor.highest("score"));
    assertThat(epochs(stopping, 1, 1.5, 1.25, 9)).isEqualTo(3);
    EarlyStopping again = new EarlyStopping(2, 0.5).watch(Monitor.highest("score"));
    assertThat(epochs(again, 1, 1.4, 1.8, 2.2, 2.2, 9)).isEqualTo(5);
  }

  @Test
  void nanIsNoImprovement() {
    double nan = Double.NaN;
    Monitor highest = Monitor.highest("score");
    assertThat(epochs(new EarlyStopping(2).watch(highest), nan, 1, nan, nan, 9)).isEqualTo(4);
    assertThat(epochs(new EarlyStopping(2).watch(highest), nan, nan, 1)).isEqualTo(2);
  }

  @Test
  void theLossesAreWatched() {
    for (Monitor monitor : List.of(Monitor.validationLoss(), Monitor.trainingLoss())) {
      Problem p = new Problem(1);
      History history =
          p.trainer().epochs(300).callback(new EarlyStopping(3).watch(monitor)).fit(Problem.DATA);
      double[] losses =
          monitor.toString().equals("the training loss")
              ? history.trainLoss()
              : history.validationLoss();
      assertThat(history.size()).isBetween(4, 299);
      double best = DoubleStream.of(losses).min().orElseThrow();
      assertThat(losses[history.size() - 4]).isEqualTo(best);
      assertThat(monitor.best(history)).isEqualTo(history.size() - 3);
    }
  }

  @Test
  void theLastStateStaysUnlessTheBestIsAskedFor() {
    for (boolean restores : new boolean[] {false, true}) {
      Problem p = new Problem(1);
      List<List<Double>> states = new ArrayList<>();
      EarlyStopping stopping = new EarlyStopping(3).watch(Monitor.highest("score"));
      double[] scores = {1, 5, 3, 3, 3, 9};
      Iterator<Double> values = DoubleStream.of(scores).iterator();
      new Trainer(p.model, new CrossEntropy(), p.optimizer)
          .epochs(6)
          .validation(Problem.HELD_OUT)
          .metric("score", (predictions, targets) -> values.next())
          .callback(restores ? stopping.restoreBest() : stopping)
          .callback(
              new Callback() {
                @Override
                public void epoch(Training training) {
                  states.add(parameters(p));
                }
              })
          .fit(Problem.DATA);
      assertThat(states).hasSize(5);
      assertThat(parameters(p)).isEqualTo(states.get(restores ? 1 : 4));
    }
  }

  @Test
  void aResumedTrainingGoesOnCounting() throws IOException {
    Path file = folder.resolve("file.safetensors");
    Trainer first = scored(5, 4, 4).epochs(2);
    first.fit(Problem.DATA);
    first.save(file);
    Function<Integer, Trainer> resumed =
        patience -> scored(4, 4, 4).callback(stopping(patience)).epochs(5);
    assertThat(resumed.apply(2).resume(file).fit(Problem.DATA).size()).isEqualTo(3);
    assertThat(resumed.apply(1).resume(file).fit(Problem.DATA).size()).isEqualTo(2);
    Trainer restoring = scored(4, 4).callback(stopping(2).restoreBest()).resume(file);
    assertThatThrownBy(() -> restoring.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "EarlyStopping cannot restore epoch 1, the best one: it was before the training was"
                + " resumed");
  }

  @Test
  void whatIsWatchedHasToBeMeasured() {
    Trainer plain = new Trainer(problem.model, new CrossEntropy(), problem.optimizer);
    plain.callback(new EarlyStopping(1));
    assertThatThrownBy(() -> plain.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "EarlyStopping watches the validation loss, which the trainer does not measure");
    Trainer scored = scored(1);
    scored.callback(Checkpoints.best(folder.resolve("best"), Monitor.highest("F1")));
    assertThatThrownBy(() -> scored.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the best checkpoint watches the metric F1, which the trainer does not measure");
  }

  @Test
  void theBestCheckpointIsThatOfTheBestEpoch() throws IOException {
    Path file = folder.resolve("best.safetensors");
    List<List<Double>> states = new ArrayList<>();
    scored(1, 5, 3, 5, 4)
        .callback(Checkpoints.best(file, Monitor.highest("score")))
        .callback(
            new Callback() {
              @Override
              public void epoch(Training training) {
                states.add(parameters(problem));
              }
            })
        .fit(Problem.DATA);
    Problem loaded = new Problem(2);
    Checkpoint.loadModel(file, loaded.model);
    assertThat(parameters(loaded)).isEqualTo(states.get(1));
  }

  private EarlyStopping stopping(int patience) {
    return new EarlyStopping(patience).watch(Monitor.highest("score"));
  }

  private int epochs(EarlyStopping stopping, double... scores) {
    Trainer trainer = scored(scores).callback(stopping);
    int epochs = trainer.fit(Problem.DATA).size();
    assertThat(trainer.training().outcome())
        .isEqualTo(epochs < scores.length ? Outcome.STOPPED : Outcome.COMPLETED);
    return epochs;
  }

  private static List<Double> parameters(Problem p) {
    return p.model.stateDict().values().stream()
        .map(Tensor::data)
        .flatMapToDouble(DoubleStream::of)
        .boxed()
        .toList();
  }
}
