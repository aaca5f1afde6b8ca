package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.metric.Metric;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.optim.GradientClip;
import doppio.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One step and one validation batch, as if nothing had happened. */
class TrialTest {
  private final Problem problem = new Problem(1);

  @ParameterizedTest
  @CsvSource({"true, 0", "false, 0", "true, 3", "false, 3"})
  void leavesEverythingAsItWas(boolean shared, int blocks) {
    Problem plain = new Problem(1, shared);
    Trainer expected = plain.trainer();
    Problem tried = new Problem(1, shared);
    Trainer trainer = tried.trainer();
    if (blocks > 0) {
      expected.gradientBlocks(blocks);
      trainer.gradientBlocks(blocks);
    }
    expected.fit(Problem.DATA);
    List<Double> before = tried.state();
    trainer.trial(Problem.DATA);
    assertThat(tried.state()).isEqualTo(before);
    trainer.callback(Recorder.stopAfterStep(7)).fit(Problem.DATA);
    before = tried.state();
    trainer.trial(Problem.DATA);
    assertThat(tried.state()).isEqualTo(before);
    trainer.fit(Problem.DATA);
    assertThat(tried.state()).isEqualTo(plain.state());
    assertThat(trainer.training().history().size()).isEqualTo(3);
  }

  /** Also where one row leaves a gradient as factors, whose norm is not added up from elements. */
  @ParameterizedTest
  @CsvSource({"1, true", "1, false", "8, true", "8, false"})
  void gradientsAreToTheBitWhatTheyWere(int rows, boolean fails) {
    Problem expected = withGradients(rows);
    Problem tried = withGradients(rows);
    Trainer trainer = tried.trainer();
    if (fails) {
      trainer.metric(
          "throws",
          (p, t) -> {
            throw new IllegalStateException("in the metric");
          });
      assertThatThrownBy(() -> trainer.trial(Problem.DATA)).hasMessage("in the metric");
    } else {
      trainer.trial(Problem.DATA);
    }
    GradientClip.norm(expected.model.parameters(), 1e-3);
    GradientClip.norm(tried.model.parameters(), 1e-3);
    for (int i = 0; i < expected.model.parameters().size(); i++) {
      Parameter one = expected.model.parameters().get(i);
      Parameter other = tried.model.parameters().get(i);
      assertThat(other.hasGradient()).isEqualTo(one.hasGradient());
      assertThat(other.grad().data()).isEqualTo(one.grad().data());
    }
  }

  /** With gradients of all parameters but one, whose gradient is forgotten. */
  private static Problem withGradients(int rows) {
    Problem problem = new Problem(1);
    Tensor inputs = Problem.DATA.slice(0, rows).inputs();
    problem.model.backward(Tensor.full(0.3, problem.model.forward(inputs).shape()));
    problem.model.parameters().get(3).zeroGrad();
    return problem;
  }

  @Test
  void aGradientThatIsLookedAtIsNotWrittenTo() {
    Problem looked = withGradients(4);
    Tensor seen = looked.model.parameters().get(0).grad();
    double[] before = seen.data().clone();
    looked.trainer().trial(Problem.DATA);
    assertThat(seen.data()).isEqualTo(before);
    looked.model.parameters().get(0).accumulator().data()[0] = 7;
    assertThat(seen.data()[0]).isEqualTo(7);
  }

  @Test
  void parametersThatTheOptimizerHasNotGetNoGradient() {
    List<Parameter> all = problem.model.parameters();
    SGD some = new SGD(all.subList(0, 2), 0.1);
    new Trainer(problem.model, new CrossEntropy(), some).trial(Problem.DATA);
    assertThat(all).noneMatch(Parameter::hasGradient);
  }

  @Test
  void saysWhatTheTwoBatchesGave() {
    double loss =
        new CrossEntropy()
            .forward(problem.model.infer(Problem.HELD_OUT.inputs()), Problem.HELD_OUT.targets());
    problem.optimizer.learningRate(0);
    EpochResult trial =
        new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
            .batchSize(5)
            .validation(Problem.HELD_OUT)
            .metric("accuracy", Metric.accuracy())
            .trial(Problem.DATA);
    assertThat(trial.samples()).isEqualTo(5);
    assertThat(trial.batches()).isEqualTo(1);
    assertThat(trial.validationLoss()).isEqualTo(loss);
    assertThat(trial.metrics()).containsKey("accuracy");
    assertThat(trial.trainLoss()).isFinite();
    assertThat(trial.seconds()).isPositive();
  }

  @Test
  void throwsWhatFitWould() {
    Trainer trainer = problem.trainer();
    List<Double> before = problem.state();
    trainer.metric("error", Metric.meanAbsoluteError());
    assertThatThrownBy(() -> trainer.trial(Problem.DATA))
        .hasMessageStartingWith("metric error: mean absolute error expects");
    Problem other = new Problem(1);
    Dataset bad = new Dataset(Tensor.full(Double.NaN, 22, 4), Problem.DATA.targets());
    Trainer second = other.trainer();
    assertThatThrownBy(() -> second.trial(bad)).isInstanceOf(NonFiniteLossException.class);
    assertThatThrownBy(() -> second.trial(Problem.DATA.slice(0, 0)))
        .hasMessageStartingWith("the training set is empty");
    assertThat(problem.state()).isEqualTo(before);
    assertThat(other.state()).isEqualTo(before);
    Trainer own = new Problem(1).trainer();
    own.metric(
        "throws",
        (p, t) -> {
          throw new IllegalStateException("in the metric");
        });
    assertThatThrownBy(() -> own.trial(Problem.DATA)).hasMessage("in the metric");
  }

  @Test
  void callsNoCallbackAndLeavesSettingsOpen() {
    List<String> seen = new ArrayList<>();
    Trainer trainer = problem.trainer().callback(Recorder.onBatch(t -> seen.add("batch")));
    problem.model.eval();
    trainer.trial(Problem.DATA);
    assertThat(seen).isEmpty();
    assertThat(problem.model.isTraining()).isFalse();
    assertThat(problem.model.parameters()).noneMatch(p -> p.hasGradient());
    assertThat(trainer.metric("later", (p, t) -> 1).fit(Problem.DATA).size()).isEqualTo(3);
  }

  @Test
  void aSourceBeginsForATrialBeforeTheTrainingHas() {
    List<String> calls = new ArrayList<>();
    GradientSource source =
        new GradientSource() {
          @Override
          public void begin(Generator generator) {
            calls.add("begin");
          }

          @Override
          public double compute(Step step) {
            calls.add("compute");
            return 0;
          }
        };
    Trainer trainer = problem.trainer().gradientSource(source);
    assertThat(trainer.training().epoch()).isZero();
    trainer.trial(Problem.DATA);
    assertThat(calls).containsExactly("begin", "compute");
    calls.clear();
    trainer.callback(Recorder.stopAfterStep(1)).fit(Problem.DATA);
    trainer.trial(Problem.DATA);
    assertThat(calls).containsExactly("begin", "compute", "compute");
  }

  @Test
  void aMetricThatCallsEvalBeforeTheStepDoesNotTurnDropoutOff() {
    Metric evaluates =
        new Metric() {
          @Override
          public double of(Tensor predictions, Tensor targets) {
            return 0;
          }

          @Override
          public void check(Tensor predictions, Tensor targets) {
            problem.model.eval();
          }
        };
    EpochResult trial = problem.trainer().metric("evaluates", evaluates).trial(Problem.DATA);
    EpochResult plain = new Problem(1).trainer().trial(Problem.DATA);
    assertThat(trial.trainLoss()).isEqualTo(plain.trainLoss());
  }

  @Test
  void notWhileFitRuns() {
    Trainer trainer = problem.trainer();
    trainer.callback(Recorder.onBatch(t -> trainer.trial(Problem.DATA)));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("fit is running");
  }

  @Test
  void aModelInEvaluationModeIsTriedAsItWillBeTrained() {
    List<Boolean> modes = new ArrayList<>();
    Layer looks =
        new Layer() {
          @Override
          protected void compute(Tensor x, Tensor y) {
            System.arraycopy(x.data(), 0, y.data(), 0, x.size());
          }

          @Override
          protected void record(Tensor x, Tensor y) {
            modes.add(isTraining());
            compute(x, y);
          }

          @Override
          protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
            System.arraycopy(gy.data(), 0, gx.data(), 0, gx.size());
          }
        };
    Module model = new Sequential(looks, new Linear(Problem.INPUTS, Problem.CLASSES));
    model.eval();
    new Trainer(model, new CrossEntropy(), new SGD(model.parameters(), 0.1)).trial(Problem.DATA);
    assertThat(modes).containsExactly(true);
    assertThat(model.isTraining()).isFalse();
  }
}
