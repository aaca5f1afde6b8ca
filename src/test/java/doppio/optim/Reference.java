package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Tensor;
import doppio.nn.Parameter;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A rule written as its paper has it, one number at a time and without fused multiply-adds, beside
 * the optimizer.
 */
interface Reference {
  int STEPS = 40;

  /**
   * The new value after a step.
   *
   * @param t the step, from 1
   * @param memory what the rule remembers of this number, zeros at first
   */
  double step(int t, double w, double g, double[] memory);

  /** Compares 40 steps of vectors of many lengths, from random values along random gradients. */
  static void check(Function<List<Parameter>, Optimizer> rule, Reference reference) {
    Random random = new Random(5);
    for (int size : new int[] {0, 1, 2, 3, 7, 8, 61, 512, 513, 1031}) {
      double[] expected = random.doubles(size, -2, 2).toArray();
      double[][] memory = new double[size][3];
      Parameter p = new Parameter(Tensor.of(expected.clone()));
      Optimizer optimizer = rule.apply(List.of(p));
      for (int t = 1; t <= STEPS; t++) {
        double[] g = random.doubles(size, -3, 3).toArray();
        p.zeroGrad();
        System.arraycopy(g, 0, p.accumulator().data(), 0, size);
        optimizer.step();
        for (int i = 0; i < size; i++) {
          expected[i] = reference.step(t, expected[i], g[i], memory[i]);
        }
      }
      assertThat(p.value().data())
          .as("%s, %d numbers", optimizer, size)
          .containsExactly(expected, within(1e-12));
    }
  }
}
