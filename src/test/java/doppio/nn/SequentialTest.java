package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import org.junit.jupiter.api.Test;

class SequentialTest {
  private final Generator generator = new Generator(1);
  private final Tensor x = RandomTensors.normal(2, 3, 4);

  @Test
  void chainsItsModules() {
    Linear first = new Linear(4, 5, generator);
    Linear second = new Linear(5, 2, generator);
    Sequential chain = new Sequential(first, new Tanh(), second);
    Tensor y = second.infer(new Tanh().infer(first.infer(x)));
    assertThat(chain.forward(x).data()).containsExactly(y.data());
    assertThat(chain.size()).isEqualTo(3);
    assertThat(chain.get(2)).isSameAs(second);
  }

  @Test
  void anIndexCountsFromTheEndWhereItIsNegative() {
    Module first = new Tanh();
    Module last = new ReLU();
    Sequential chain = new Sequential(first, last);
    assertThat(chain.get(-1)).isSameAs(last);
    assertThat(chain.get(-2)).isSameAs(chain.get(0)).isSameAs(first);
    for (int i : new int[] {-3, 2}) {
      assertThatThrownBy(() -> chain.get(i))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("no module " + i + " in a Sequential of 2 modules");
    }
  }

  /** Arrays are lent again within an inference, but neither the input's nor one still read. */
  @Test
  void anInferenceWithinAnotherKeepsWhatIsStillRead() {
    Linear linear = new Linear(4, 4, generator);
    Sequential chain =
        new Sequential(
            new Tanh(),
            new Residual(new Sequential(linear, new Linear(4, 4, generator))),
            new Sequential(),
            new Linear(4, 4, generator));
    assertThat(chain.infer(x).data()).containsExactly(chain.forward(x).data());
  }

  @Test
  void doesNotSeeLaterChangesOfTheArrayItWasMadeFrom() {
    Module[] modules = {new Tanh()};
    Sequential chain = new Sequential(modules);
    modules[0] = new ReLU();
    assertThat(chain.get(0)).isInstanceOf(Tanh.class);
  }

  @Test
  void anEmptyOneIsTheIdentityOnCopies() {
    Sequential identity = new Sequential();
    for (Tensor result :
        new Tensor[] {identity.forward(x), identity.backward(x), identity.infer(x)}) {
      assertThat(result).isNotSameAs(x);
      assertThat(result.data()).isNotSameAs(x.data()).containsExactly(x.data());
    }
    identity.accumulateGradients(x);
    assertThat(identity.parameters()).isEmpty();
  }

  @Test
  void nestedEmptyOnesReturnCopiesToo() {
    Sequential identity = new Sequential(new Sequential(), new Sequential(new Sequential()));
    for (Tensor result :
        new Tensor[] {identity.forward(x), identity.backward(x), identity.infer(x)}) {
      assertThat(result.data()).isNotSameAs(x.data()).containsExactly(x.data());
    }
  }

  @Test
  void theSameModuleTwiceIsRefused() {
    Tanh tanh = new Tanh();
    assertThatThrownBy(() -> new Sequential(tanh, new ReLU(), tanh))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Tanh() stands in two places, 0 and 2; "
                + "a module remembers one input: use two that share their parameters");
    assertThatThrownBy(() -> new Sequential(tanh, new Sequential(new ReLU(), tanh)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Tanh() stands in two places, 0 and 1.1; "
                + "a module remembers one input: use two that share their parameters");
  }

  @Test
  void aGradientThatNoModuleSeesIsCheckedToo() {
    Sequential net = new Sequential(new Tanh());
    net.forward(Tensor.zeros(2, 3));
    assertThatThrownBy(() -> net.accumulateGradients(Tensor.zeros(2, 4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("Sequential expects a gradient [2, 3] but got [2, 4]");
    Sequential empty = new Sequential();
    empty.forward(Tensor.zeros(2, 3));
    assertThatThrownBy(() -> empty.backward(Tensor.zeros(2, 4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("Sequential expects a gradient [2, 3] but got [2, 4]");
  }

  @Test
  void aNullModuleIsRefused() {
    assertThatThrownBy(() -> new Sequential(new Tanh(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 of Sequential is null");
  }

  @Test
  void sharedParametersAreFoundOnceAndStandTwiceInTheState() {
    Linear first = new Linear(4, 4, generator);
    Linear second = new Linear(first.weight(), first.bias());
    Sequential chain = new Sequential(first, new Tanh(), second);
    assertThat(chain.parameters()).containsExactly(first.weight(), first.bias());
    assertThat(chain.namedParameters()).containsOnlyKeys("0.weight", "0.bias");
    assertThat(chain.stateDict().keySet())
        .containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
    assertThat(chain.stateDict().get("2.weight")).isSameAs(first.weight().value());
  }

  @Test
  void sharedParametersGetTheGradientsOfBothPlaces() {
    Linear first = new Linear(4, 4, generator);
    Sequential shared = new Sequential(first, new Tanh(), new Linear(first.weight(), first.bias()));
    Sequential separate =
        new Sequential(
            first.copy(), new Tanh(), new Linear(first.weight().copy(), first.bias().copy()));
    Tensor gy = RandomTensors.normal(3, 3, 4);
    for (Module m : new Module[] {shared, separate}) {
      m.forward(x);
      m.backward(gy);
    }
    double[] sum = separate.namedParameters().get("2.weight").grad().copy().data();
    double[] earlier = separate.namedParameters().get("0.weight").grad().data();
    for (int i = 0; i < sum.length; i++) {
      assertThat(first.weight().grad().data()[i]).isCloseTo(sum[i] + earlier[i], within(1e-14));
    }
  }

  @Test
  void aCopySharesWhatTheOriginalShares() {
    Linear first = new Linear(4, 4, generator);
    Sequential chain = new Sequential(first, new Linear(first.weight(), null));
    Sequential copy = (Sequential) chain.copy();
    assertThat(copy.parameters()).hasSize(2);
    assertThat(((Linear) copy.get(0)).weight())
        .isSameAs(((Linear) copy.get(1)).weight())
        .isNotSameAs(first.weight());
  }

  @Test
  void accumulateGradientsStopsAtTheFirstLayerToTrain() {
    Linear frozen = new Linear(4, 4, generator);
    frozen.parameters().forEach(p -> p.frozen(true));
    Linear trained = new Linear(4, 2, generator);
    CountingLayer below = new CountingLayer();
    CountingLayer above = new CountingLayer();
    Sequential chain = new Sequential(below, frozen, new Sequential(trained, above));
    Tensor y = chain.forward(x);

    chain.accumulateGradients(y);
    assertThat(below.inputGradients).isZero();
    assertThat(above.inputGradients).isEqualTo(1);
    assertThat(trained.weight().hasGradient()).isTrue();
    assertThat(frozen.weight().hasGradient()).isFalse();

    chain.backward(y);
    assertThat(below.inputGradients).isEqualTo(1);
    assertThat(above.inputGradients).isEqualTo(2);

    trained.parameters().forEach(p -> p.frozen(true));
    chain.accumulateGradients(y);
    assertThat(above.inputGradients).isEqualTo(2);

    frozen.bias().frozen(false);
    chain.accumulateGradients(y);
    assertThat(above.inputGradients).isEqualTo(3);
    assertThat(below.inputGradients).isEqualTo(1);
    assertThat(frozen.bias().hasGradient()).isTrue();
    assertThat(frozen.weight().hasGradient()).isFalse();
  }

  @Test
  void aLayerWithNothingToTrainIsNotAskedForGradients() {
    CountingLayer layer = new CountingLayer();
    Tensor y = layer.forward(x);
    layer.accumulateGradients(y);
    assertThat(layer.parameterGradients).isZero();
    layer.backward(y);
    assertThat(layer.parameterGradients).isEqualTo(1);
  }

  @Test
  void aBlockWithNothingToTrainGetsNoGradient() {
    CountingLayer between = new CountingLayer();
    Linear trained = new Linear(4, 2, generator);
    Sequential chain = new Sequential(new Sequential(new Tanh()), new Sequential(between, trained));
    chain.accumulateGradients(chain.forward(x));
    assertThat(trained.weight().hasGradient()).isTrue();
    assertThat(between.inputGradients).isZero();
  }

  @Test
  void frozenLayersPassTheGradientOn() {
    Sequential chain =
        new Sequential(new Linear(4, 5, generator), new Tanh(), new Linear(5, 2, generator));
    Sequential frozen = (Sequential) chain.copy();
    ((Linear) frozen.get(2)).parameters().forEach(p -> p.frozen(true));
    Tensor gy = RandomTensors.normal(3, 3, 2);
    for (Module m : new Module[] {chain, frozen}) {
      m.forward(x);
    }
    assertThat(frozen.backward(gy).data()).containsExactly(chain.backward(gy).data());
    assertThat(frozen.namedParameters().get("0.weight").grad().data())
        .containsExactly(chain.namedParameters().get("0.weight").grad().data());
    assertThat(frozen.namedParameters().get("2.weight").hasGradient()).isFalse();
  }

  @Test
  void afterARefusedInputThereIsNothingToGoBackFrom() {
    Sequential chain = new Sequential(new Tanh(), new Linear(4, 2, generator));
    Tensor y = chain.forward(x);
    assertThatThrownBy(() -> chain.forward(Tensor.zeros(3, 5)))
        .hasMessage("Linear(4 → 2) expects input [n, 4] but got [3, 5] (layer 1 of Sequential)");
    assertThatThrownBy(() -> chain.backward(y))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Sequential of 2 modules: backward before forward");
  }

  /** The identity; counts how often it was asked for the gradient with respect to its input. */
  private static final class CountingLayer extends Layer {
    private int inputGradients;
    private int parameterGradients;

    @Override
    protected void compute(Tensor x, Tensor y) {
      System.arraycopy(x.data(), 0, y.data(), 0, x.size());
    }

    @Override
    protected void parameterGradients(Tensor x, Tensor gy) {
      parameterGradients++;
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      inputGradients++;
      System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
    }
  }
}
