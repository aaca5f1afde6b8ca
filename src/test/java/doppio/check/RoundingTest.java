package doppio.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Tensor;
import doppio.internal.Observer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import org.junit.jupiter.api.Test;

/** What rounding does to an analytic gradient is told from errors. */
class RoundingTest {
  @Test
  void aNumberMayBeOffByUpTo64UnitsInItsLastPlace() {
    int[] passes = new int[1];
    Module identity =
        new Wrapper(new Elementwise(v -> v, v -> 1)) {
          @Override
          public Tensor forward(Tensor in) {
            passes[0]++;
            return super.forward(in);
          }
        };
    Subject subject = new Subject(identity, "", Tensor.of(1, 1), Tensor.of(1, -2));
    Rounding rounding = new Rounding(subject, subject.gradients(new Observer() {}));
    passes[0] = 0;
    assertThat(rounding.of("input", 0)).isBetween(0x1p-48, 0x1p-46);
    assertThat(rounding.of("input", 1)).isBetween(0x1p-47, 0x1p-45);
    assertThat(passes[0]).isEqualTo(5);
  }

  /** Of five numbers between 0 and 1 the largest is 5/6 in the mean, a single one is 1/2. */
  @Test
  void theBoundIsTheWidestOfAllTrials() {
    Tensor ones = Tensor.full(1, 200);
    Subject subject = new Subject(new Elementwise(v -> v, v -> 1), "", ones, ones);
    Rounding rounding = new Rounding(subject, subject.gradients(new Observer() {}));
    double sum = 0;
    for (int i = 0; i < 200; i++) {
      sum += rounding.of("input", i);
    }
    assertThat(sum / 200).isCloseTo(5 / 6.0 * 0x1p-46, within(0.1 * 0x1p-46));
  }

  @Test
  void parametersMoveTooAndAreAsBefore() {
    Linear linear = new Linear(new Parameter(Tensor.full(3, 1, 2)), null);
    Subject subject = new Subject(linear, "", Tensor.of(5, 0), Tensor.of(1));
    Rounding rounding = new Rounding(subject, subject.gradients(new Observer() {}));
    assertThat(rounding.of("weight", 0)).isBetween(5 * 0x1p-48, 2 * 5 * 0x1p-46);
    assertThat(rounding.of("weight", 1)).isZero();
    assertThat(rounding.of("input", 1)).isBetween(3 * 0x1p-48, 2 * 3 * 0x1p-46);
    assertThat(linear.weight().value().data()).containsExactly(3, 3);
    assertThat(subject.input.data()).containsExactly(5, 0);
    assertThat(subject.cotangent.data()).containsExactly(1);
  }

  @Test
  void aSumThatCancelsIsOffAsFarAsItsTerms() {
    Linear linear = new Linear(new Parameter(Tensor.full(3, 1, 1)), null);
    Tensor cotangent = Tensor.of(new double[][] {{1e8}, {-1e8}});
    Subject subject = new Subject(linear, "", Tensor.full(1, 2, 1), cotangent);
    Gradients gradients = subject.gradients(new Observer() {});
    assertThat(gradients.byName().get("weight").data()).containsExactly(0);
    assertThat(new Rounding(subject, gradients).of("weight", 0))
        .isBetween(1e8 * 0x1p-49, 4e8 * 0x1p-46);
  }
}
