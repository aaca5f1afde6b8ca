package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.Hinge;
import doppio.loss.MSE;
import doppio.loss.Reduction;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.optim.Adagrad;
import doppio.optim.Adam;
import doppio.optim.AdamW;
import doppio.optim.GradientClip;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import doppio.optim.ParameterGroup;
import doppio.optim.ParameterState;
import doppio.optim.RMSprop;
import doppio.optim.SGD;
import doppio.optim.Schedule;
import doppio.own.Centre;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loss that is finite, with a gradient that is not. */
class NonFiniteGradientTest {
  @TempDir private Path folder;
  private final Generator generator = new Generator(1);

  @Test
  void noStepIsMadeAndThePlaceIsNamed() {
    Linear first = new Linear(2, 2, generator);
    first.weight().value().fill(0);
    first.bias().value().fill(0);
    Centre centre = new Centre(2);
    Sequential model = new Sequential(centre, first, new RootOfSize(), new Linear(2, 1, generator));
    Dataset data = new Dataset(RandomTensors.normal(1, 6, 2), RandomTensors.normal(2, 6, 1));
    Trainer trainer =
        new Trainer(model, new MSE(), new SGD(model.parameters(), 0.1)).batchSize(3).inOrder();
    Map<String, double[]> before = state(model);
    assertThatThrownBy(() -> trainer.fit(data))
        .isInstanceOfSatisfying(
            NonFiniteGradientException.class,
            e -> {
              assertThat(e.gradient()).isNaN();
              assertThat(e.epoch()).isEqualTo(1);
              assertThat(e.batch()).isEqualTo(1);
              assertThat(e.parameter()).isEqualTo("1.weight");
            })
        .hasMessage(
            "the gradient of 1.weight, of Linear(2 → 2), has NaN at [0, 0] in epoch 1, batch 1; no"
                + " step was made");
    assertSame(model, before);
    assertThat(trainer.training().step()).isZero();
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void aSumThatOverflowsInTheGradientAloneIsFound() {
    Linear model = new Linear(1, 1, false, generator);
    model.weight().value().fill(0);
    Dataset data =
        new Dataset(Tensor.full(Double.MAX_VALUE, 2, 1), Tensor.of(new double[][] {{1}, {1}}));
    Trainer trainer =
        new Trainer(model, new Hinge(Reduction.SUM), new SGD(model.parameters(), 0.1));
    assertThatThrownBy(() -> trainer.fit(data))
        .hasMessage(
            "the gradient of weight, of Linear(1 → 1, no bias), has -Infinity at [0, 0] in epoch 1,"
                + " batch 1; no step was made");
    assertThat(model.weight().value().data()).containsExactly(0);
  }

  @Test
  void buffersAreAsBeforeTheBatchWhoseLossIsNotFinite() {
    Sequential model = new Sequential(new Centre(1), new Linear(1, 1, generator));
    Tensor inputs = RandomTensors.normal(1, 8, 1).set(Double.NaN, 5, 0);
    double[] after = new double[1];
    Trainer trainer =
        new Trainer(model, new MSE(), new SGD(model.parameters(), 0.1))
            .batchSize(4)
            .inOrder()
            .callback(
                new Callback() {
                  @Override
                  public void batch(Training training) {
                    after[0] = model.namedBuffers().get("0.running_mean").get(0);
                  }
                });
    assertThatThrownBy(() -> trainer.fit(new Dataset(inputs, Tensor.zeros(8, 1))))
        .isInstanceOf(NonFiniteLossException.class);
    assertThat(model.namedBuffers().get("0.running_mean").data()).containsExactly(after);
    assertThat(after[0]).isNotZero();
  }

  @Test
  void whatTheOptimizerCannotSquareIsRefusedByTrainerAndOptimizer() {
    for (Function<List<Parameter>, Optimizer> rule :
        List.<Function<List<Parameter>, Optimizer>>of(
            p -> new Adam(p, 0.1),
            p -> new AdamW(p, 0.1),
            p -> new RMSprop(p, 0.1),
            p -> new Adagrad(p, 0.1))) {
      Linear model = new Linear(1, 1, false, generator);
      double weight = model.weight().value().get(0, 0);
      Optimizer optimizer = rule.apply(model.parameters());
      double limit = optimizer.largestGradient();
      assertThat(limit).isEqualTo(optimizer instanceof Adagrad ? 1e150 : 1e154);
      Trainer trainer = new Trainer(model, new Hinge(), optimizer);
      Dataset data = new Dataset(Tensor.full(1e160, 1, 1), Tensor.full(weight > 0 ? -1 : 1, 1, 1));
      assertThatThrownBy(() -> trainer.fit(data))
          .isInstanceOf(NonFiniteGradientException.class)
          .hasMessageContaining("E160 at [0, 0], beyond the " + limit + " of " + optimizer)
          .hasMessageEndingWith(" in epoch 1, batch 1; no step was made");
      model.weight().accumulator().fill(1e160);
      assertThatThrownBy(optimizer::step)
          .isInstanceOf(ArithmeticException.class)
          .hasMessageStartingWith("the gradient of a Parameter[1, 1] has an element that is not");
      assertThat(model.weight().value().data()).containsExactly(weight);
      model.weight().accumulator().fill(0.99 * limit);
      optimizer.step();
      assertThat(model.weight().value().get(0, 0)).isNotEqualTo(weight).isFinite();
    }
  }

  @Test
  void aRuleThatAddsUpSquaresGoesOnMoving() {
    Parameter p = new Parameter(Tensor.of(1));
    Optimizer adagrad = new Adagrad(List.of(p), 0.1);
    p.accumulator().fill(1e150);
    double last = 1;
    for (int t = 0; t < 100; t++) {
      adagrad.step();
      assertThat(p.value().get(0)).isLessThan(last);
      last = p.value().get(0);
    }
  }

  @Test
  void stepsTooLargeForADoubleAreFoundBeforeAnyoneRelies() throws IOException {
    for (Function<List<Parameter>, Optimizer> rule :
        List.<Function<List<Parameter>, Optimizer>>of(
            p -> new SGD(p, 1e300), p -> new Momentum(p, 1e300, 0.9))) {
      Linear model = new Linear(1, 1, false, generator);
      Optimizer optimizer = rule.apply(model.parameters());
      Path file = folder.resolve("file");
      new Checkpoint(model).save(file);
      byte[] good = Files.readAllBytes(file);
      Dataset data = new Dataset(Tensor.full(1e20, 2, 1), Tensor.full(0, 2, 1));
      for (Callback saves : List.of(Checkpoints.everySteps(1, file), new Callback() {})) {
        model.weight().value().fill(1);
        Trainer trainer = new Trainer(model, new MSE(), optimizer).callback(saves);
        assertThatThrownBy(() -> trainer.fit(data))
            .isInstanceOf(ArithmeticException.class)
            .hasMessage(
                "weight, of Linear(1 → 1, no bias), has -Infinity at [0, 0]: steps of "
                    + optimizer
                    + " were too large for a double; a checkpoint of such a model is not saved");
        assertThat(trainer.training().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(file).hasBinaryContent(good);
      }
    }
  }

  @Test
  void theLargestDoubleIsSavedAndSoIsWhatIsFrozen() throws IOException {
    Linear model = new Linear(2, 1, generator);
    model.weight().value().fill(-Double.MAX_VALUE);
    model.parameters().get(1).value().fill(Double.NaN);
    model.parameters().get(1).frozen(true);
    Trainer trainer = new Trainer(model, new MSE(), new SGD(model.parameters(), 0.1));
    trainer.save(new ByteArrayOutputStream());
    model.parameters().get(1).frozen(false);
    assertThatThrownBy(() -> trainer.save(new ByteArrayOutputStream()))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageStartingWith("bias, of Linear(2 → 1), has NaN at [0]: steps of SGD");
    model.weight().value().set(Double.POSITIVE_INFINITY, 0, 1);
    assertThatThrownBy(() -> trainer.save(new ByteArrayOutputStream()))
        .hasMessageStartingWith("weight, of Linear(2 → 1), has Infinity at [0, 1]: steps of SGD");
  }

  @Test
  void aParameterThatIsNotTheModelsIsNamedByItsShape() {
    Linear model = new Linear(2, 1, generator);
    Parameter ofALoss = new Parameter(Tensor.of(1, Double.NaN));
    List<Parameter> all = new ArrayList<>(model.parameters());
    all.add(ofALoss);
    Trainer trainer = new Trainer(model, new MSE(), new SGD(all, 0.1));
    assertThatThrownBy(() -> trainer.save(new ByteArrayOutputStream()))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageStartingWith("Parameter[2] has NaN at [1]: steps of SGD");
  }

  @Test
  void theGradientOfWhatIsFrozenIsNotLookedAt() {
    Linear model = new Linear(1, 1, generator);
    Parameter bias = model.parameters().get(1);
    bias.frozen(true);
    Trainer trainer = new Trainer(model, new MSE(), new SGD(model.parameters(), 0.1));
    trainer.callback(
        new Callback() {
          @Override
          public void gradients(Training training) {
            bias.accumulator().fill(Double.NaN);
          }
        });
    trainer.fit(new Dataset(RandomTensors.normal(1, 6, 1), RandomTensors.normal(2, 6, 1)));
    assertThat(trainer.training().step()).isEqualTo(1);
  }

  @Test
  void aStepThatIsNotMadeLeavesTheLossAndTheRateOfTheLastOne() {
    Linear model = new Linear(1, 1, generator);
    int[] updates = {0};
    Optimizer fails =
        new Optimizer(model.parameters(), 0.5) {
          @Override
          protected void update(Parameter p, ParameterState state, ParameterGroup group) {
            if (++updates[0] == 6) {
              throw new IllegalStateException("no");
            }
          }
        };
    Dataset data = new Dataset(RandomTensors.normal(1, 6, 1), RandomTensors.normal(2, 6, 1));
    Trainer trainer =
        new Trainer(model, new MSE(), fails)
            .batchSize(2)
            .schedulePerStep(Schedule.exponential(0.5));
    assertThatThrownBy(() -> trainer.fit(data)).hasMessage("no");
    Training training = trainer.training();
    assertThat(training.step()).isEqualTo(2);
    assertThat(training.loss()).isEqualTo(training.history().batchLoss()[1]);
    assertThat(training.running.learningRate).isEqualTo(0.25);
  }

  @Test
  void whereARuleOfOnesOwnThrowsBuffersAreAsBeforeTheBatch() {
    Sequential model = new Sequential(new Centre(1), new Linear(1, 1, generator));
    Optimizer failing =
        new Optimizer(model.parameters(), 0.1) {
          @Override
          protected void update(Parameter p, ParameterState state, ParameterGroup group) {
            p.value().fill(7);
            if (p.value().rank() == 1) {
              throw new IllegalStateException("no");
            }
          }
        };
    Map<String, double[]> before = state(model);
    Trainer trainer = new Trainer(model, new MSE(), failing);
    Dataset data = new Dataset(RandomTensors.normal(1, 6, 1), RandomTensors.normal(2, 6, 1));
    assertThatThrownBy(() -> trainer.fit(data)).isInstanceOf(IllegalStateException.class);
    assertSame(model, before);
    assertThat(trainer.training().step()).isZero();
  }

  @Test
  void clippingMeasuresWhatSquaresCannot() {
    assertThat(clipped(1, 3e200, 4e200)).containsExactly(new double[] {0.6, 0.8}, offset());
    assertThat(clipped(1, 3e-200, 4e-200)).containsExactly(3e-200, 4e-200);
    assertThat(clipped(Double.POSITIVE_INFINITY, 1e200, -3)).containsExactly(1e200, -3);
    assertThat(clipped(1, 0, 0)).containsExactly(0, 0);
    assertThat(clipped(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 1))
        .containsExactly(Double.POSITIVE_INFINITY, 1);
    assertThat(clipped(Double.POSITIVE_INFINITY, Double.NaN, 1)).containsExactly(Double.NaN, 1);
    assertThat(clipped(1, Double.MAX_VALUE, Double.MAX_VALUE))
        .containsExactly(new double[] {Math.sqrt(0.5), Math.sqrt(0.5)}, offset());
    assertThat(norm(3e200, 4e200)).isCloseTo(5e200, withinPercentage(1e-10));
    assertThat(norm(3e-200, 4e-200)).isCloseTo(5e-200, withinPercentage(1e-10));
    assertThat(norm(0, 0)).isZero();
    assertThat(norm(3e-170, 4e-170)).isCloseTo(5e-170, withinPercentage(1e-10));
    assertThat(norm(Double.NaN, 1)).isNaN();
    assertThat(norm(Double.POSITIVE_INFINITY, 1)).isInfinite();
  }

  @Test
  void clippingDoesNotHideAGradientThatIsNotFinite() {
    Linear model = new Linear(1, 1, false, generator);
    model.weight().value().fill(0);
    Sequential network = new Sequential(model, new RootOfSize());
    Trainer trainer =
        new Trainer(network, new MSE(), new SGD(network.parameters(), 0.1))
            .clipNorm(1)
            .clipValue(1);
    assertThatThrownBy(() -> trainer.fit(new Dataset(Tensor.full(1, 1, 1), Tensor.full(1, 1, 1))))
        .isInstanceOf(NonFiniteGradientException.class);
    assertThat(model.weight().value().data()).containsExactly(0);
  }

  @Test
  void aGradientKeptAsFactorsIsJudgedByABoundAndThenByItself() {
    Linear model = new Linear(8, 8, false, generator);
    // The bound, 1e200 · 1e200, overflows; the products are 0 and 1e200.
    double[] x = new double[8];
    double[] gy = new double[8];
    x[0] = 1e200;
    gy[1] = 1;
    model.forward(Tensor.wrap(x, 8));
    model.accumulateGradients(Tensor.wrap(gy, 8));
    assertThat(model.weight().hasGradientWithin(Double.MAX_VALUE)).isTrue();
    assertThat(model.weight().hasGradientWithin(1e199)).isFalse();
    model.zeroGrad();
    assertThat(model.weight().hasGradientWithin(0)).isTrue();
    gy[2] = 1e200;
    model.forward(Tensor.wrap(x, 8));
    model.accumulateGradients(Tensor.wrap(gy, 8));
    assertThat(model.weight().hasGradientWithin(Double.MAX_VALUE)).isFalse();
    model.zeroGrad();
    gy[2] = Double.NaN;
    model.forward(Tensor.wrap(x, 8));
    model.accumulateGradients(Tensor.wrap(gy, 8));
    assertThat(model.weight().hasGradientWithin(Double.MAX_VALUE)).isFalse();
  }

  private static double[] clipped(double max, double... gradient) {
    Parameter p = new Parameter(Tensor.zeros(gradient.length));
    System.arraycopy(gradient, 0, p.accumulator().data(), 0, gradient.length);
    GradientClip.norm(List.of(p), max);
    return p.grad().data();
  }

  private static double norm(double... gradient) {
    Parameter p = new Parameter(Tensor.zeros(gradient.length));
    System.arraycopy(gradient, 0, p.accumulator().data(), 0, gradient.length);
    return GradientClip.norm(List.of(p), 1);
  }

  private static Offset<Double> offset() {
    return Offset.offset(1e-6);
  }

  private static Map<String, double[]> state(Module model) {
    Map<String, double[]> state = new LinkedHashMap<>();
    model.stateDict().forEach((name, t) -> state.put(name, t.data().clone()));
    return state;
  }

  private static void assertSame(Module model, Map<String, double[]> expected) {
    model
        .stateDict()
        .forEach((name, t) -> assertThat(t.data()).as(name).containsExactly(expected.get(name)));
  }

  /** √|x|, whose slope at 0 is infinite. */
  private static final class RootOfSize extends Layer {
    @Override
    protected void compute(Tensor x, Tensor y) {
      for (int i = 0; i < x.size(); i++) {
        y.data()[i] = Math.sqrt(Math.abs(x.data()[i]));
      }
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      for (int i = 0; i < x.size(); i++) {
        gx.data()[i] = gy.data()[i] * Math.signum(x.data()[i]) / (2 * y.data()[i]);
      }
    }
  }

  @Test
  void eachWayOfClippingRefusesAnInfiniteGradientAndNamesItsPlace() {
    for (boolean byValue : new boolean[] {true, false}) {
      Linear model = new Linear(3, 1, false, generator);
      Trainer trainer = new Trainer(model, new MSE(), new SGD(model.parameters(), 0.1));
      if (byValue) {
        trainer.clipValue(1);
      } else {
        trainer.clipNorm(1);
      }
      trainer.callback(
          new Callback() {
            @Override
            public void gradients(Training training) {
              model.weight().accumulator().set(Double.MAX_VALUE, 0, 1).set(1 / 0.0, 0, 2);
            }
          });
      assertThatThrownBy(() -> trainer.fit(new Dataset(Tensor.zeros(2, 3), Tensor.zeros(2, 1))))
          .isInstanceOf(NonFiniteGradientException.class)
          .hasMessageContaining("has Infinity at [0, 2]");
    }
  }
}
