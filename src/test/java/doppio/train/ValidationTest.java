package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.loss.L2;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.metric.Metric;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.optim.SGD;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is measured after an epoch, and what is said of it before the first batch. */
class ValidationTest {
  private final Problem problem = new Problem(1);
  private final Trainer trainer =
      new Trainer(problem.model, new CrossEntropy(), problem.optimizer).epochs(2);

  private static Dataset withTarget(Dataset data, int row, double target) {
    Tensor targets = data.targets().copy();
    targets.data()[row] = target;
    return new Dataset(data.inputs(), targets);
  }

  @Test
  void aMetricThatSortsWhatItGetsChangesNothingElse() {
    Dataset heldOut = Problem.data(67, 9);
    double[] targets = heldOut.targets().data().clone();
    Metric sorts =
        (predictions, t) -> {
          Arrays.sort(predictions.data());
          Arrays.sort(t.data());
          return t.data()[0];
        };
    trainer
        .validation(heldOut)
        .metric("before", Metric.accuracy())
        .metric("sorts", sorts)
        .metric("after", Metric.accuracy());
    History history = trainer.fit(Problem.DATA);
    assertThat(history.metric("after")).containsExactly(history.metric("before"));
    assertThat(heldOut.targets().data()).containsExactly(targets);
  }

  @Test
  void aLossThatWritesToItsTargetsChangesNothingElse() {
    Dataset heldOut = Problem.data(67, 9).oneHot(3);
    double[] targets = heldOut.targets().data().clone();
    Loss writes =
        new Loss() {
          @Override
          protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
            target.fill(7);
            gradient.fill(0);
            return 1;
          }
        };
    new Trainer(problem.model, writes, problem.optimizer)
        .validation(heldOut)
        .fit(Problem.DATA.oneHot(3));
    assertThat(heldOut.targets().data()).containsExactly(targets);
  }

  @Test
  void theLossOnTheSetHasTheTermOfItsSize() {
    trainer.epochs(1).validation(Problem.HELD_OUT).l2(0.5);
    double loss = trainer.fit(Problem.DATA).last().validationLoss();
    Tensor predictions = problem.model.infer(Problem.HELD_OUT.inputs());
    assertThat(loss)
        .isEqualTo(
            new CrossEntropy().forward(predictions, Problem.HELD_OUT.targets())
                + L2.penalty(0.5, problem.model.parameters()));
  }

  @Test
  void aMetricThatDoesNotFitIsRefusedBeforeTheFirstBatch() {
    trainer.validation(Problem.HELD_OUT).metric("error", Metric.meanAbsoluteError());
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "metric error: mean absolute error expects predictions and targets of one shape [n,"
                + " ...] but got [9, 3] and [9]");
    assertThat(trainer.training().step()).isZero();
  }

  @Test
  void accuracyOfOneOutputIsRefusedBeforeTheFirstBatch() {
    Module model = new Linear(4, 1);
    Dataset data = new Dataset(Problem.DATA.inputs(), Tensor.zeros(22, 1));
    Trainer one = new Trainer(model, new MSE(), new SGD(model.parameters(), 0.1));
    one.validation(data).metric("accuracy", Metric.accuracy());
    assertThatThrownBy(() -> one.fit(data))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("metric accuracy: accuracy expects predictions [n, classes]");
    assertThat(one.training().step()).isZero();
  }

  @Test
  void aLabelThatIsNoClassIsRefusedBeforeTheFirstBatch() {
    for (double bad : new double[] {3, -1, 0.5, Double.NaN}) {
      trainer.validation(withTarget(Problem.HELD_OUT, 4, bad));
      assertThatThrownBy(() -> trainer.fit(Problem.DATA))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the validation set: ")
          .hasMessageContaining("4")
          .hasMessageContaining("got " + bad);
      assertThat(trainer.training().step()).isZero();
    }
    trainer.validation(Problem.HELD_OUT);
    assertThatThrownBy(() -> trainer.fit(withTarget(Problem.data(1, 3000), 2500, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("row 2500 of the training set: ")
        .hasMessageContaining("got 3.0");
    assertThat(trainer.training().step()).isZero();
  }

  @Test
  void aSetOfIgnoredLabelsIsRefusedBeforeTheFirstBatch() {
    Trainer ignores =
        new Trainer(problem.model, new CrossEntropy().ignoreIndex(-100), problem.optimizer);
    ignores.validation(new Dataset(Problem.HELD_OUT.inputs(), Tensor.full(-100, 9)));
    assertThatThrownBy(() -> ignores.fit(Problem.DATA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the validation set: ")
        .hasMessageContaining("expects a target that counts");
    ignores.validation(withTarget(Problem.HELD_OUT, 2, -100));
    assertThat(ignores.fit(withTarget(Problem.DATA, 3, -100)).size()).isEqualTo(1);
  }

  @Test
  void nanInTheSetIsSaidBeforeTheFirstBatchWithRowAndColumn() {
    Dataset heldOut = Problem.data(67, 9);
    heldOut.inputs().set(Double.NaN, 4, 1);
    trainer.validation(heldOut);
    NonFiniteLossException e =
        catchThrowableOfType(NonFiniteLossException.class, () -> trainer.fit(Problem.DATA));
    assertThat(e)
        .hasMessage(
            "the validation loss would be NaN: the inputs of the validation set have NaN in row 4,"
                + " column 1");
    assertThat(e.epoch()).isZero();
    assertThat(e.batch()).isZero();
    assertThat(trainer.training().step()).isZero();
  }

  @Test
  void nanInTheTargetsIsNamedToo() {
    Module model = new Linear(4, 2);
    Dataset data = new Dataset(Problem.DATA.inputs(), Tensor.zeros(22, 2));
    Dataset bad = new Dataset(data.inputs(), Tensor.zeros(22, 2));
    bad.targets().set(Double.NaN, 21, 1);
    Trainer regression = new Trainer(model, new MSE(), new SGD(model.parameters(), 0.01));
    assertThatThrownBy(() -> regression.validation(bad).fit(data))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessage(
            "the validation loss would be NaN: the targets of the validation set have NaN in row"
                + " 21, column 1");
  }

  /** Zeroes what is NaN. */
  private static Module imputing(Module model) {
    return new Sequential(new Imputing(), model);
  }

  @Test
  void aModelThatTakesNaNIsNotRefused() {
    Dataset heldOut = Problem.data(67, 9);
    heldOut.inputs().set(Double.NaN, 4, 1);
    Module model = imputing(new Linear(4, 3));
    History history =
        new Trainer(model, new CrossEntropy(), new SGD(model.parameters(), 0.1))
            .validation(heldOut)
            .fit(Problem.DATA);
    assertThat(history.last().validationLoss()).isFinite();
  }

  @Test
  void aLossThatBecomesNaNIsAnErrorWithItsPlace() {
    Module model = new Sequential(new Linear(4, 3), new Linear(3, 3));
    Trainer breaks = new Trainer(model, new CrossEntropy(), new SGD(model.parameters(), 0.1));
    breaks.validation(Problem.HELD_OUT).metric("accuracy", Metric.accuracy());
    breaks.callback(
        Recorder.onBatch(
            t -> t.model().namedParameters().get("1.bias").value().set(Double.NaN, 2)));
    NonFiniteLossException e =
        catchThrowableOfType(NonFiniteLossException.class, () -> breaks.fit(Problem.DATA));
    assertThat(e)
        .hasMessage(
            "the validation loss is NaN after epoch 1: the predictions of the validation set have"
                + " NaN in row 0, column 2: layer 1, Linear(3 → 3), has NaN at [2] of its bias");
    assertThat(e.layer()).contains("1");
    assertThat(e.epoch()).isEqualTo(1);
    assertThat(breaks.training().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(breaks.training().epoch()).isZero();
  }

  @Test
  void aMetricThatIsNaNForATargetOrAWholeBatchIsAnErrorWithItsPlace() {
    Layer alone =
        new Layer() {
          @Override
          protected void compute(Tensor x, Tensor y) {
            y.fill(x.dim(0) > 1 ? Double.NaN : 0);
          }

          @Override
          protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
            gx.fill(0);
          }
        };
    Loss anything =
        new Loss() {
          @Override
          protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
            gradient.fill(0);
            return 1;
          }
        };
    for (boolean ofTarget : new boolean[] {true, false}) {
      Linear layer = new Linear(4, 3);
      Module model = ofTarget ? layer : new Sequential(layer, alone);
      Dataset heldOut = new Dataset(Tensor.zeros(5, 4), Tensor.zeros(5, 3));
      heldOut.targets().set(ofTarget ? Double.NaN : 0, 3, 0);
      Trainer bad = new Trainer(model, anything, new SGD(model.parameters(), 0.1));
      bad.validation(heldOut).metric("error", Metric.meanAbsoluteError());
      assertThatThrownBy(() -> bad.fit(new Dataset(Tensor.zeros(5, 4), Tensor.zeros(5, 3))))
          .isInstanceOf(NonFiniteLossException.class)
          .hasMessage(
              "the metric error is NaN after epoch 1: the "
                  + (ofTarget
                      ? "targets of the validation set have NaN in row 3, column 0"
                      : "predictions of the validation set have NaN in row 0, column 0"));
    }
  }

  @Test
  void whatALayerPutsOutIsNoErrorWherePredictionsAreFinite() {
    Linear first = new Linear(4, 3);
    Module model = new Sequential(first, new Sigmoid());
    Trainer infinite = new Trainer(model, new CrossEntropy(), new SGD(model.parameters(), 0));
    infinite.callback(
        Recorder.onBatch(t -> first.parameters().get(1).value().fill(Double.MAX_VALUE)));
    infinite.callback(Recorder.onBatch(t -> first.weight().value().fill(Double.MAX_VALUE)));
    infinite.validation(new Dataset(Tensor.full(9, 5, 4), Tensor.zeros(5)));
    infinite.metric("zero of zero", (p, t) -> 0.0 / 0);
    assertThat(infinite.fit(Problem.DATA).metric("zero of zero")).containsExactly(Double.NaN);
  }

  @Test
  void aNaNInARowThatIsIgnoredIsLeftToTheLoss() {
    Dataset heldOut = withTarget(Problem.data(67, 9), 4, -100);
    heldOut.inputs().set(Double.NaN, 4, 1);
    Trainer ignores =
        new Trainer(problem.model, new CrossEntropy().ignoreIndex(-100), problem.optimizer);
    assertThat(ignores.validation(heldOut).fit(Problem.DATA).last().validationLoss()).isFinite();
  }

  @Test
  void aMetricThatIsNaNForAPredictionIsAnErrorWithItsPlace() {
    Loss anything =
        new Loss() {
          @Override
          protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
            gradient.fill(0);
            return 1;
          }

          @Override
          public String toString() {
            return "Anything";
          }
        };
    Dataset heldOut = new Dataset(Tensor.zeros(5, 4), Tensor.zeros(5, 3));
    heldOut.inputs().set(Double.NaN, 3, 0);
    Module model = new Linear(4, 3);
    Trainer bad = new Trainer(model, anything, new SGD(model.parameters(), 0.1));
    bad.validation(heldOut).metric("error", Metric.meanAbsoluteError());
    assertThatThrownBy(() -> bad.fit(new Dataset(Tensor.zeros(5, 4), Tensor.zeros(5, 3))))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessage(
            "the metric error is NaN after epoch 1: the inputs of the validation set have NaN in"
                + " row 3, column 0");
  }

  @Test
  void aMetricThatIsUndefinedForFiniteNumbersIsNone() {
    trainer.validation(Problem.HELD_OUT).metric("zero of zero", (p, t) -> 0.0 / 0);
    assertThat(trainer.fit(Problem.DATA).metric("zero of zero"))
        .containsExactly(Double.NaN, Double.NaN);
  }

  @Test
  void aLossThatIsNaNOfItselfIsNamed() {
    List<Double> values = new ArrayList<>(List.of(1.0, Double.NaN));
    Loss once =
        new Loss() {
          @Override
          protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
            gradient.fill(0);
            return values.remove(0);
          }

          @Override
          public String toString() {
            return "Once";
          }
        };
    Module model = new Linear(4, 3);
    Dataset data = new Dataset(Tensor.zeros(5, 4), Tensor.zeros(5, 3));
    Trainer bad = new Trainer(model, once, new SGD(model.parameters(), 0.1)).validation(data);
    assertThatThrownBy(() -> bad.fit(data))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessage(
            "the validation loss is NaN after epoch 1: inputs, targets and predictions are finite,"
                + " so it comes from Once itself or the L2 term");
  }

  @Test
  void aLaterRowWhosePredictionIsNotFiniteIsNamed() {
    Linear layer = new Linear(4, 3);
    Module model = new Sequential(layer);
    Tensor inputs = Tensor.zeros(5, 4).set(1e10, 3, 1);
    Trainer breaks =
        new Trainer(model, new CrossEntropy(), new SGD(model.parameters(), 0.1))
            .validation(new Dataset(inputs, Tensor.zeros(5)));
    breaks.callback(Recorder.onBatch(t -> layer.weight().value().set(1e300, 2, 1)));
    assertThatThrownBy(() -> breaks.fit(Problem.DATA.slice(0, 4)))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessage(
            "the validation loss is NaN after epoch 1: the predictions of the validation set have"
                + " Infinity in row 3, column 2: layer 0, Linear(4 → 3), is the first to put out"
                + " Infinity at [0, 2]");
  }
}
