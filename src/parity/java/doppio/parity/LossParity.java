package doppio.parity;

import doppio.Generator;
import doppio.Tensor;
import doppio.golden.LossCase;
import doppio.loss.L2;
import doppio.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
class LossParity {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void valuesAndGradients(long seed) {
    for (LossCase c : LossCase.all(seed)) {
      try (PointerScope scope = new PointerScope()) {
        Tally.compare(c.name(), c.results(), TorchLosses.results(c), Tally.Bound.ONE_PASS);
        Tally.covers(c.loss());
      }
    }
  }

  @Test
  void penalty() {
    Generator g = new Generator(1);
    for (int n = 0; n < 20; n++) {
      try (PointerScope scope = new PointerScope()) {
        List<Parameter> parameters = new ArrayList<>();
        double expected = 0;
        for (int i = 0; i < n; i++) {
          Tensor w = Tensor.zeros(1 + i, 5);
          g.normal(w.data(), 0, 1);
          parameters.add(new Parameter(w));
          expected += Torch.of(w).pow(new Scalar(2.0)).sum().item_double();
        }
        double lambda = g.uniform();
        Tally.compare(
            "L2 of " + n,
            Tensor.full(L2.penalty(lambda, parameters)),
            Tensor.full(lambda / 2 * expected),
            Tally.Bound.ONE_PASS);
      }
    }
  }
}
