package doppio.check;

import static doppio.check.Failures.assertFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Composite;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Pass;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How exact what a module gives again has to be, and from which state it is asked. */
class PromisesTest {
  /** A linear map of large and small numbers, whose accumulateGradients is off in one element. */
  private static Module inexact(int element, double factor, double offset) {
    Linear linear = new Linear(2, 1, false, new Generator(1));
    return new Wrapper(linear) {
      @Override
      public void accumulateGradients(Tensor gy) {
        super.backward(gy);
        double[] g = linear.weight().accumulator().data();
        g[element] = g[element] * factor + offset;
      }
    };
  }

  private final Tensor largeAndSmall = Tensor.of(1e3, 1e-4);

  @Test
  void gradientsThatAddUpMayDifferByTheTolerance() {
    GradientCheck.check(inexact(0, 1 + 5e-7, 0), largeAndSmall);
    assertFailure(inexact(0, 1 + 2e-6, 0), largeAndSmall)
        .hasMessageStartingWith("GradientCheck: inner.weight[0, 0] of ");
  }

  @Test
  void aSmallOneMayDifferByTheRoundingOfTheLargest() {
    GradientCheck.check(inexact(1, 1, 1e-7), largeAndSmall);
    GradientCheck.check(inexact(1, 1, -1e-7), largeAndSmall);
    assertFailure(inexact(1, 1, 1e-5), largeAndSmall)
        .hasMessageStartingWith("GradientCheck: inner.weight[0, 1] of ");
  }

  /** y = w (x₀ − x₁ + x₂), whose gradient by w is a small difference of large numbers. */
  private static class Difference extends Layer {
    final Parameter factor = parameter("factor", new Parameter(Tensor.of(1)));

    @Override
    protected int[] outputShape(int[] inputShape) {
      return new int[] {1};
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      double w = factor.value().data()[0];
      y.data()[0] = w * x.data()[0] - w * x.data()[1] + w * x.data()[2];
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double g = factor.value().data()[0] * gy.data()[0];
      System.arraycopy(new double[] {g, -g, g}, 0, gx.data(), 0, 3);
    }

    @Override
    protected void parameterGradients(Tensor x, Tensor gy) {
      double[] sum = factor.accumulator().data();
      double g = gy.data()[0];
      sum[0] += g * x.data()[0];
      sum[0] -= g * x.data()[1];
      sum[0] += g * x.data()[2];
    }
  }

  private final Tensor large = Tensor.of(1e11 + 1, 1e11, 0.3);

  /** The second pass rounds its large numbers at other places than the first. */
  @Test
  void aSumThatCancelsMayAddUpToItsRounding() {
    GradientCheck.check(new Difference(), large);
    GradientCheck.check(new Difference(), Tensor.of(1e11 + 1, 1e11, 0));
  }

  @Test
  void thatIsNoExcuseForASinglePass() {
    Difference difference = new Difference();
    Module inexact =
        new Wrapper(difference) {
          @Override
          public void accumulateGradients(Tensor gy) {
            super.backward(gy);
            difference.factor.accumulator().data()[0] += 1e-4;
          }
        };
    assertFailure(inexact, large).hasMessageContaining(": accumulateGradients gives ");
  }

  @Test
  void aForwardMayServeOneBackwardAlone() {
    Module once =
        new Wrapper(new Tanh()) {
          private boolean fresh;

          @Override
          public Tensor forward(Tensor input) {
            fresh = true;
            return super.forward(input);
          }

          @Override
          public Tensor backward(Tensor gy) {
            if (!fresh) {
              throw new IllegalStateException("backward needs a forward before");
            }
            fresh = false;
            return super.backward(gy);
          }
        };
    GradientCheck.check(once, Tensor.of(1, 2));
  }

  /** y = the parameter itself, whatever goes in: its array is not the composite's to be spoiled. */
  @Test
  void whatACompositeHandsOnIsNotWrittenTo() {
    Module handsOn =
        new Composite() {
          private final Parameter answer = parameter("answer", new Parameter(Tensor.of(1, 2)));

          @Override
          protected Tensor compute(Pass pass, Tensor x) {
            return answer.value();
          }

          @Override
          protected Tensor inputGradient(Pass pass, Tensor gy) {
            for (int i = 0; i < 2; i++) {
              answer.accumulator().data()[i] += gy.data()[i];
            }
            Tensor gx = pass.tensor(gy.shape());
            gx.fill(0);
            return gx;
          }
        };
    GradientCheck.check(handsOn, Tensor.of(3, 4));
    assertThat(handsOn.parameters().get(0).value().data()).containsExactly(1, 2);
  }

  /** A composite that does not ask a layer in it for the gradient of its input. */
  @Test
  void aLayerWhoseInputsGradientNobodyAsksForIsRight() {
    Module sideBranch =
        new Composite() {
          private final Module body = child("body", new Linear(2, 2, new Generator(1)));
          private final Tensor ones = Tensor.of(1, 1);

          @Override
          protected Tensor compute(Pass pass, Tensor x) {
            Tensor b = pass.call(body, ones);
            Tensor y = pass.tensor(x.shape());
            for (int i = 0; i < 2; i++) {
              y.data()[i] = x.data()[i] + b.data()[i];
            }
            return y;
          }

          @Override
          protected Tensor inputGradient(Pass pass, Tensor gy) {
            pass.accumulate(body, gy);
            return gy;
          }
        };
    GradientCheck.check(new Sequential(new Tanh(), sideBranch), Tensor.of(3, 4));
  }

  /** Counts its passes in a buffer: whoever begins at the state before sees none. */
  private static final class Counting extends Layer {
    private final Tensor passes = buffer("passes", Tensor.zeros(1));
    final List<Integer> rows = new ArrayList<>();
    final List<Double> seen = new ArrayList<>();

    @Override
    protected void compute(Tensor x, Tensor y) {
      System.arraycopy(x.data(), 0, y.data(), 0, x.size());
    }

    @Override
    protected void record(Tensor x, Tensor y) {
      rows.add(x.dim(0));
      seen.add(passes.data()[0]++);
      compute(x, y);
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      compute(gy, gx);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyPassButOneBetweenThemBeginsWithTheStateOfTheStart(boolean nested) {
    Counting counting = new Counting();
    Module module = nested ? new Sequential(counting, new Tanh()) : counting;
    GradientCheck.check(module, Tensor.of(new double[][] {{1, 2}, {3, 4}}));
    assertThat(counting.seen).containsOnly(0.0, 1.0);
    assertThat(counting.seen.get(counting.rows.indexOf(1))).isZero();
    assertThat(counting.passes.data()).containsExactly(0);
  }

  @Test
  void aRowWhoseOutputIsNotFiniteIsNotChecked() {
    Module lessOne =
        new Layer() {
          @Override
          protected void compute(Tensor x, Tensor y) {
            for (int i = 0; i < x.size(); i++) {
              y.data()[i] = x.data()[i] / (x.dim(0) - 1);
            }
          }

          @Override
          protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
            for (int i = 0; i < x.size(); i++) {
              gx.data()[i] = gy.data()[i] / (x.dim(0) - 1);
            }
          }
        };
    GradientCheck.check(lessOne, Tensor.of(new double[][] {{1}, {2}, {3}}));
  }

  @Test
  void aModuleThatTakesNoOtherBatchIsChecked() {
    Module ascending =
        new Layer() {
          @Override
          protected void compute(Tensor x, Tensor y) {
            if (x.data()[0] > x.data()[1]) {
              throw new IllegalArgumentException("not ascending");
            }
            System.arraycopy(x.data(), 0, y.data(), 0, x.size());
          }

          @Override
          protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
            System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
          }
        };
    GradientCheck.check(ascending, Tensor.of(1, 2));
  }

  @Test
  void aModuleThatGivesNothingIsNamed() {
    Module nothing =
        new Wrapper(new Tanh()) {
          @Override
          public Tensor forward(Tensor input) {
            Tensor unused = super.forward(input);
            return null;
          }
        };
    assertThatThrownBy(() -> GradientCheck.check(nothing, Tensor.of(1)))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("output of module PromisesTest$");
  }

  /** What is in it cannot be found, and is part of it. */
  @Test
  void aModuleThatDoesNotSayWhatIsInItIsChecked() {
    Module secret =
        new Module() {
          private final Module inner = new Sequential(new Tanh());

          @Override
          public Tensor forward(Tensor input) {
            return inner.forward(input);
          }

          @Override
          public Tensor backward(Tensor gy) {
            return inner.backward(gy);
          }

          @Override
          public Tensor infer(Tensor input) {
            return inner.infer(input);
          }
        };
    GradientCheck.check(new Sequential(new Tanh(), secret), Tensor.of(1, 2));
  }
}
