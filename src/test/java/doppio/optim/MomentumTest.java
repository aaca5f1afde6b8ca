package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.nn.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

class MomentumTest {
  @Test
  void twoStepsAreThoseWorkedByHand() {
    Parameter p = Parameters.withGradient(1, 2);
    Momentum momentum = new Momentum(List.of(p), 0.25, 0.5);
    momentum.step();
    assertThat(p.value().get(0)).isEqualTo(0.5); // v = 2
    Parameters.gradient(p, 4);
    momentum.step();
    assertThat(p.value().get(0)).isEqualTo(-0.75); // v = 0.5 · 2 + 4 = 5
  }

  @Test
  void twoNesterovStepsAreThoseWorkedByHand() {
    Parameter p = Parameters.withGradient(1, 2);
    Momentum momentum = new Momentum(List.of(p), 0.25, 0.5).nesterov(true);
    momentum.step();
    assertThat(p.value().get(0)).isEqualTo(0.25); // v = 2, 2 + 0.5 · 2 = 3
    Parameters.gradient(p, 4);
    momentum.step();
    assertThat(p.value().get(0)).isEqualTo(-1.375); // v = 5, 4 + 0.5 · 5 = 6.5
  }

  @Test
  void theVelocityDoesNotSeeDecoupledDecay() {
    Parameter p = Parameters.withGradient(1, 2);
    Optimizer momentum = new Momentum(List.of(p), 0.25, 0.5).decoupledWeightDecay(0.125);
    momentum.step();
    assertThat(p.value().get(0)).isEqualTo(0.375); // 1 − 0.25 · 2 − 0.125
    Parameters.gradient(p, 4);
    momentum.step();
    assertThat(p.value().get(0)).isEqualTo(0.375 - 0.25 * 5 - 0.125 * 0.375);
  }

  @Test
  void withoutMomentumItIsGradientDescent() {
    Parameter a = Parameters.of(1, -2);
    Parameter b = Parameters.of(1, -2);
    Optimizer momentum = new Momentum(List.of(a), 0.1, 0).weightDecay(0.01);
    Optimizer sgd = new SGD(List.of(b), 0.1).weightDecay(0.01);
    for (int t = 0; t < 5; t++) {
      Parameters.gradient(a, t, 1 - t);
      Parameters.gradient(b, t, 1 - t);
      momentum.step();
      sgd.step();
    }
    assertThat(a.value().data()).containsExactly(b.value().data());
  }

  @Test
  void endsWherePyTorchEnds() {
    Trajectory.ends(
        p -> new Momentum(p, 0.1, 0.9),
        0.2821748000000001,
        0.7467347242187502,
        -3.7315112,
        -1.1145);
    Trajectory.ends(
        p -> new Momentum(p, 0.1, 0.9).weightDecay(0.05),
        0.2299906456673397,
        0.8612142759277028,
        -3.6642202587372688,
        -1.0834061202710117);
    Trajectory.ends(
        p -> new Momentum(p, 0.1, 0.9).nesterov(true),
        0.32442985896300497,
        0.9175851359242329,
        -2.22268362211328,
        -0.749200036224);
    Trajectory.ends(
        p -> new Momentum(p, 0.1, 0.9).nesterov(true).weightDecay(0.05),
        0.2836779681223602,
        1.0017714934598143,
        -2.1373841957854594,
        -0.733127363384577);
  }

  @Test
  void momentaOutOfRangeAreRefused() {
    for (double bad : new double[] {1, -0.1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Momentum(List.of(Parameters.of(1)), 0.1, bad))
          .withMessage("momentum must be in [0, 1), got " + bad);
    }
  }
}
