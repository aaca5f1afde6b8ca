package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.SGD;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class NonFiniteLossTest {
  /** y = w · x for inputs of any shape. */
  private static final class Factor extends Layer {
    private final Parameter w = parameter("w", new Parameter(Tensor.of(1)));

    @Override
    protected void compute(Tensor x, Tensor y) {
      for (int i = 0; i < x.size(); i++) {
        y.data()[i] = w.value().get(0) * x.data()[i];
      }
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      throw new AssertionError("not reached");
    }
  }

  private final Dataset data = new Dataset(Tensor.full(1, 6, 2), Tensor.zeros(6, 1));
  private final Module model =
      new Sequential(
          new Linear(2, 3), new Sequential(new Tanh(), new Linear(3, 3)), new Linear(3, 1));

  @Test
  void nanInTheInputsIsFoundInTheDataSet() {
    data.inputs().set(Double.NaN, 4, 1);
    NonFiniteLossException e = failure(new MSE());
    assertThat(e)
        .hasMessage(
            "the loss is NaN in epoch 1, batch 3: the inputs of the training data have NaN in row"
                + " 4, column 1");
    assertThat(e.loss()).isNaN();
    assertThat(e.epoch()).isEqualTo(1);
    assertThat(e.batch()).isEqualTo(3);
    assertThat(e.layer()).isEmpty();
  }

  @Test
  void aBadElementOfInputsOfAnyDimensionsIsNamedByItsPlace() {
    Tensor images = Tensor.zeros(3, 2, 4);
    images.set(Double.NEGATIVE_INFINITY, 2, 1, 3);
    Dataset set = new Dataset(images, Tensor.zeros(3, 2, 4));
    assertThat(failure(new Factor(), new MSE(), set))
        .hasMessageEndingWith(
            "the inputs of the training data have -Infinity in row 2, element [1, 3]");
    Dataset numbers = new Dataset(Tensor.of(1, 2, Double.NaN), Tensor.zeros(3));
    assertThat(failure(new Factor(), new MSE(), numbers))
        .hasMessageEndingWith("the inputs of the training data have NaN in row 2");
  }

  @Test
  void nanInTheTargetsIsNamed() {
    data.targets().set(Double.POSITIVE_INFINITY, 1, 0);
    assertThat(failure(new MSE()))
        .hasMessage(
            "the loss is Infinity in epoch 1, batch 1: the targets of the training data have"
                + " Infinity in row 1, column 0");
  }

  @Test
  void ofBothTheInputsAreNamed() {
    data.inputs().set(Double.NaN, 1, 0);
    data.targets().set(Double.NaN, 0, 0);
    assertThat(failure(new MSE()))
        .hasMessageEndingWith("the inputs of the training data have NaN in row 1, column 0");
  }

  @Test
  void theFirstLayerWithABadParameterIsNamed() {
    model.namedParameters().get("2.weight").value().fill(Double.NaN);
    model.namedParameters().get("1.1.bias").value().set(Double.NaN, 2);
    NonFiniteLossException e = failure(new MSE());
    assertThat(e)
        .hasMessage(
            "the loss is NaN in epoch 1, batch 1: layer 1.1, Linear(3 → 3), has NaN at [2] of its"
                + " bias");
    assertThat(e.layer()).contains("1.1");
  }

  @Test
  void theFirstLayerWhoseOutputOverflowsIsNamed() {
    model.namedParameters().get("1.1.weight").value().fill(1e308);
    model.namedParameters().get("0.weight").value().fill(10);
    NonFiniteLossException e = failure(new MSE());
    assertThat(e)
        .hasMessageEndingWith(
            "layer 1.1, Linear(3 → 3), is the first to put out Infinity at [0, 0]");
    assertThat(e.layer()).contains("1.1");
  }

  @Test
  void aDivergenceNamesTheLargestInputTheRateAndTheFirstLayerThatOverflows() {
    model.namedParameters().get("1.1.weight").value().fill(1e308);
    model.namedParameters().get("0.weight").value().fill(10);
    data.inputs().set(-255, 1, 1);
    assertThat(failure(new MSE()))
        .hasMessageMatching(
            "the loss is (NaN|Infinity) in epoch 1, batch 1: most likely the training diverges: the"
                + " largest input of the batch is -255\\.0 in row 1, column 1, the learning rate is"
                + " 0\\.0, and layer 1\\.1, Linear\\(3 → 3\\), is the first to put out -?Infinity at"
                + " \\[0, 0]");
  }

  @Test
  void infinityThatBecomesNaNIsADivergenceTooAndOfEqualInputsTheFirstIsNamed() {
    model.namedParameters().get("0.weight").value().fill(1e308);
    model.namedParameters().get("1.1.weight").value().fill(Double.MAX_VALUE);
    model.namedParameters().get("2.weight").value().fill(1).set(-1, 0, 0);
    data.inputs().set(-255, 0, 1).set(255, 1, 0);
    NonFiniteLossException e = failure(new MSE());
    assertThat(e.loss()).isNaN();
    assertThat(e)
        .hasMessageContaining(
            "most likely the training diverges: the largest input of the batch is -255.0 in row 0,"
                + " column 1, the learning rate is 0.0, and layer 0, Linear(2 → 3), is the first");
  }

  @Test
  void aModelOfOnesOwnThatPutsOutNaNIsNamed() {
    Module own = new PutsOutNaN();
    assertThat(failure(own, new MSE(), data))
        .hasMessageEndingWith("PutsOutNaN is the first to put out NaN at [0, 0]");
  }

  /** What no layer of it has done. */
  private static final class PutsOutNaN extends Module {
    PutsOutNaN() {
      child("layer", new Linear(2, 1));
    }

    @Override
    public Tensor forward(Tensor input) {
      return infer(input);
    }

    @Override
    public Tensor backward(Tensor gradOutput) {
      throw new AssertionError("not reached");
    }

    @Override
    public Tensor infer(Tensor input) {
      return children().get("layer").infer(input).fill(Double.NaN);
    }
  }

  @Test
  void aLossThatOverflowsFromFiniteOutputsIsADivergenceToo() {
    model.namedParameters().get("2.bias").value().fill(1e200);
    assertThat(failure(new MSE()))
        .hasMessageContaining("the loss is Infinity in epoch 1, batch 1: most likely the training")
        .hasMessageContaining(", the learning rate is 0.0, and data, parameters and the outputs of")
        .hasMessageContaining("so it comes from MSE itself");
  }

  @Test
  void aModelThatIsOneLayer() {
    Linear layer = new Linear(2, 1);
    layer.weight().value().set(Double.NaN, 0, 1);
    assertThat(failure(layer, new MSE(), data))
        .hasMessageEndingWith("Linear(2 → 1) has NaN at [0, 1] of its weight");
  }

  @Test
  void aLossThatIsNanForFinitePredictionsIsNamed() {
    Loss bad =
        new Loss() {
          @Override
          protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
            return Double.NaN;
          }

          @Override
          public String toString() {
            return "Bad";
          }
        };
    assertThat(failure(bad))
        .hasMessage(
            "the loss is NaN in epoch 1, batch 1: data, parameters and the outputs of all layers in"
                + " evaluation mode are finite, so it comes from Bad itself, the L2 term, or what a"
                + " layer does in training alone");
  }

  @Test
  void aRateThatIsTooHigh() {
    Trainer trainer = trainer(model, new MSE(), 1e200);
    NonFiniteLossException e =
        catchThrowableOfType(NonFiniteLossException.class, () -> trainer.fit(data));
    assertThat(e.layer()).isPresent();
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(trainer.training().step()).isEqualTo(e.batch() - 1 + 3 * (e.epoch() - 1));
  }

  private NonFiniteLossException failure(Loss loss) {
    return failure(model, loss, data);
  }

  private static NonFiniteLossException failure(Module model, Loss loss, Dataset data) {
    Trainer trainer = trainer(model, loss, 0);
    List<Double> before = values(model);
    NonFiniteLossException e =
        catchThrowableOfType(NonFiniteLossException.class, () -> trainer.fit(data));
    assertThat(values(model)).isEqualTo(before);
    return e;
  }

  private static Trainer trainer(Module model, Loss loss, double rate) {
    return new Trainer(model, loss, new SGD(model.parameters(), rate))
        .batchSize(2)
        .epochs(9)
        .inOrder();
  }

  private static List<Double> values(Module model) {
    return model.parameters().stream()
        .flatMapToDouble(p -> DoubleStream.of(p.value().data()))
        .boxed()
        .toList();
  }

  @Test
  void theFirstNumberOfAllIsSeenToo() {
    data.inputs().set(Double.NaN, 0, 0);
    assertThat(failure(new MSE()))
        .hasMessageEndingWith("the inputs of the training data have NaN in row 0, column 0");
    data.inputs().set(1, 0, 0);
    model.namedParameters().get("0.weight").value().set(Double.NaN, 0, 0);
    assertThat(failure(new MSE()))
        .hasMessageEndingWith("layer 0, Linear(2 → 3), has NaN at [0, 0] of its weight");
  }
}
