package doppio.golden;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Linear;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What seed 0 draws, in PyTorch and here. */
public final class SeedDraws {
  /** The shapes {@code [out, in]} of the linear layers. */
  private static final int[][] LINEARS = {{5, 3}, {2, 784}, {3, 7}, {4, 5}};

  private SeedDraws() {}

  /** The shapes {@code [out, in]} of the linear layers, some with inputs no power of two. */
  public static int[][] linears() {
    return LINEARS.clone();
  }

  /** Numbers that are PyTorch's to the bit. */
  public static Map<String, Tensor> exact() {
    Map<String, Tensor> draws = new LinkedHashMap<>();
    for (int[] shape : LINEARS) {
      String name = shape[1] + " to " + shape[0];
      Generator g = new Generator(0);
      put(draws, "Linear double " + name, new Linear(shape[1], shape[0], g));
      g.seed(0);
      put(draws, "Linear single " + name, new Linear(shape[1], shape[0], g.singlePrecision()));
    }
    int[] order = new Generator(0).permutation(50);
    draws.put("permutation", Tensor.of(Arrays.stream(order).asDoubleStream().toArray()));
    double[] mask = new double[50];
    new Generator(0).bernoulli(mask, 0.3);
    draws.put("mask", Tensor.of(mask));
    double[] few = new double[15];
    new Generator(0).singlePrecision().normal(few, 0.5, 2);
    draws.put("normal single 15", Tensor.of(few));
    return draws;
  }

  /** Numbers whose last bits depend on the C library. */
  public static Map<String, Tensor> close() {
    Map<String, Tensor> draws = new LinkedHashMap<>();
    for (int n : new int[] {15, 16, 35}) {
      double[] values = new double[n];
      new Generator(0).normal(values, 0.5, 2);
      draws.put("normal double " + n, Tensor.of(values));
    }
    return draws;
  }

  /** Numbers for which PyTorch takes vectorised float functions where the processor has AVX2. */
  public static Map<String, Tensor> closeInSinglePrecision() {
    Map<String, Tensor> draws = new LinkedHashMap<>();
    for (int n : new int[] {16, 35}) {
      double[] values = new double[n];
      new Generator(0).singlePrecision().normal(values, 0.5, 2);
      draws.put("normal single " + n, Tensor.of(values));
    }
    return draws;
  }

  private static void put(Map<String, Tensor> draws, String name, Linear linear) {
    linear.stateDict().forEach((key, tensor) -> draws.put(name + " " + key, tensor));
  }
}
