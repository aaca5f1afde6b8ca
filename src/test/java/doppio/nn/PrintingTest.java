package doppio.nn;

import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.Tensor;
import org.junit.jupiter.api.Test;

/** What modules print of themselves, to the letter. */
class PrintingTest {
  private final Generator generator = new Generator(1);
  private final Sequential model =
      new Sequential(
          new Linear(4, 3, generator),
          new ReLU(),
          new Sequential(new Linear(3, 2, false, generator), new Dropout(0.5, generator)),
          new ResidualBlock(new Linear(2, 2, generator)));

  @Test
  void printsAsPyTorchDoes() {
    assertThat(model)
        .hasToString(
            """
            Sequential(
              (0): Linear(4 → 3)
              (1): ReLU()
              (2): Sequential(
                (0): Linear(3 → 2, no bias)
                (1): Dropout(0.5)
              )
              (3): ResidualBlock(
                (body): Linear(2 → 2)
              )
            )\
            """);
    assertThat(new Sequential()).hasToString("Sequential()");
    assertThat(new LeakyReLU(0.2)).hasToString("LeakyReLU(0.2)");
    assertThat(new Sigmoid()).hasToString("Sigmoid()");
    assertThat(new Tanh()).hasToString("Tanh()");
    assertThat(new Softmax()).hasToString("Softmax()");
  }

  @Test
  void summaryListsOutputsAndParameters() {
    assertThat(model.summary(1, 4).lines())
        .containsExactly(
            "layer                            output               parameters",
            "0  Linear(4 → 3)                 [1, 3]                       15",
            "1  ReLU()                        [1, 3]                        0",
            "2.0  Linear(3 → 2, no bias)      [1, 2]                        6",
            "2.1  Dropout(0.5)                [1, 2]                        0",
            "3.body  Linear(2 → 2)            [1, 2]                        6",
            "total                                                         27");
  }

  @Test
  void summaryCountsFrozenAndSharedParametersOnce() {
    Linear first = new Linear(50, 50, generator);
    first.bias().frozen(true);
    Module shared = new Sequential(first, new Linear(first.weight(), null));
    assertThat(shared.summary(50).lines())
        .containsExactly(
            "layer                            output               parameters",
            "0  Linear(50 → 50)               [50]                      2,550",
            "1  Linear(50 → 50, no bias)      [50]                          0",
            "total                                                      2,550",
            "of them frozen                                                50");
    assertThat(new Tanh().summary(2, 3).lines())
        .containsExactly(
            "layer                            output               parameters",
            "Tanh()                           [2, 3]                        0",
            "total                                                          0");
  }

  @Test
  void summaryOfAModuleOfOnesOwnNamesItAndSaysWhatIsNotCalled() {
    assertThat(new Block(new Tanh(), new Linear(2, 2)).summary(1, 2).lines())
        .containsExactly(
            "layer                            output               parameters",
            "Block                            [1, 2]                        3",
            "used  Tanh()                     [1, 2]                        0",
            "unused  Linear(2 → 2)            not called                    6",
            "total                                                          9");
  }

  @Test
  void summaryRefusesAShapeThatTheModelRefuses() {
    assertShapeException(
        () -> new Sequential(new Sequential(new Linear(4, 3))).summary(1, 5),
        "Linear(4 → 3) expects input [n, 4] but got [1, 5] (layer 0.0 of Sequential)");
  }

  /** Has a parameter of its own, and calls one of its two children. */
  private static final class Block extends Composite {
    private final Module used;

    Block(Module used, Module unused) {
      this.used = child("used", used);
      child("unused", unused);
      parameter("scale", new Parameter(Tensor.zeros(3)));
    }

    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      return pass.call(used, x);
    }

    @Override
    protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
      return pass.call(used, gradOutput);
    }
  }
}
