package doppio.internal.onnx.load;

import static doppio.internal.onnx.load.Operator.row;

import doppio.Tensor;
import doppio.internal.onnx.load.Binary.Kind;
import doppio.nn.Linear;
import doppio.nn.Parameter;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** The operators that are products of matrices. */
final class ProductRows {
  private ProductRows() {}

  static void addTo(Map<String, Operator> rows) {
    row(rows, "MatMul", 2, 2, ProductRows::product);
    row(rows, "Gemm", 2, 3, ProductRows::affine, "alpha", "beta", "transA", "transB", "broadcast");
  }

  private static void product(Site s) throws IOException {
    int x = s.slot(0);
    Tensor w = s.fact(1).constant();
    boolean usual = s.fact(0).constant() == null && isMatrix(w) && !s.fact(1).whole();
    Parameter weight = usual ? weight(s, false, 1) : null;
    if (weight != null) {
      give(s, x, weight, null);
    } else {
      s.give(new Product(), x, s.slot(1));
    }
  }

  private static void affine(Site s) throws IOException {
    double alpha = s.number("alpha", 1);
    double beta = s.number("beta", 1);
    boolean transposed = s.flag("transB", false);
    Tensor w = s.fact(1).constant();
    boolean usual = !s.flag("transA", false) && s.fact(0).constant() == null;
    if (usual && isMatrix(w)) {
      int out = w.dim(transposed ? 0 : 1);
      Tensor c = s.has(2) ? s.fact(2).constant() : null;
      if (!s.has(2) || (c != null && isBias(c, out))) {
        Parameter bias = c == null ? null : bias(s.graph(), s.slot(2), out, beta);
        Parameter weight = weight(s, transposed, alpha);
        if (weight != null && (bias == null) == (c == null)) {
          give(s, s.slot(0), weight, bias);
          return;
        }
      }
    }
    int a = matrix(s, 0, s.flag("transA", false));
    int b = matrix(s, 1, transposed);
    int y = times(s, s.step(new Product(), a, b), alpha);
    s.same(s.has(2) ? s.step(new Binary(Kind.ADD), y, times(s, s.slot(2), beta)) : y);
  }

  private static void give(Site s, int x, Parameter weight, Parameter bias) {
    Linear linear = new Linear(weight, bias);
    s.give(linear, Rules.linear(linear.inFeatures(), linear.outFeatures()), x);
  }

  private static int matrix(Site s, int k, boolean transposed) throws IOException {
    return transposed ? s.step(new Permutation(null), s.slot(k)) : s.slot(k);
  }

  private static int times(Site s, int slot, double factor) {
    int scalar = s.graph().constant(Tensor.full(factor), false);
    return factor == 1 ? slot : s.step(new Binary(Kind.MUL), slot, scalar);
  }

  private static boolean isMatrix(Tensor w) {
    return w != null && w.rank() == 2 && w.size() > 0;
  }

  /** Whether a constant is the same number for all outputs, or one for each. */
  static boolean isBias(Tensor c, int out) {
    boolean row = c.rank() == 1 || (c.rank() == 2 && c.dim(0) == 1);
    return (c.size() == 1 && c.rank() <= 2) || (row && c.size() == out);
  }

  /**
   * A constant as a bias of so many outputs, times a factor; the constant itself if it can be, and
   * null if there is no memory for another.
   */
  static Parameter bias(GraphBuilder graph, int slot, int out, double factor) {
    Tensor c = graph.fact(slot).constant();
    if (factor == 1 && c.rank() == 1 && c.size() == out) {
      return graph.parameter(slot);
    }
    if (!graph.folding().tryTake(out)) {
      return null;
    }
    double[] values = new double[out];
    Arrays.setAll(values, i -> factor * c.data()[c.size() == 1 ? 0 : i]);
    return new Parameter(Tensor.wrap(values, out));
  }

  /**
   * Input 1 as a weight [out, in], times a factor; the tensor itself if it can be, and null if
   * there is no memory for another.
   */
  private static Parameter weight(Site s, boolean transposed, double factor) throws IOException {
    GraphBuilder graph = s.graph();
    int slot = s.slot(1);
    if (factor == 1) {
      return transposed ? graph.parameter(slot) : graph.transposed(slot);
    }
    Tensor w = s.fact(1).constant();
    if (!graph.folding().tryTake(w.size())) {
      return null;
    }
    Tensor y = transposed ? w.copy() : Permutation.transposed(w);
    Arrays.setAll(y.data(), i -> factor * y.data()[i]);
    return new Parameter(y);
  }
}
