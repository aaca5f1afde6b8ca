package doppio.check;

import static doppio.check.Failures.assertFailure;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.nn.Composite;
import doppio.nn.Concat;
import doppio.nn.Dropout;
import doppio.nn.LeakyReLU;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Pass;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.nn.Tanh;
import org.junit.jupiter.api.Test;

/** The message names the module whose gradient is wrong, and no healthy one beside it. */
class GuiltyModuleTest {
  private final Generator generator = new Generator(1);
  private final Tensor x = RandomTensors.normal(2, 3, 4);

  @Test
  void aFactorInALayerIsNotTheLayersInFrontOfIt() {
    Module twice = new Elementwise(Math::sin, v -> 2 * Math.cos(v));
    Module net =
        new Sequential(
            new Linear(4, 5, generator),
            new Tanh(),
            new Linear(5, 4, generator),
            twice,
            new Tanh());
    assertFailure(net, x)
        .hasMessageMatching(
            "GradientCheck: input\\[\\d, \\d] of Elementwise \\(layer 3 of Sequential\\): analytic"
                + " (-?[0-9.E-]+) but numeric (-?[0-9.E-]+) \\(relative error 0\\.5, tolerance"
                + " 1\\.0E-6\\)");
    Module deep = new Residual(new Sequential(new Linear(4, 4, generator), new Concat(twice)));
    assertFailure(new Sequential(deep, new Sigmoid()), x)
        .hasMessageContaining(" of Elementwise (layer 0.body.1.0 of Sequential): analytic ");
  }

  @Test
  void aCompositeIsNamedForItsOwnSum() {
    Module net = new Sequential(new Tanh(), new Forgetful(new Linear(4, 4, generator)), new Tanh());
    assertFailure(net, x)
        .hasMessageStartingWith("GradientCheck: input[")
        .hasMessageContaining("] of Forgetful (layer 1 of Sequential): analytic ");
    assertFailure(new Forgetful(new Linear(4, 4, generator)), x)
        .hasMessageContaining("] of Forgetful: analytic ");
  }

  @Test
  void aModuleThatIsCalledWithoutAPassIsFoundInTheOneAroundIt() {
    Module wrong =
        new Wrapper(new Tanh()) {
          @Override
          public Tensor backward(Tensor gy) {
            Tensor gx = super.backward(gy);
            return gx.set(2 * gx.data()[1], 0, 1);
          }
        };
    assertFailure(new Sequential(new Tanh(), new Wrapper(wrong)), x)
        .hasMessageContaining("input[0, 1] of Wrapper (layer 1 of Sequential): analytic ");
  }

  @Test
  void anOutputThatIsNotFiniteIsItsLayers() {
    Module net = new Sequential(new Tanh(), new Elementwise(Math::log, v -> 1 / v), new Tanh());
    assertFailure(net, Tensor.of(0.5, -1))
        .hasMessage("GradientCheck: output[1] of Elementwise (layer 1 of Sequential) is NaN");
  }

  @Test
  void anErrorThatALaterLayerHidesIsFound() {
    // Behind the sigmoid nothing is left of the gradient that is measured at the output.
    Module wrong = new Elementwise(v -> 30 + Math.sin(v), v -> 1.001 * Math.cos(v));
    assertFailure(new Sequential(wrong, new Sigmoid(), new Linear(4, 2, generator)), x)
        .hasMessageContaining("] of Elementwise (layer 0 of Sequential): analytic ");
  }

  @Test
  void everyWeightOfALargeLayerIsChecked() {
    Linear large = new Linear(20, 30, generator);
    Module wrong =
        new Wrapper(large) {
          @Override
          public Tensor backward(Tensor gy) {
            Tensor gx = super.backward(gy);
            double[] g = large.weight().accumulator().data();
            g[599] *= 1 + 1e-4;
            return gx;
          }
        };
    assertFailure(new Sequential(wrong, new Tanh()), RandomTensors.normal(3, 2, 20))
        .hasMessageContaining("inner.weight[29, 19] of ");
  }

  @Test
  void aCompositeIsComparedInASampleOfWhatItsLayersHaveProved() {
    Linear large = new Linear(20, 30, generator);
    int[] passes = new int[1];
    Module counting =
        new Composite() {
          private final Module body = child("body", large);

          @Override
          protected Tensor compute(Pass pass, Tensor in) {
            passes[0]++;
            return pass.call(body, in);
          }

          @Override
          protected Tensor inputGradient(Pass pass, Tensor gy) {
            return pass.call(body, gy);
          }
        };
    GradientCheck.check(counting, RandomTensors.normal(3, 20));
    // 20 inputs, 100 of 600 weights, 30 biases.
    assertThat(passes[0]).isBetween(4 * 150, 4 * 150 + 40);
    passes[0] = 0;
    large.weight().frozen(true);
    GradientCheck.check(counting, RandomTensors.normal(3, 20));
    assertThat(passes[0]).isBetween(4 * 50, 4 * 50 + 40);
  }

  @Test
  void aWrongCompositeIsFoundByTheSample() {
    Module wrong =
        new Forgetful(new Linear(20, 20, generator)) {
          @Override
          protected Tensor inputGradient(Pass pass, Tensor gy) {
            Tensor half = pass.tensor(gy.shape());
            for (int i = 0; i < gy.size(); i++) {
              half.data()[i] = gy.data()[i] / 2;
            }
            super.inputGradient(pass, half);
            return gy;
          }
        };
    assertFailure(new Sequential(new Linear(1, 20, generator), wrong), Tensor.of(0.3));
  }

  @Test
  void layersThatShareAParameterAreRight() {
    Parameter shared = new Linear(4, 4, generator).weight();
    GradientCheck.check(
        new Sequential(new Linear(shared, null), new Tanh(), new Linear(shared, null)), x);
  }

  @Test
  void aNetworkAtAKinkOfManyLayersIsRight() {
    Module net =
        new Sequential(
            new Linear(4, 5, false, generator),
            new LeakyReLU(0.1),
            new Linear(5, 3, false, generator),
            new ReLU(),
            new Residual(new LeakyReLU(0.3)),
            new Linear(3, 2, generator));
    GradientCheck.check(net, Tensor.zeros(2, 4));
    GradientCheck.checkTraining(new Sequential(new Dropout(0.5, generator), net), Tensor.zeros(4));
  }

  @Test
  void aLayerThatIsWrongAtAKinkIsFoundInANetwork() {
    Module wrong = new Elementwise(Math::abs, v -> v < 0 ? -1 : v > 0 ? 1 : 1.5);
    Module net = new Sequential(new Linear(4, 3, false, generator), wrong, new Tanh());
    assertFailure(net, Tensor.zeros(2, 4))
        .hasMessageContaining("of Elementwise (layer 1 of Sequential): analytic ")
        .hasMessageEndingWith(" from the right (a kink; tolerance 1.0E-6)");
  }

  @Test
  void aNetworkWhoseGradientIsNoNumberIsWrongAtAKinkToo() {
    Module wrong =
        new Composite() {
          private final Module body = child("body", new LeakyReLU(0.1));

          @Override
          protected Tensor compute(Pass pass, Tensor in) {
            return pass.call(body, in);
          }

          @Override
          protected Tensor inputGradient(Pass pass, Tensor gy) {
            Tensor gx = pass.tensor(gy.shape());
            Tensor unused = pass.call(body, gy);
            gx.fill(Double.NaN);
            return gx;
          }
        };
    assertFailure(wrong, Tensor.zeros(2)).hasMessageContaining(": analytic NaN but numeric ");
  }

  /** A sample is for parameters alone that were compared before. */
  @Test
  void everyElementOfALargeInputIsChecked() {
    for (int element : new int[] {3, 250, 499}) {
      Module wrong =
          new Composite() {
            @Override
            protected Tensor compute(Pass pass, Tensor in) {
              return in;
            }

            @Override
            protected Tensor inputGradient(Pass pass, Tensor gy) {
              Tensor gx = pass.tensor(gy.shape());
              System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
              gx.data()[element] *= 2;
              return gx;
            }
          };
      assertFailure(wrong, RandomTensors.normal(1, 500))
          .hasMessageContaining("input[" + element + "] of ");
    }
  }

  /** y = x + body(x), whose gradient lacks the body's way. */
  private static class Forgetful extends Composite {
    private final Module body;

    Forgetful(Module body) {
      this.body = child("body", body);
    }

    @Override
    protected Tensor compute(Pass pass, Tensor in) {
      Tensor b = pass.call(body, in);
      Tensor y = pass.tensor(in.shape());
      for (int i = 0; i < in.size(); i++) {
        y.data()[i] = in.data()[i] + b.data()[i];
      }
      return y;
    }

    @Override
    protected Tensor inputGradient(Pass pass, Tensor gy) {
      pass.call(body, gy);
      return gy;
    }
  }
}
