package doppio.parity;

import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;
import static org.bytedeco.pytorch.global.torch.clip_grad_value_;

import doppio.Generator;
import doppio.Tensor;
import doppio.golden.OptimizerCase;
import doppio.nn.Parameter;
import doppio.optim.GradientClip;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.TensorVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
class OptimizerParity {
  static Stream<OptimizerCase> cases() {
    return OptimizerCase.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twoHundredSteps(OptimizerCase c) {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> actual = c.results(step -> true);
      Map<String, Tensor> expected = TorchOptimizers.results(c, step -> true);
      String what = c + ", step";
      Tally.compare(what, actual, expected, Tally.Bound.TWO_HUNDRED_STEPS);
      Tally.covers(c.optimizer(OptimizerCase.model()));
    }
  }

  @Test
  void clippedGradients() {
    for (double bound : new double[] {0, 0.01, 0.5, 3, 100, Double.POSITIVE_INFINITY}) {
      clipped(
          "norm " + bound,
          (ours, theirs) ->
              Tally.compare(
                  "norm before " + bound,
                  Tensor.full(GradientClip.norm(ours, bound)),
                  Tensor.full(clip_grad_norm_(theirs, bound)),
                  Tally.Bound.ONE_PASS));
      clipped(
          "value " + bound,
          (ours, theirs) -> {
            GradientClip.value(ours, bound);
            clip_grad_value_(theirs, bound);
          });
    }
  }

  private static void clipped(String what, BiConsumer<List<Parameter>, TensorVector> clip) {
    Generator g = new Generator(1);
    for (int n = 1; n <= 8; n++) {
      try (PointerScope scope = new PointerScope()) {
        List<Parameter> ours = new ArrayList<>();
        List<org.bytedeco.pytorch.Tensor> theirs = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          Tensor gradient = Tensor.zeros(1 + i, n);
          g.normal(gradient.data(), 0, 1);
          Parameter parameter = new Parameter(Tensor.zeros(1 + i, n));
          System.arraycopy(gradient.data(), 0, parameter.accumulator().data(), 0, gradient.size());
          ours.add(parameter);
          org.bytedeco.pytorch.Tensor leaf = Torch.leaf(parameter.value());
          leaf.mutable_grad().put(Torch.of(gradient));
          theirs.add(leaf);
        }
        clip.accept(ours, new TensorVector(theirs.toArray(org.bytedeco.pytorch.Tensor[]::new)));
        Map<String, Tensor> actual = new LinkedHashMap<>();
        Map<String, Tensor> expected = new LinkedHashMap<>();
        for (int i = 0; i < n; i++) {
          actual.put("gradient " + i, ours.get(i).grad());
          expected.put("gradient " + i, Torch.gradient(theirs.get(i)));
        }
        Tally.compare("clip by " + what, actual, expected, Tally.Bound.ONE_PASS);
      }
    }
  }
}
