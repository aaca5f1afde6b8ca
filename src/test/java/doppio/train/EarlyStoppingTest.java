package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import doppio.loss.CrossEntropy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private Trainer scored(Problem p, double... scores) {
    Iterator<Double> values = DoubleStream.of(scores).iterator();
    return new Trainer(p.model, new CrossEntropy(), p.optimizer)
        .epochs(scores.length)
        .validation(Problem.HELD_OUT)
        .metric("score", (predictions, targets) -> values.next());
  }

  /** Notes the parameters after each epoch. */
  private static Callback noting(Problem p, List<List<Double>> states) {
    return Recorder.onEpoch(t -> states.add(parameters(p)));
  }

  @Test
  void oneForSeveralTrainersKnowsEachByItself() {
    EarlyStopping stopping = stopping(2).restoreBest();
    List<Problem> problems = List.of(new Problem(1), new Problem(2), new Problem(3));
    List<List<List<Double>>> states = new ArrayList<>();
    List<Trainer> trainers = new ArrayList<>();
    double[][] scores = {{1, 5, 3, 3, 9}, {7, 8, 9}, {1, 0, 0}};
    for (int i = 0; i < 3; i++) {
      states.add(new ArrayList<>());
      trainers.add(
          scored(problems.get(i), scores[i])
              .callback(noting(problems.get(i), states.get(i)))
              .callback(stopping));
      trainers.get(i).fit(Problem.DATA);
    }
    int[] best = {2, 3, 1};
    int[] ran = {4, 3, 3};
    for (int i = 0; i < 3; i++) {
      assertThat(states.get(i)).hasSize(ran[i]);
      assertThat(parameters(problems.get(i))).isEqualTo(states.get(i).get(best[i] - 1));
      assertThat(trainers.get(i).training().restoredEpoch()).isEqualTo(best[i] == 3 ? 0 : best[i]);
    }
    // The first one goes on where it was, though others came in between.
    trainers.get(0).epochs(9).fit(Problem.DATA);
    assertThat(states.get(0)).hasSize(4);
    assertThat(parameters(problems.get(0))).isEqualTo(states.get(0).get(1));
  }

  @Test
  void afterAResumeTheFirstModelsParametersAreNotInstalled() throws IOException {
    Path file = folder.resolve("file.safetensors");
    Problem other = new Problem(7);
    Trainer first = scored(other, 1, 5, 4);
    first.fit(Problem.DATA);
    first.save(file);

    // Its best epoch has the same number as that in the file.
    Trainer trainer = scored(2, 9, 1, 1).callback(stopping(2).restoreBest());
    trainer.fit(Problem.DATA);
    trainer.resume(file).epochs(9);
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "EarlyStopping cannot restore epoch 2, the best one: it was before the training was"
                + " resumed");
    assertThat(parameters(problem)).isEqualTo(parameters(other));
  }

  @Test
  void afterAResumeTheBestCheckpointHasTheParameters() throws IOException {
    Path file = folder.resolve("file.safetensors");
    Path best = folder.resolve("best.safetensors");
    Monitor highest = Monitor.highest("score");
    List<List<Double>> states = new ArrayList<>();
    Trainer first = scored(1, 5, 4).callback(Checkpoints.best(best, highest));
    first.callback(noting(problem, states)).fit(Problem.DATA);
    first.save(file);

    Problem second = new Problem(9);
    Trainer resumed = scored(second, 3, 3, 3).epochs(9).resume(file);
    resumed.callback(Checkpoints.best(best, Monitor.highest("score")));
    resumed.callback(stopping(3).restoreBest());
    assertThat(resumed.fit(Problem.DATA).size()).isEqualTo(5);
    assertThat(parameters(second)).isEqualTo(states.get(1));
    assertThat(resumed.training().restoredEpoch()).isEqualTo(2);
  }

  @Test
  void aBestCheckpointOfAnotherTrainingIsNotTaken() throws IOException {
    Path file = folder.resolve("file.safetensors");
    Path best = folder.resolve("best.safetensors");
    Monitor highest = Monitor.highest("score");
    scored(new Problem(5), 1, 9).callback(Checkpoints.best(best, highest)).fit(Problem.DATA);
    Path own = folder.resolve("own.safetensors");
    Trainer first = scored(1, 5, 4).callback(Checkpoints.best(own, highest));
    first.fit(Problem.DATA);
    first.save(file);
    Path text = Files.writeString(folder.resolve("text"), "no checkpoint");
    Path byHand = folder.resolve("hand");
    new Checkpoint(problem.model).save(byHand);
    for (Path path :
        List.of(
            best,
            folder.resolve("missing"),
            file,
            text,
            byHand,
            changed(own, 0),
            changed(own, 1))) {
      Trainer resumed = scored(new Problem(9), 3, 3).epochs(9).resume(file);
      resumed.callback(Checkpoints.best(path, highest)).callback(stopping(3).restoreBest());
      assertThatThrownBy(() -> resumed.fit(Problem.DATA))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "EarlyStopping cannot restore epoch 2, the best one: it was before the training was"
                  + " resumed, and is not in "
                  + path);
      assertThat(resumed.training().step()).isEqualTo(3);
    }
    Trainer other = scored(new Problem(9), 3, 3).epochs(9).resume(file);
    other.callback(Checkpoints.best(best)).callback(stopping(3).restoreBest());
    assertThatThrownBy(() -> other.fit(Problem.DATA))
        .as("that one watches something else")
        .hasMessageEndingWith("resumed");
  }

  /** A checkpoint of another model: a parameter has another shape, or is not there. */
  private Path changed(Path checkpoint, int how) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(SafeTensors.load(checkpoint));
    Tensor bias = tensors.remove("0.bias");
    if (how == 0) {
      tensors.put("0.bias", bias.reshape(1, bias.size()));
    }
    Path file = folder.resolve("changed" + how);
    SafeTensors.save(file, tensors, Dtype.F64, Map.of("doppio.checkpoint", "2"));
    return file;
  }

  @Test
  void theEpochThatWasRestoredIsTheOneReported() {
    // With minDelta the best epoch is not that of the best number.
    EarlyStopping stopping =
        new EarlyStopping(3, 0.5).watch(Monitor.highest("score")).restoreBest();
    List<List<Double>> states = new ArrayList<>();
    Trainer trainer = scored(1, 2, 2.2, 2.4, 2.45).callback(stopping);
    trainer.callback(noting(problem, states)).fit(Problem.DATA);
    assertThat(trainer.training().restoredEpoch()).isEqualTo(2);
    assertThat(parameters(problem)).isEqualTo(states.get(1));
    assertThat(Monitor.highest("score").best(trainer.training().history())).isEqualTo(5);
  }

  @Test
  void withoutARestoredEpochNoneIsReported() {
    Trainer trainer = scored(1, 2, 1).callback(stopping(5));
    trainer.fit(Problem.DATA);
    assertThat(trainer.training().restoredEpoch()).isZero();
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

  @Test
  void patienceCountsTheEpochsSinceTheBest() {
    Monitor highest = Monitor.highest("score");
    for (int patience = 1; patience <= 4; patience++) {
      double[] scores = new double[9];
      scores[2] = 1;
      EarlyStopping stopping = new EarlyStopping(patience).watch(highest);
      // Where patience is 1 the second epoch, no better than the first, is the last.
      int expected = patience == 1 ? 2 : 3 + patience;
      assertThat(epochs(stopping, scores)).as("patience %d", patience).isEqualTo(expected);
    }
  }

  @Test
  void exactlyMinDeltaIsNoImprovementAndTheNextNumberIsOne() {
    Monitor highest = Monitor.highest("score");
    double more = Math.nextUp(1.5);
    assertThat(epochs(new EarlyStopping(2, 0.5).watch(highest), 1, 1.5, 1.5, 9)).isEqualTo(3);
    assertThat(epochs(new EarlyStopping(2, 0.5).watch(highest), 1, more, 1, 1, 9)).isEqualTo(4);
  }

  @Test
  void aTrainingThatIsCompletedGivesTheBestEpochBackAndAnInterruptedOneTheLast() {
    for (boolean completed : new boolean[] {true, false}) {
      Problem p = new Problem(1);
      List<List<Double>> states = new ArrayList<>();
      Iterator<Double> values = List.of(1.0, 5.0, 3.0, 2.0).iterator();
      Trainer trainer =
          new Trainer(p.model, new CrossEntropy(), p.optimizer)
              .epochs(4)
              .validation(Problem.HELD_OUT)
              .metric("score", (predictions, targets) -> values.next())
              .callback(stopping(9).restoreBest())
              .callback(noting(p, states));
      if (!completed) {
        trainer.callback(Recorder.onEpoch(t -> interruptAfter(3, t, trainer)));
      }
      trainer.fit(Problem.DATA);
      assertThat(parameters(p)).isEqualTo(states.get(completed ? 1 : 2));
      assertThat(trainer.training().restoredEpoch()).isEqualTo(completed ? 2 : 0);
    }
  }

  private static void interruptAfter(int epoch, Training training, Trainer trainer) {
    if (training.epoch() == epoch) {
      trainer.interrupt();
    }
  }

  @Test
  void aStopWithinAnEpochGivesTheBestOneBackThoughItWasTheLastWhole() {
    List<List<Double>> states = new ArrayList<>();
    Trainer trainer = scored(1, 5, 3).callback(stopping(9).restoreBest());
    trainer.batchSize(11).callback(Recorder.stopAfterStep(5)).callback(noting(problem, states));
    trainer.fit(Problem.DATA);
    assertThat(trainer.training().batch()).isEqualTo(1);
    assertThat(trainer.training().restoredEpoch()).isEqualTo(2);
    assertThat(parameters(problem)).isEqualTo(states.get(1));
  }

  @Test
  void aBestEpochThatIsTheFilesLastNeedsNoOtherFile() throws IOException {
    Path file = folder.resolve("file");
    Trainer first = scored(1, 5).callback(stopping(9).restoreBest());
    first.fit(Problem.DATA);
    first.save(file);
    List<Double> best = parameters(problem);
    Trainer second = scored(4, 3).epochs(4).callback(stopping(9).restoreBest()).resume(file);
    second.fit(Problem.DATA);
    assertThat(second.training().restoredEpoch()).isEqualTo(2);
    assertThat(parameters(problem)).isEqualTo(best);
  }

  @Test
  void theParametersInTheMiddleOfAnEpochAreNotThoseOfTheBestOne() throws IOException {
    Path file = folder.resolve("file");
    Trainer first = scored(5, 4).batchSize(11).callback(Recorder.stopAfterStep(3));
    first.fit(Problem.DATA);
    first.save(file);
    Trainer second = scored(4).epochs(2).batchSize(11).callback(stopping(2).restoreBest());
    second.resume(file);
    assertThatThrownBy(() -> second.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("EarlyStopping cannot restore epoch 1");
  }

  @Test
  void aTrainingOfNoEpochHasNothingToRestore() {
    Trainer trainer = scored().callback(new EarlyStopping(1).restoreBest());
    trainer.fit(Problem.DATA);
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(trainer.training().restoredEpoch()).isZero();
  }

  @Test
  void itPrintsItsSettings() {
    assertThat(new EarlyStopping(3))
        .hasToString("EarlyStopping(patience 3, lowest validation loss)");
    assertThat(new EarlyStopping(3, 0.5).watch(Monitor.highest("score")).restoreBest())
        .hasToString("EarlyStopping(patience 3, min delta 0.5, highest score, restores the best)");
    assertThatThrownBy(() -> new EarlyStopping(0)).hasMessage("patience must be at least 1, got 0");
    assertThatThrownBy(() -> new EarlyStopping(1, -0.5))
        .hasMessage("minDelta must be finite and not negative, got -0.5");
  }
}
