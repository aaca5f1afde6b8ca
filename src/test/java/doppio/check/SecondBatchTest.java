package doppio.check;

import static doppio.check.Failures.assertFailure;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.Loss;
import doppio.nn.Composite;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Pass;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is right in a first pass and wrong from the second batch on is found. */
class SecondBatchTest {
  private final Tensor x = Tensor.of(new double[][] {{0.5, -1.5, 2}, {-0.3, 0.7, 1.1}});

  @Test
  void aGradientThatIsAddedToFails() {
    Module wrong =
        new Squares() {
          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            for (int i = 0; i < in.size(); i++) {
              gx.data()[i] += 2 * in.data()[i] * gy.data()[i];
            }
          }
        };
    assertFailure(wrong, x);
    assertFailure(new Sequential(new Tanh(), wrong), x).hasMessageContaining("(layer 1 of ");
  }

  @Test
  void aGradientInATensorOfThePassThatIsAddedToFails() {
    Module wrong =
        new Composite() {
          private final Module body = child("body", new Tanh());

          @Override
          protected Tensor compute(Pass pass, Tensor in) {
            return pass.call(body, in);
          }

          @Override
          protected Tensor inputGradient(Pass pass, Tensor gy) {
            Tensor g = pass.call(body, gy);
            Tensor gx = pass.tensor(g.shape());
            for (int i = 0; i < g.size(); i++) {
              gx.data()[i] += g.data()[i];
            }
            return gx;
          }
        };
    assertFailure(wrong, x).hasMessageContaining("SecondBatchTest$");
  }

  @Test
  void elementsThatAreLeftUnwrittenFail() {
    Module wrong =
        new Layer() {
          @Override
          protected void compute(Tensor in, Tensor y) {
            for (int i = 0; i < in.size(); i++) {
              y.data()[i] = Math.max(0, in.data()[i]);
            }
          }

          @Override
          protected void record(Tensor in, Tensor y) {
            for (int i = 0; i < in.size(); i++) {
              if (in.data()[i] > 0) {
                y.data()[i] = in.data()[i];
              }
            }
          }

          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            for (int i = 0; i < in.size(); i++) {
              gx.data()[i] = in.data()[i] > 0 ? gy.data()[i] : 0;
            }
          }
        };
    assertFailure(wrong, x).hasMessageContaining("output[0, 1] of ");
    assertThatThrownBy(() -> GradientCheck.checkTraining(wrong, Tensor.of(1, -1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("output[1] of ")
        .hasMessageEndingWith(": a later forward from the same state gives NaN but the first 0.75");
    assertFailure(
            new Squares() {
              @Override
              protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
                for (int i = 0; i < in.size(); i++) {
                  if (in.data()[i] != 0) {
                    gx.data()[i] = 2 * in.data()[i] * gy.data()[i];
                  }
                }
              }
            },
            Tensor.of(1, 0, 2))
        .hasMessageContaining("input[1] of ")
        .hasMessageEndingWith(": after other passes backward gives NaN but at first 0.0");
  }

  /** A mask from before is of other signs, whichever the signs are. */
  @Test
  void aMaskThatIsMadeOnceForASizeFails() {
    class Masked extends Squares {
      private boolean[] mask = {};

      @Override
      protected void compute(Tensor in, Tensor y) {
        for (int i = 0; i < in.size(); i++) {
          y.data()[i] = Math.max(0, in.data()[i]);
        }
      }

      @Override
      protected void record(Tensor in, Tensor y) {
        compute(in, y);
        if (mask.length != in.size()) {
          mask = new boolean[in.size()];
          for (int i = 0; i < mask.length; i++) {
            mask[i] = in.data()[i] > 0;
          }
        }
      }

      @Override
      protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
        for (int i = 0; i < in.size(); i++) {
          gx.data()[i] = mask[i] ? gy.data()[i] : 0;
        }
      }
    }

    assertFailure(new Masked(), x);
    assertFailure(new Masked(), Tensor.of(1, 2, 3));
    assertFailure(new Masked(), Tensor.of(1, -2, 2, -1));
    assertFailure(new Masked(), Tensor.of(new double[][] {{1, -2, 1}, {1, -2, 1}}));
  }

  @Test
  void aNumberOfRowsThatIsKeptFromTheFirstBatchFails() {
    Module wrong =
        new Layer() {
          private int rows;

          @Override
          protected void compute(Tensor in, Tensor y) {
            for (int i = 0; i < in.size(); i++) {
              y.data()[i] = in.data()[i] / in.dim(0);
            }
          }

          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            rows = rows == 0 ? in.dim(0) : rows;
            for (int i = 0; i < in.size(); i++) {
              gx.data()[i] = gy.data()[i] / rows;
            }
          }
        };
    assertFailure(wrong, x);
    Loss loss =
        new Loss() {
          private int terms;

          @Override
          protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
            terms = terms == 0 ? prediction.size() : terms;
            double sum = 0;
            for (int i = 0; i < prediction.size(); i++) {
              double d = prediction.data()[i] - target.data()[i];
              sum += d * d;
              gradient.data()[i] = 2 * d / terms;
            }
            return sum / prediction.size();
          }
        };
    assertThatThrownBy(() -> GradientCheck.check(loss, x, Tensor.zeros(2, 3)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void anOutputThatBackwardWritesToFails() {
    Module wrong =
        new Layer() {
          @Override
          protected void compute(Tensor in, Tensor y) {
            for (int i = 0; i < in.size(); i++) {
              y.data()[i] = Math.exp(in.data()[i]);
            }
          }

          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            for (int i = 0; i < in.size(); i++) {
              y.data()[i] *= gy.data()[i];
              gx.data()[i] = y.data()[i];
            }
          }
        };
    assertFailure(wrong, x).hasMessageContaining("a second backward from the same forward gives");
  }

  @Test
  void aLossThatLeavesElementsUnwrittenFailsWhateverTheSigns() {
    for (Tensor prediction : new Tensor[] {x, Tensor.of(1, -1, 1), Tensor.of(-1, -2), x}) {
      Loss wrong =
          new Loss() {
            @Override
            protected double compute(Tensor p, Tensor target, Tensor gradient) {
              double sum = 0;
              for (int i = 0; i < p.size(); i++) {
                double d = Math.max(0, p.data()[i] - target.data()[i]);
                sum += d * d;
                if (d > 0) {
                  gradient.data()[i] = 2 * d;
                }
              }
              return sum;
            }
          };
      assertThatThrownBy(
              () -> GradientCheck.check(wrong, prediction, Tensor.zeros(prediction.shape())))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void anInferenceIntoOldNumbersIsCompared() {
    Module wrong =
        new Layer() {
          @Override
          protected void record(Tensor in, Tensor y) {
            for (int i = 0; i < in.size(); i++) {
              y.data()[i] = Math.max(0, in.data()[i]);
            }
          }

          @Override
          protected void compute(Tensor in, Tensor y) {
            for (int i = 0; i < in.size(); i++) {
              y.data()[i] = in.data()[i] > 0 ? in.data()[i] : y.data()[i];
            }
          }

          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            for (int i = 0; i < in.size(); i++) {
              gx.data()[i] = in.data()[i] > 0 ? gy.data()[i] : 0;
            }
          }
        };
    assertFailure(new Sequential(wrong, new Tanh()), x)
        .hasMessageContaining(" (layer 0 of Sequential): infer ");
  }

  @Test
  void aMaskOfTheFirstBatchFails() {
    Module wrong =
        new Layer() {
          private boolean[] positive;

          @Override
          protected void compute(Tensor in, Tensor y) {
            for (int i = 0; i < in.size(); i++) {
              y.data()[i] = Math.max(0, in.data()[i]);
            }
          }

          @Override
          protected void record(Tensor in, Tensor y) {
            compute(in, y);
            if (positive == null) {
              positive = new boolean[in.size()];
              for (int i = 0; i < in.size(); i++) {
                positive[i] = in.data()[i] > 0;
              }
            }
          }

          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            for (int i = 0; i < in.size(); i++) {
              gx.data()[i] = positive[i] ? gy.data()[i] : 0;
            }
          }
        };
    assertFailure(new Sequential(new Linear(3, 3, new Generator(1)), wrong), x)
        .hasMessageContaining("(layer 1 of Sequential): analytic ");
  }

  @Test
  void aMaskThatIsDrawnOnceFails() {
    Layer wrong =
        new Layer() {
          private final Generator random = generator("generator", new Generator(1));
          private double[] mask;

          @Override
          protected void compute(Tensor in, Tensor y) {
            System.arraycopy(in.data(), 0, y.data(), 0, in.size());
          }

          @Override
          protected void record(Tensor in, Tensor y) {
            if (mask == null) {
              mask = new double[in.size()];
              random.bernoulli(mask, 0.5);
            }
            multiply(in, y);
          }

          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            multiply(gy, gx);
          }

          private void multiply(Tensor a, Tensor product) {
            for (int i = 0; i < a.size(); i++) {
              product.data()[i] = a.data()[i] * mask[i];
            }
          }
        };
    assertThatThrownBy(() -> GradientCheck.checkTraining(new Sequential(new Tanh(), wrong), x))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "GradientCheck: Sequential has drawn from its generators [1.generator] in a first"
                + " forward but from [] in a second: what is random is drawn anew each time");
  }

  @Test
  void randomNumbersFromNowhereFail() {
    Generator random = new Generator(1);
    Module wrong =
        new Squares() {
          @Override
          protected void compute(Tensor in, Tensor y) {
            super.compute(in, y);
            y.data()[3] += random.uniform();
          }
        };
    assertFailure(wrong, x);
    Module once =
        new Squares() {
          @Override
          protected void record(Tensor in, Tensor y) {
            super.compute(in, y);
            y.data()[3] += 1e-12 * random.uniform();
          }
        };
    assertFailure(once, x).hasMessageContaining("output[1, 0] of ");
    assertThatThrownBy(() -> GradientCheck.checkTraining(once, x))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("output[1, 0] of ")
        .hasMessageContaining(": a later forward from the same state gives ")
        .hasMessageContaining(" but the first ");
  }

  @Test
  void stateThatInferOverwritesFails() {
    Module wrong =
        new Squares() {
          private double[] last = {};

          @Override
          protected void compute(Tensor in, Tensor y) {
            super.compute(in, y);
            last = in.data().clone();
          }

          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            for (int i = 0; i < in.size(); i++) {
              gx.data()[i] = 2 * last[i] * gy.data()[i];
            }
          }
        };
    assertFailure(wrong, x).hasMessageContaining(": after other passes backward gives ");
    Module counts =
        new Squares() {
          private final Tensor calls = buffer("calls", Tensor.zeros(1));

          @Override
          protected void compute(Tensor in, Tensor y) {
            super.compute(in, y);
            calls.data()[0]++;
          }
        };
    assertFailure(counts, x).hasMessageEndingWith(" changes calls");
  }

  @Test
  void anInferenceThatDependsOnTheOneBeforeFailsInTrainingToo() {
    Module wrong =
        new Squares() {
          private double last;

          @Override
          protected void record(Tensor in, Tensor y) {
            super.compute(in, y);
          }

          @Override
          protected void compute(Tensor in, Tensor y) {
            super.compute(in, y);
            y.data()[0] += last;
            last = in.data()[0];
          }
        };
    assertThatThrownBy(() -> GradientCheck.checkTraining(wrong, x))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("GradientCheck: output[0, 0] of SecondBatchTest$")
        .hasMessageContaining(": infer after another input gives ");
  }

  @Test
  void stateThatDependsOnMoreThanTheInputFails() {
    Module wrong =
        new Squares() {
          private final Tensor calls = buffer("calls", Tensor.zeros(1));
          private int count;

          @Override
          protected void record(Tensor in, Tensor y) {
            super.compute(in, y);
            calls.data()[0] = count++;
          }
        };
    assertFailure(wrong, x)
        .hasMessageContaining("a later forward of ")
        .hasMessageEndingWith(
            " leaves other numbers than the first, from the same state, in calls");
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "infer", "backward", "accumulateGradients"})
  void aWrittenInputFails(String by) {
    Module wrong =
        new Wrapper(new Squares()) {
          private Tensor last;

          @Override
          public Tensor forward(Tensor in) {
            last = in;
            Tensor y = super.forward(in);
            in.data()[4] += by.equals("forward") ? 1 : 0;
            return y;
          }

          @Override
          public Tensor infer(Tensor in) {
            Tensor y = super.infer(in);
            in.data()[4] += by.equals("infer") ? 1 : 0;
            return y;
          }

          @Override
          public Tensor backward(Tensor gy) {
            Tensor gx = super.backward(gy);
            last.data()[4] += by.equals("backward") ? 1 : 0;
            return gx;
          }

          @Override
          public void accumulateGradients(Tensor gy) {
            super.backward(gy);
            last.data()[4] += by.equals("accumulateGradients") ? 1 : 0;
          }
        };
    assertFailure(wrong, x)
        .hasMessageStartingWith("GradientCheck: " + by + " of ")
        .hasMessageEndingWith(" writes to its input: input[1, 1] was 0.7 and is 1.7");
  }

  @Test
  void aWrittenGradientFails() {
    Module wrong =
        new Squares() {
          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            super.inputGradient(in, y, gy, gx);
            gy.data()[0] = 3;
          }
        };
    assertFailure(wrong, x)
        .hasMessageStartingWith("GradientCheck: backward of ")
        .hasMessageContaining(" writes to its gradient: gradient[0, 0] was ")
        .hasMessageEndingWith(" and is 3.0");
    Module alone =
        new Wrapper(new Squares()) {
          @Override
          public void accumulateGradients(Tensor gy) {
            super.backward(gy);
            gy.data()[0] = 3;
          }
        };
    assertFailure(alone, x)
        .hasMessageStartingWith("GradientCheck: accumulateGradients of ")
        .hasMessageContaining(" writes to its gradient: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"adds", "leaves", "prediction", "target", "value"})
  void aLossThatIsWrongFromTheSecondBatchOnFails(String how) {
    String message =
        switch (how) {
          case "adds", "leaves" -> " of Once: after other passes backward gives ";
          case "value" -> "GradientCheck: a later forward of Once gives ";
          default ->
              "GradientCheck: forward of Once writes to its " + how + ": " + how + "[0] was ";
        };
    Tensor p = Tensor.of(0.5, 1, -2);
    Tensor target = Tensor.of(0.5, 0, 1);
    GradientCheck.check(new Once(""), p, target);
    assertThatThrownBy(() -> GradientCheck.check(new Once(how), p, target))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(message);
  }

  /** y = x². */
  private static class Squares extends Layer {
    @Override
    protected void compute(Tensor x, Tensor y) {
      for (int i = 0; i < x.size(); i++) {
        y.data()[i] = x.data()[i] * x.data()[i];
      }
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      for (int i = 0; i < x.size(); i++) {
        gx.data()[i] = 2 * x.data()[i] * gy.data()[i];
      }
    }
  }

  /** Half the sum of squares, in some way right the first time only. */
  private static final class Once extends Loss {
    private final String how;
    private int calls;

    Once(String how) {
      this.how = how;
    }

    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      double sum = 0;
      for (int i = 0; i < prediction.size(); i++) {
        double d = prediction.data()[i] - target.data()[i];
        sum += d * d / 2;
        if (how.equals("adds")) {
          gradient.data()[i] += d;
        } else if (d != 0 || !how.equals("leaves")) {
          gradient.data()[i] = d;
        }
      }
      if (how.equals("prediction")) {
        prediction.data()[0] = 7;
      }
      if (how.equals("target")) {
        target.data()[0] = 7;
      }
      return how.equals("value") ? sum + calls++ : sum;
    }
  }
}
