package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.nn.Linear;
import doppio.nn.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

class SGDTest {
  @Test
  void oneStepIsTheOneWorkedByHand() {
    Parameter p = Parameters.of(1, -2);
    Parameters.gradient(p, 0.5, 4);
    new SGD(List.of(p), 0.25).step();
    assertThat(p.value().data()).containsExactly(0.875, -3);
  }

  @Test
  void coupledDecayIsTheOneWorkedByHand() {
    Parameter p = Parameters.withGradient(2, 0.5);
    new SGD(List.of(p), 0.25).weightDecay(0.125).step();
    // 2 − 0.25 (0.5 + 0.125 · 2)
    assertThat(p.value().data()).containsExactly(1.8125);
    assertThat(p.grad().data()).containsExactly(0.5);
  }

  @Test
  void decoupledDecayIsNotMultipliedByTheRate() {
    Parameter p = Parameters.withGradient(2, 0.5);
    new SGD(List.of(p), 0.25).decoupledWeightDecay(0.125).step();
    // 2 − 0.25 · 0.5 − 0.125 · 2
    assertThat(p.value().data()).containsExactly(1.625);
  }

  @Test
  void bothDecaysApplyAtOnce() {
    Parameter p = Parameters.withGradient(2, 0.5);
    new SGD(List.of(p), 0.25).weightDecay(0.125).decoupledWeightDecay(0.125).step();
    assertThat(p.value().data()).containsExactly(1.5625);
  }

  @Test
  void decoupledDecayAtRateZeroStillDecays() {
    Parameter p = Parameters.withGradient(2, 0.5);
    new SGD(List.of(p), 0).decoupledWeightDecay(0.125).step();
    assertThat(p.value().data()).containsExactly(1.75);
  }

  @Test
  void endsWherePyTorchEnds() {
    Trajectory.ends(
        p -> new SGD(p, 0.1),
        0.7391484500000001,
        -1.0950118882812498,
        -0.16113919999999998,
        -0.7033440000000001);
    Trajectory.ends(
        p -> new SGD(p, 0.1).weightDecay(0.05),
        0.7171447521318803,
        -1.0487615131495975,
        -0.17766348734711593,
        -0.696780322408121);
  }

  @Test
  void twoVectorsAndTheMatrixTheyMakeGiveTheSameStep() {
    Linear vectors = new Linear(3, 2);
    Linear matrix = (Linear) vectors.copy();
    for (Linear each : List.of(vectors, matrix)) {
      each.forward(Tensor.of(1, -2, 0.5));
      each.accumulateGradients(Tensor.of(0.25, -4));
    }
    matrix.weight().grad(); // forms the matrix; the other step uses the vectors
    new SGD(vectors.parameters(), 0.1).step();
    new SGD(matrix.parameters(), 0.1).step();
    assertThat(vectors.weight().value().data()).containsExactly(matrix.weight().value().data());
    assertThat(vectors.weight().grad().data()).containsExactly(matrix.weight().grad().data());
  }
}
