package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.own.Skip;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks that are no chains. */
class CompositesTest {
  private final Generator generator = new Generator(1);

  @Test
  void aResidualAddsItsInputOrItsShortcut() {
    Tensor x = Tensor.of(new double[][] {{1, -2}, {3, 0.5}});
    assertThat(new Residual(new ReLU()).forward(x).data()).containsExactly(2, -2, 6, 1);
    assertThat(new Residual(new ReLU(), new LeakyReLU(0.5)).infer(x).data())
        .containsExactly(2, -1, 6, 1);
    Residual block = new Residual(new ReLU(), new LeakyReLU(0.5));
    block.forward(x);
    assertThat(block.backward(Tensor.full(1, 2, 2)).data()).containsExactly(2, 0.5, 2, 2);
    assertThat(block.body()).isInstanceOf(ReLU.class);
    assertThat(block.shortcut()).isInstanceOf(LeakyReLU.class);
    assertThat(new Residual(new ReLU()).shortcut()).isNull();
  }

  @Test
  void aResidualHandsTheGradientToItsBodyAndItsShortcut() {
    Linear body = new Linear(3, 3, generator);
    Linear shortcut = new Linear(3, 3, generator);
    Tensor x = RandomTensors.normal(2, 4, 3);
    for (Residual block : List.of(new Residual(body), new Residual(body, shortcut))) {
      block.zeroGrad();
      Tensor y = block.forward(x);
      block.accumulateGradients(y);
      for (Parameter p : block.parameters()) {
        double[] accumulated = p.grad().data().clone();
        assertThat(p.hasGradient()).isTrue();
        block.zeroGrad();
        block.backward(y);
        assertThat(p.grad().data()).containsExactly(accumulated);
        block.zeroGrad();
        block.accumulateGradients(y);
      }
    }
  }

  @Test
  void aResidualWhoseSummandsDifferNamesBothShapes() {
    assertShapeException(
        () -> new Sequential(new Residual(new Linear(3, 2, generator))).forward(Tensor.zeros(4, 3)),
        "Residual adds its input [4, 3] and its body's output [4, 2], which must have one shape"
            + " (layer 0 of Sequential)");
    assertShapeException(
        () ->
            new Residual(new Linear(3, 2, generator), new Linear(3, 4, generator))
                .infer(Tensor.zeros(3)),
        "Residual adds its shortcut's output [4] and its body's output [2], which must have one"
            + " shape");
    Module one = new ReLU();
    assertThatThrownBy(() -> new Residual(one, one))
        .hasMessage("body and shortcut of a Residual must be two modules");
  }

  @Test
  void aConcatJoinsTheLastDimensionUpToRankThree() {
    Concat join = new Concat(new ReLU(), new LeakyReLU(0.5));
    assertThat(join.infer(Tensor.of(1, -2)).data()).containsExactly(1, 0, 1, -1);
    Tensor y = join.forward(Tensor.of(new double[][] {{1, -2}, {3, -4}}));
    assertThat(y.shape()).containsExactly(2, 4);
    assertThat(y.data()).containsExactly(1, 0, 1, -1, 3, 0, 3, -2);
    Tensor gx = join.backward(Tensor.of(new double[][] {{1, 2, 3, 4}, {5, 6, 7, 8}}));
    assertThat(gx.data()).containsExactly(4, 2, 12, 4);
    assertThat(join.infer(Tensor.zeros(2, 3, 5)).shape()).containsExactly(2, 3, 10);
  }

  @Test
  void aConcatJoinsTheChannelsOfRankFour() {
    Tensor x = RandomTensors.normal(1, 2, 3, 4, 5);
    Tensor y = new Concat(new Tanh(), new Sequential(), new ReLU()).infer(x);
    assertThat(y.shape()).containsExactly(2, 9, 4, 5);
    for (int n = 0; n < 2; n++) {
      for (int c = 0; c < 3; c++) {
        assertThat(y.get(n, 3 + c, 3, 2)).isEqualTo(x.get(n, c, 3, 2));
        assertThat(y.get(n, 6 + c, 1, 4)).isEqualTo(Math.max(0, x.get(n, c, 1, 4)));
      }
    }
  }

  @Test
  void alongSaysWhichDimensionIsJoined() {
    Tensor x = RandomTensors.normal(1, 2, 3, 4);
    for (int d = 0; d < 3; d++) {
      int[] shape = x.shape();
      shape[d] *= 2;
      for (int dimension : new int[] {d, d - 3}) {
        Concat join = Concat.along(dimension, new Sequential(), new Tanh());
        Tensor y = join.infer(x);
        assertThat(y.shape()).containsExactly(shape);
        int[] at = {1, 2, 3};
        assertThat(y.get(at[0], at[1], at[2])).isNotNaN();
        GradientCheck.check(join, x);
      }
    }
    Tensor channels = Concat.along(0, new Sequential(), new ReLU()).infer(x);
    assertThat(channels.get(2, 0, 0)).isEqualTo(Math.max(0, x.get(0, 0, 0)));
    assertThat(Concat.along(1, new Tanh()).describe().settings()).containsEntry("dimension", 1);
    assertThat(new Concat(new Tanh()).describe().settings()).isEmpty();
    Module copy = Concat.along(0, new Sequential(), new ReLU()).copy();
    assertThat(copy.infer(x).shape()).containsExactly(4, 3, 4);
    assertThat(new Concat(copy).copy().infer(x).shape()).containsExactly(4, 3, 4);
  }

  @Test
  void outputsThatCannotBeJoinedAreNamed() {
    assertShapeException(
        () ->
            Concat.along(0, new Sequential(), new Linear(3, 2, generator))
                .infer(Tensor.zeros(4, 3)),
        "Concat along 0 cannot join outputs [[4, 3], [4, 2]] along dimension 0");
    assertShapeException(
        () -> Concat.along(2, new Tanh()).infer(Tensor.zeros(4, 3)),
        "Concat along 2 cannot join outputs [[4, 3]]");
    assertShapeException(
        () -> new Concat(new Tanh()).infer(Tensor.zeros()), "Concat cannot join outputs [[]]");
    assertShapeException(
        () -> new Concat(new Sequential(), new Flatten()).infer(Tensor.zeros(2, 3, 1)),
        "Concat cannot join outputs [[2, 3, 1], [2, 3]] along dimension 2");
    Module one = new ReLU();
    assertThatThrownBy(() -> new Concat(one, new Tanh(), one))
        .hasMessage(
            "ReLU() stands in two places, 0 and 2; a module remembers one input: use two that"
                + " share their parameters");
    assertThatThrownBy(Concat::new).hasMessage("Concat expects at least one branch");
  }

  @Test
  void outputsWithoutNumbersAreJoinedToOneWithout() {
    Tensor y = new Concat(new Tanh(), new ReLU()).infer(Tensor.zeros(3, 0));
    assertThat(y.shape()).containsExactly(3, 0);
  }

  @Test
  void anInferenceOfAnotherShapeIsNoneOfTheWayBacksConcern() {
    Concat join = new Concat(new Tanh(), new Linear(3, 2, generator));
    Tensor y = join.forward(RandomTensors.normal(2, 4, 3));
    Tensor gx = join.backward(y);
    join.infer(Tensor.zeros(7, 3));
    assertSame(join.backward(y), gx);
  }

  @Test
  void branchesWithNothingToTrainAreLeftOutWhereNobodyAsksForTheInputsGradient() {
    Linear trained = new Linear(3, 2, generator);
    Concat join = new Concat(new Tanh(), trained);
    Tensor x = RandomTensors.normal(2, 4, 3);
    Tensor gy = RandomTensors.normal(3, 4, 5);
    join.forward(x);
    join.accumulateGradients(gy);
    double[] alone = trained.weight().grad().data().clone();
    join.zeroGrad();
    join.backward(gy);
    assertThat(trained.weight().grad().data()).containsExactly(alone);
  }

  @Test
  void aCompositeOfOnesOwnReturnsWhatTheCallerOwnsAlsoWhereAChildComputedIt() {
    Module wrapped = new Around(new Linear(3, 2, generator));
    Tensor x = RandomTensors.normal(2, 4, 3);
    Tensor y = wrapped.forward(x);
    Tensor gx = wrapped.backward(y);
    Tensor inferred = wrapped.infer(x);
    List<Tensor> held = List.of(y, gx, inferred);
    List<Tensor> before = new ArrayList<>();
    held.forEach(t -> before.add(t.copy()));
    Tensor later = RandomTensors.normal(3, 4, 3);
    wrapped.backward(wrapped.forward(later));
    wrapped.infer(later);
    assertSame(held, before);
  }

  @Test
  void aModuleInTwoNetworksGoesBackFromItsLastForwardOrNotAtAll() {
    Linear encoder = new Linear(3, 3, generator);
    Sequential a = new Sequential(encoder, new Linear(3, 1, generator));
    Sequential b = new Sequential(encoder, new Tanh(), new Linear(3, 2, generator));
    Tensor x = RandomTensors.normal(2, 4, 3);
    Tensor ya = a.forward(x);
    Tensor yb = b.forward(RandomTensors.normal(3, 4, 3));
    assertThatThrownBy(() -> a.backward(ya))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Linear(3 → 3): backward does not belong to its last forward; a module remembers one"
                + " input, so let each backward follow its forward, or use two modules that share"
                + " their parameters");
    b.backward(yb);
    Tensor again = a.forward(x);
    Tensor gx = a.backward(again);
    Module fresh = a.copy();
    fresh.forward(x);
    assertSame(gx, fresh.backward(again));
  }

  @Test
  void whatABranchDidByItselfBeforeIsNoneOfTheOthersConcern() {
    Linear first = new Linear(3, 1, generator);
    Linear second = new Linear(3, 1, generator);
    Concat join = new Concat(first, second);
    Tensor x = RandomTensors.normal(2, 4, 3);
    Module fresh = join.copy();
    first.forward(x);
    Tensor y = join.forward(x);
    assertSame(fresh.forward(x), y);
    assertSame(fresh.backward(y), join.backward(y));
  }

  @Test
  void aChildThatIsCalledTwiceInOnePassIsRefusedOnTheWayBack() {
    Module twice = new Twice(new Linear(3, 3, generator));
    Tensor y = twice.forward(RandomTensors.normal(2, 4, 3));
    assertThatThrownBy(() -> twice.backward(y))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Linear(3 → 3): backward does not belong to its last forward;");
    assertThatThrownBy(() -> twice.accumulateGradients(y))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aChildThatWasNotCalledIsRefusedOnTheWayBack() {
    Module other = new Linear(3, 3, generator);
    Module composite =
        new Composite() {
          @Override
          protected Tensor compute(Pass pass, Tensor x) {
            return x;
          }

          @Override
          protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
            return pass.call(other, gradOutput);
          }
        };
    Tensor y = composite.forward(RandomTensors.normal(2, 4, 3));
    assertThatThrownBy(() -> composite.backward(y))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Linear(3 → 3): backward does not belong to its last forward;");
  }

  @Test
  void aGradientOfAnotherShapeIsRefusedByTheCompositeThatSeesIt() {
    Module block = new Sequential(new Skip(new Linear(3, 3, generator)));
    block.forward(Tensor.zeros(2, 3));
    assertShapeException(
        () -> block.backward(Tensor.zeros(2, 4)),
        "Skip expects a gradient [2, 3] but got [2, 4] (layer 0 of Sequential)");
  }

  /** Adds nothing to its child. */
  private static final class Around extends Composite {
    private final Module inner;

    Around(Module inner) {
      this.inner = child("inner", inner);
    }

    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      return pass.call(inner, x);
    }

    @Override
    protected Tensor inputGradient(Pass pass, Tensor gy) {
      return pass.call(inner, gy);
    }
  }

  /** f(f(x)), which a module that remembers one input cannot go back from. */
  private static final class Twice extends Composite {
    private final Module inner;

    Twice(Module inner) {
      this.inner = child("inner", inner);
    }

    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      return pass.call(inner, pass.call(inner, x));
    }

    @Override
    protected Tensor inputGradient(Pass pass, Tensor gy) {
      return pass.call(inner, pass.call(inner, gy));
    }
  }
}
