package doppio.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.loss.CrossEntropy;
import doppio.loss.Hinge;
import doppio.loss.Loss;
import doppio.loss.MSE;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossGradientCheckTest {
  private final Tensor x = RandomTensors.normal(2, 3, 4);

  @Test
  void lossesOfTheLibraryAreRight() {
    GradientCheck.check(new MSE(), x, RandomTensors.normal(3, 3, 4));
    GradientCheck.check(MSE.half(), x, RandomTensors.normal(3, 3, 4));
    GradientCheck.check(new CrossEntropy(), x, Tensor.of(0, 3, 1));
    Tensor signs = Tensor.of(-1, 1, 1, -1);
    GradientCheck.check(new Hinge(), Tensor.of(2, -5, 3, 0.5), signs);
    // All on the margin, or next to it.
    GradientCheck.check(new Hinge(), signs.copy(), signs);
    GradientCheck.check(new Hinge(), Tensor.of(-0.9999, 0.9995, 1.0001, -1.0000001), signs);
  }

  @Test
  void aWrongLossFails() {
    GradientCheck.check(new Cubes(3), Tensor.of(1, 2), Tensor.of(0, 0));
    assertThatThrownBy(() -> GradientCheck.check(new Cubes(2), Tensor.of(1, 2), Tensor.of(0, 0)))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("GradientCheck: prediction[")
        .hasMessageContaining("] of Cubes: analytic ")
        .hasMessageEndingWith(" (relative error 0.33, tolerance 1.0E-6)");
  }

  @Test
  void betweenTwoPassesAtThePointOneOtherAndThenTwoOthersAreMade() {
    List<Double> point = List.of(1.0, 2.0, 4.0, 8.0);
    List<Double> flipped = List.of(-0.5, -1.25, -3.0, -7.0);
    List<Double> turned = List.of(4.0, 2.5, 1.5, 0.875);
    Asked loss = new Asked(true);
    GradientCheck.check(loss, Tensor.of(1, 2, 4, 8), Tensor.zeros(4));
    assertThat(loss.predictions.subList(0, 6))
        .containsExactly(point, flipped, point, flipped, turned, point);
    Asked positive = new Asked(false);
    GradientCheck.check(positive, Tensor.of(1, 2, 4, 8), Tensor.zeros(4));
    assertThat(positive.predictions.subList(0, 6))
        .containsExactly(point, turned, point, turned, turned, point);
  }

  /** The slopes begin with two steps of 1/1024 to the left. */
  @Test
  void afterThoseTheSlopesAreMeasured() {
    Asked loss = new Asked(true);
    GradientCheck.check(loss, Tensor.of(1, 2, 4, 8), Tensor.zeros(4));
    assertThat(loss.predictions.subList(6, 8))
        .containsExactly(List.of(1.0, 2.0, 4.0, 8.0), List.of(1 - 0x1p-9, 2.0, 4.0, 8.0));
  }

  @Test
  void theFirstRowGoesFirstWhereRowsHaveTargets() {
    Tensor rows = Tensor.of(new double[][] {{1, 2}, {3, 4}});
    for (Tensor target : new Tensor[] {Tensor.zeros(2, 2), Tensor.zeros(2)}) {
      Asked loss = new Asked(true);
      GradientCheck.check(loss, rows, target);
      assertThat(loss.predictions.get(0)).containsExactly(1.0, 2.0);
    }
    for (Tensor target : new Tensor[] {Tensor.zeros(), Tensor.zeros(3)}) {
      Asked loss = new Asked(true);
      GradientCheck.check(loss, rows, target);
      assertThat(loss.predictions.get(0)).containsExactly(1.0, 2.0, 3.0, 4.0);
    }
    Asked vector = new Asked(true);
    GradientCheck.check(vector, Tensor.of(1, 2), Tensor.zeros(2));
    assertThat(vector.predictions.get(0)).containsExactly(1.0, 2.0);
  }

  @Test
  void lossesOfEverySizeAreRight() {
    for (int seed = 0; seed < 100; seed++) {
      double size = Math.pow(10, seed % 17 - 8);
      Tensor p = RandomTensors.normal(seed, 4, 3);
      Tensor t = RandomTensors.normal(seed + 1, 4, 3);
      for (int i = 0; i < p.size(); i++) {
        p.data()[i] *= size;
        t.data()[i] *= size;
      }
      GradientCheck.check(new MSE(), p, t);
      GradientCheck.check(new CrossEntropy(), p, Tensor.of(0, 2, 1, 1));
      GradientCheck.check(new Hinge(), p, signs(t));
    }
  }

  @Test
  void aPredictionOfRankZeroIsChecked() {
    GradientCheck.check(new MSE(), Tensor.zeros(), Tensor.full(1));
  }

  @Test
  void aLossNearTheEndOfItsDomainIsRight() {
    Tensor p = Tensor.of(0.001, 1e-7, 0.999, 0.5);
    GradientCheck.check(new Surprise(false), p, p);
    GradientCheck.check(new Surprise(true), p, p);
  }

  private static Tensor signs(Tensor t) {
    Tensor signs = t.copy();
    for (int i = 0; i < t.size(); i++) {
      signs.data()[i] = t.data()[i] < 0 ? -1 : 1;
    }
    return signs;
  }

  /** What a loss is asked before its slopes are measured. */
  private static final class Asked extends Loss {
    private final boolean takesNegative;
    final List<List<Double>> predictions = new ArrayList<>();

    Asked(boolean takesNegative) {
      this.takesNegative = takesNegative;
    }

    @Override
    protected void check(Tensor prediction, Tensor target) {}

    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      List<Double> values = Arrays.stream(prediction.data()).boxed().toList();
      if (!takesNegative && values.get(0) < 0) {
        throw new IllegalArgumentException("negative: " + values);
      }
      predictions.add(values);
      gradient.fill(1);
      return values.stream().mapToDouble(v -> v).sum();
    }
  }

  /** The sum of −log p − log (1 − p), for probabilities alone. */
  private static final class Surprise extends Loss {
    private final boolean refuses;

    Surprise(boolean refuses) {
      this.refuses = refuses;
    }

    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      double sum = 0;
      for (int i = 0; i < prediction.size(); i++) {
        double p = prediction.data()[i];
        if (refuses && !(p > 0 && p < 1)) {
          throw new IllegalArgumentException("no probability: " + p);
        }
        sum -= Math.log(p) + Math.log(1 - p);
        gradient.data()[i] = 1 / (1 - p) - 1 / p;
      }
      return sum;
    }
  }

  /** The sum of the cubes of the predictions, with a factor in the derivative that should be 3. */
  private static final class Cubes extends Loss {
    private final double factor;

    Cubes(double factor) {
      this.factor = factor;
    }

    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      double sum = 0;
      for (int i = 0; i < prediction.size(); i++) {
        double p = prediction.data()[i];
        sum += p * p * p;
        gradient.data()[i] = factor * p * p;
      }
      return sum;
    }
  }
}
