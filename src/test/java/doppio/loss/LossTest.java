package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import doppio.ShapeException;
import doppio.Tensor;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossTest {
  /** The example of the javadoc, and a way to fail in the middle. */
  private static final class MeanAbsoluteError extends Loss {
    private boolean failing;

    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      int n = prediction.size();
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double d = prediction.data()[i] - target.data()[i];
        sum += Math.abs(d);
        gradient.data()[i] = Math.signum(d) / n;
        if (failing) {
          throw new ArithmeticException("half-way");
        }
      }
      return sum / n;
    }
  }

  private final MeanAbsoluteError loss = new MeanAbsoluteError();

  @Test
  void aLossOfYourOwnIsOneMethod() {
    assertThat(loss.forward(Tensor.of(1, 5, 2, 0), Tensor.of(2, 2, 2, 1))).isEqualTo(1.25);
    assertThat(loss.backward().data()).containsExactly(-0.25, 0.25, 0, -0.25);
  }

  @Test
  void backwardNeedsAForward() {
    for (Loss fresh :
        List.of(
            loss,
            new MSE(),
            MSE.half(),
            new Hinge(),
            new CrossEntropy(),
            new L1(),
            new Huber(1),
            new BCEWithLogits(),
            new NLL())) {
      assertThatIllegalStateException()
          .isThrownBy(fresh::backward)
          .withMessage(fresh + ": backward before forward");
    }
    assertThatIllegalStateException()
        .isThrownBy(new MSE()::backward)
        .withMessage("MSE: backward before forward");
  }

  @Test
  void gradientsAreTheCallersOwn() {
    Tensor prediction = Tensor.of(new double[][] {{1, 5}});
    loss.forward(prediction, Tensor.of(new double[][] {{2, 2}}));
    Tensor first = loss.backward();
    first.fill(7);
    assertThat(loss.backward().data()).containsExactly(-0.5, 0.5);
    assertThat(first.shape()).containsExactly(1, 2);

    loss.forward(prediction, Tensor.of(new double[][] {{0, 0}}));
    loss.forward(prediction, Tensor.of(new double[][] {{0, 9}}));
    assertThat(first.data()).containsExactly(7, 7);
    assertThat(loss.backward().data()).containsExactly(0.5, -0.5);
  }

  @Test
  void theShapeMayChangeFromCallToCall() {
    loss.forward(Tensor.of(1, 5), Tensor.of(2, 2));
    loss.forward(Tensor.of(new double[][] {{1, 5}, {2, 2}}), Tensor.zeros(2, 2));
    assertThat(loss.backward().shape()).containsExactly(2, 2);
    loss.forward(Tensor.wrap(new double[] {3}), Tensor.zeros());
    assertThat(loss.backward().rank()).isZero();
    assertThat(loss.backward().data()).containsExactly(1);
  }

  @Test
  void theGradientIsThatOfTheForwardWhateverIsWrittenLater() {
    Tensor prediction = Tensor.of(1, 5);
    Tensor target = Tensor.of(2, 2);
    loss.forward(prediction, target);
    prediction.fill(0);
    target.fill(0);
    assertThat(loss.backward().data()).containsExactly(-0.5, 0.5);
  }

  @Test
  void aFailedForwardLeavesTheLossAsItWas() {
    loss.forward(Tensor.of(1, 5), Tensor.of(2, 2));
    loss.failing = true;
    assertThatThrownBy(() -> loss.forward(Tensor.of(9, 9), Tensor.of(0, 0)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> loss.forward(Tensor.of(9, 9, 9), Tensor.of(0, 0, 0)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> loss.forward(Tensor.of(9, 9), Tensor.of(0)))
        .isInstanceOf(ShapeException.class);
    assertThat(loss.backward().data()).containsExactly(-0.5, 0.5);

    loss.failing = false;
    loss.forward(Tensor.of(9, 9), Tensor.of(0, 0));
    assertThat(loss.backward().data()).containsExactly(0.5, 0.5);
  }

  @Test
  void aFirstForwardThatFailsLeavesNothingToGoBackFrom() {
    loss.failing = true;
    assertThatThrownBy(() -> loss.forward(Tensor.of(9, 9), Tensor.of(0, 0)))
        .isInstanceOf(ArithmeticException.class);
    assertThatIllegalStateException().isThrownBy(loss::backward);
  }

  @Test
  void targetsOfAnotherShapeAreRefused() {
    assertThatThrownBy(() -> new MSE().forward(Tensor.zeros(4, 1), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("MSE expects a target [4, 1] but got [4]");
    assertThatThrownBy(() -> new Hinge().forward(Tensor.zeros(2, 3), Tensor.zeros(3, 2)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("Hinge expects a target [2, 3] but got [3, 2]");
  }

  @Test
  void anEmptyBatchIsRefused() {
    for (Loss each :
        List.of(
            new MSE(),
            new MSE(Reduction.SUM),
            new Hinge(),
            new CrossEntropy(),
            new L1(),
            new Huber(1),
            new BCEWithLogits(),
            new NLL(),
            loss)) {
      assertThatThrownBy(() -> each.forward(Tensor.zeros(0, 3), Tensor.zeros(0, 3)))
          .isInstanceOf(ShapeException.class)
          .hasMessage(each + " expects a prediction that is not empty but got [0, 3]");
    }
  }

  @Test
  void nullIsRefusedByName() {
    assertThatNullPointerException()
        .isThrownBy(() -> new MSE().forward(null, Tensor.of(1)))
        .withMessage("prediction");
    assertThatNullPointerException()
        .isThrownBy(() -> new MSE().forward(Tensor.of(1), null))
        .withMessage("target");
    assertThatNullPointerException()
        .isThrownBy(() -> new MSE((Reduction) null))
        .withMessage("reduction");
    assertThatNullPointerException()
        .isThrownBy(() -> new Hinge((Reduction) null))
        .withMessage("reduction");
    assertThatNullPointerException()
        .isThrownBy(() -> new CrossEntropy((Reduction) null))
        .withMessage("reduction");
  }

  @Test
  void onlyWhatBackwardReturnsIsAllocated() {
    Tensor target = Tensor.full(1, 100, 10);
    double[] weights = new double[10];
    Arrays.fill(weights, 2);
    CrossEntropy weighted = new CrossEntropy().weights(weights).ignoreIndex(3);
    for (Loss each :
        List.of(
            new MSE(),
            new Hinge(),
            new CrossEntropy(),
            new L1(),
            new Huber(1),
            new BCEWithLogits().positiveWeight(weights))) {
      allocatesNoMore(each, target);
    }
    allocatesNoMore(new NLL().weights(weights).ignoreIndex(3), Tensor.full(1, 100));
    allocatesNoMore(new CrossEntropy(), Tensor.full(1, 100));
    allocatesNoMore(weighted, Tensor.full(1, 100));
  }

  private static void allocatesNoMore(Loss loss, Tensor target) {
    Tensor prediction = Tensor.full(0.5, 100, 10);
    for (int i = 0; i < 3; i++) {
      loss.forward(prediction, target);
    }
    int repeats = 50;
    long start = allocated();
    for (int i = 0; i < repeats; i++) {
      loss.forward(prediction, target);
    }
    long forward = allocated() - start;
    assertThat(forward).as("%s.forward", loss).isLessThan(8L * prediction.size());

    start = allocated();
    for (int i = 0; i < repeats; i++) {
      loss.backward();
    }
    long backward = allocated() - start;
    assertThat(backward).as("%s.backward", loss).isLessThan(9L * repeats * prediction.size());
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
