package doppio.own;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.loss.Loss;
import doppio.loss.Reduction;
import doppio.nn.Description;
import doppio.nn.Parts;
import org.junit.jupiter.api.Test;

/** Losses written by somebody else, as short as the javadoc shows it. */
class OwnLossTest {
  static final class MeanAbsoluteError extends Loss {
    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      int n = prediction.size();
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double d = prediction.data()[i] - target.data()[i];
        sum += Math.abs(d);
        gradient.data()[i] = Math.signum(d) / n;
      }
      return sum / n;
    }

    @Override
    public Description<MeanAbsoluteError> describe() {
      return Description.of(parts -> new MeanAbsoluteError());
    }
  }

  /** A sum with a setting: Σ |ŷ − y|^p. */
  static final class Power extends Loss {
    private final double p;

    Power(double p) {
      super(Reduction.SUM);
      this.p = p;
    }

    Power(Parts parts) {
      this(parts.number("p"));
    }

    @Override
    public Description<Power> describe() {
      return Description.of(Power::new).set("p", p);
    }

    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      double sum = 0;
      for (int i = 0; i < prediction.size(); i++) {
        double d = prediction.data()[i] - target.data()[i];
        sum += Math.pow(Math.abs(d), p);
        gradient.data()[i] = p * Math.pow(Math.abs(d), p - 1) * Math.signum(d);
      }
      return sum;
    }
  }

  private final Tensor prediction = Tensor.of(1, 5, 2, 0);
  private final Tensor target = Tensor.of(2, 2, 2.5, 1);

  @Test
  void oneMethodIsALoss() {
    Loss loss = new MeanAbsoluteError();
    assertThat(loss.forward(prediction, target)).isEqualTo(1.375);
    assertThat(loss.backward().data()).containsExactly(-0.25, 0.25, -0.25, -0.25);
    assertThat(loss.divisor()).isEqualTo(4);
    assertThat(loss.sum()).isEqualTo(5.5);
    GradientCheck.check(loss, prediction, target);
  }

  @Test
  void oneLineLetsItBeCopied() {
    Loss loss = new MeanAbsoluteError();
    Loss copy = loss.copy();
    assertThat(copy).isNotSameAs(loss).isInstanceOf(MeanAbsoluteError.class);
    assertThat(copy.forward(prediction, target)).isEqualTo(loss.forward(prediction, target));
    assertThat(copy).hasToString("MeanAbsoluteError");
  }

  @Test
  void aSumWithASettingIsCopiedAndPrintsIt() {
    Loss loss = new Power(3);
    assertThat(loss).hasToString("Power(p 3.0)");
    assertThat(loss.copy()).hasToString("Power(p 3.0)");
    double value = loss.forward(prediction, target);
    assertThat(value).isEqualTo(29.125);
    assertThat(loss.sum()).isEqualTo(value);
    assertThat(loss.divisor()).isEqualTo(1);
    assertThat(loss.copy().forward(prediction, target)).isEqualTo(value);
    GradientCheck.check(loss, prediction, target);
  }
}
