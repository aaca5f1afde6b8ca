package doppio.internal.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.Convolution;
import doppio.internal.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What plain kernels tell of their work. */
class CountdownTest {
  private static final int N = 3;
  private static final int IN = 5;
  private static final int OUT = 7;

  private final double[] a = new double[1000];
  private final double[] b = new double[1000];
  private final double[] c = new double[1000];

  @Test
  void eachProductCountsItsMultiplyAdds() {
    long all = (long) N * IN * OUT;
    counts(all, k -> k.linear(a, 0, b, 0, null, 0, c, 0, N, IN, OUT));
    counts(all, k -> k.linearInputGradient(a, 0, b, 0, c, 0, N, IN, OUT));
    counts(all, k -> k.linearWeightGradient(a, 0, b, 0, c, 0, N, IN, OUT, true));
    counts(
        all,
        k -> k.linearWeightGradientParts(a, 0, b, 0, N, IN, OUT, (array, at, from, length) -> {}));
    counts(
        IN * OUT,
        k -> k.linearWeightGradientRows(a, 0, new double[IN], OUT, (factor, x, from, array) -> {}));
  }

  @Test
  void soDoesEachProductOfAConvolution() {
    Convolution window = new Convolution(2, 5, 6, 4, 1, 3, 3, 1, 1, 0, 0, 1, 1, 3, 4);
    long all = window.work(N);
    assertThat(all).isEqualTo(N * 4 * (2 * 3 * 3) * (3 * 4));
    counts(all, k -> k.convolutions().forward(window, a, 0, b, 0, null, 0, c, 0, N));
    counts(all, k -> k.convolutions().inputGradient(window, a, 0, b, 0, c, 0, N));
    counts(all, k -> k.convolutions().weightGradient(window, a, 0, b, 0, c, 0, N, true));
  }

  @Test
  void theWorkOfAllProductsIsAddedUpAndEnoughIsSaidOnce() {
    List<Integer> said = new ArrayList<>();
    List<Integer> product = new ArrayList<>();
    Kernels kernels =
        new ScalarKernels(new Countdown(4L * N * IN * OUT, () -> said.add(product.size())));
    for (int i = 1; i <= 10; i++) {
      product.add(i);
      kernels.linear(a, 0, b, 0, null, 0, c, 0, N, IN, OUT);
    }
    assertThat(said).containsExactly(4);
  }

  private static void counts(long work, Consumer<Kernels> product) {
    List<String> said = new ArrayList<>();
    product.accept(new ScalarKernels(new Countdown(work + 1, () -> said.add("too soon"))));
    product.accept(new ScalarKernels(new Countdown(work, () -> said.add("enough"))));
    assertThat(said).containsExactly("enough");
  }
}
