package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.ShapeException;
import doppio.Tensor;
import org.junit.jupiter.api.Test;

/** A value is a sum over a divisor, and both can be asked for. */
class LossSumTest {
  private final Tensor prediction = Tensor.of(new double[][] {{0.5, -1, 2}, {3, 0, -4}});
  private final Tensor target = Tensor.of(new double[][] {{1, 1, 2}, {-1, 0.25, 0}});
  private final Tensor signs = Tensor.of(new double[][] {{1, 1, -1}, {-1, 1, 1}});

  /** Returns what it is told to, as its value or as its sum. */
  private static final class Told extends Loss {
    private final boolean sum;
    private double number;
    private boolean failing;

    Told(Reduction reduction, boolean sum) {
      super(reduction);
      this.sum = sum;
    }

    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      double value = sum ? reduced(number) : number;
      if (failing) {
        throw new ArithmeticException("half-way");
      }
      return value;
    }
  }

  @Test
  void aMeanIsOverTheElements() {
    check(new MSE(), target, 36.3125, 6);
    check(MSE.half(), target, 18.15625, 6);
    check(new Hinge(), signs, 15.5, 6);
  }

  @Test
  void theDivisorOfASumIsOne() {
    check(new MSE(Reduction.SUM), target, 36.3125, 1);
    check(MSE.half(Reduction.SUM), target, 18.15625, 1);
    check(new Hinge(Reduction.SUM), signs, 15.5, 1);
  }

  @Test
  void ofALossOfOnesOwnTheSumIsTheValueTimesTheElements() {
    Told mean = new Told(Reduction.MEAN, false);
    mean.number = 2.5;
    check(mean, target, 15, 6);
    Told sum = new Told(Reduction.SUM, false);
    sum.number = 2.5;
    check(sum, target, 2.5, 1);
    assertThat(mean.reduction()).isEqualTo(Reduction.MEAN);
    assertThat(sum.reduction()).isEqualTo(Reduction.SUM);
  }

  @Test
  void aSumThatIsToldIsKeptToTheBit() {
    double sum = 0.1 + 0.2 + 0.3;
    // Not every sum comes back from a division by its count.
    int n = 1;
    while (sum / n * n == sum) {
      n++;
    }
    Told told = new Told(Reduction.MEAN, true);
    told.number = sum;
    assertThat(told.forward(Tensor.zeros(n), Tensor.zeros(n))).isEqualTo(sum / n);
    assertThat(told.sum()).isEqualTo(sum);
    assertThat(told.divisor()).isEqualTo(n);
  }

  @Test
  void nanIsNotHidden() {
    for (boolean sum : new boolean[] {true, false}) {
      Told told = new Told(Reduction.MEAN, sum);
      told.number = Double.NaN;
      assertThat(told.forward(prediction, target)).isNaN();
      assertThat(told.sum()).isNaN();
    }
  }

  @Test
  void oneForwardKnowsNothingOfTheSumOfAnother() {
    Loss changing =
        new Loss() {
          private boolean told = true;

          @Override
          protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
            double value = told ? reduced(18) : 5;
            told = false;
            return value;
          }
        };
    assertThat(changing.forward(prediction, target)).isEqualTo(3);
    assertThat(changing.sum()).isEqualTo(18);
    assertThat(changing.forward(prediction, target)).isEqualTo(5);
    assertThat(changing.sum()).isEqualTo(30);
  }

  @Test
  void aFailedForwardLeavesThemAsTheyWere() {
    Told told = new Told(Reduction.MEAN, true);
    told.number = 12;
    told.forward(prediction, target);
    told.number = 7;
    told.failing = true;
    assertThatThrownBy(() -> told.forward(Tensor.zeros(5), Tensor.zeros(5)))
        .isInstanceOf(ArithmeticException.class);
    assertThat(told.sum()).isEqualTo(12);
    assertThat(told.divisor()).isEqualTo(6);
  }

  @Test
  void beforeAForwardThereIsNone() {
    assertThatIllegalStateException()
        .isThrownBy(new MSE()::sum)
        .withMessage("MSE: sum before forward");
    assertThatIllegalStateException()
        .isThrownBy(new MSE()::divisor)
        .withMessage("MSE: divisor before forward");
  }

  @Test
  void theDivisorCanBeAskedBeforeAnythingIsComputed() {
    MSE mse = new MSE();
    assertThat(mse.divisor(Tensor.zeros(4, 5), Tensor.zeros(4, 5))).isEqualTo(20);
    assertThatIllegalStateException().isThrownBy(mse::divisor);

    mse.forward(prediction, target);
    assertThat(mse.divisor(Tensor.zeros(4, 5), Tensor.zeros(4, 5))).isEqualTo(20);
    check(mse, target, 36.3125, 6);
  }

  @Test
  void askingForTheDivisorRefusesWhatForwardRefuses() {
    MSE mse = new MSE();
    assertThatThrownBy(() -> mse.divisor(Tensor.zeros(2, 3), Tensor.zeros(2)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("MSE expects a target [2, 3] but got [2]");
    assertThatThrownBy(() -> mse.divisor(Tensor.zeros(0, 3), Tensor.zeros(0, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("MSE expects a prediction that is not empty but got [0, 3]");
    assertThatThrownBy(() -> new Hinge().divisor(Tensor.zeros(1), Tensor.zeros(1)))
        .hasMessage("Hinge expects targets -1 and 1 but got 0.0 at [0]");
    assertThatNullPointerException()
        .isThrownBy(() -> mse.divisor(null, target))
        .withMessage("prediction");
    assertThatNullPointerException()
        .isThrownBy(() -> mse.divisor(target, null))
        .withMessage("target");
  }

  private void check(Loss loss, Tensor target, double sum, double divisor) {
    assertThat(loss.divisor(prediction, target)).isEqualTo(divisor);
    assertThat(loss.forward(prediction, target)).isEqualTo(sum / divisor);
    assertThat(loss.sum()).isEqualTo(sum);
    assertThat(loss.divisor()).isEqualTo(divisor);
  }
}
