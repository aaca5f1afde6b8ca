package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.nn.Parameter;
import java.util.List;
import java.util.function.Function;

/**
 * Seven steps down Σ aᵢ (wᵢ − cᵢ)² / 2 with two parameters, the second of which has no gradient at
 * the fourth step.
 */
final class Trajectory {
  private static final double[] A = {1, 0.5, 2};
  private static final double[] C = {0.5, 1, -1};

  private Trajectory() {}

  /** Checks where the steps end: the three numbers of the first parameter, then the second. */
  static void ends(Function<List<Parameter>, Optimizer> rule, double... expected) {
    Parameter w = Parameters.of(1, -2, 3);
    Parameter b = Parameters.of(0.25);
    Optimizer optimizer = rule.apply(List.of(w, b));
    for (int t = 0; t < 7; t++) {
      optimizer.zeroGrad();
      double[] gradient = new double[3];
      for (int i = 0; i < 3; i++) {
        gradient[i] = A[i] * (w.value().get(i) - C[i]);
      }
      Parameters.gradient(w, gradient);
      if (t != 3) {
        Parameters.gradient(b, 4 * (b.value().get(0) + 0.75));
      }
      optimizer.step();
    }
    double[] end = {w.value().get(0), w.value().get(1), w.value().get(2), b.value().get(0)};
    assertThat(end).containsExactly(expected, within(5e-15));
  }
}
