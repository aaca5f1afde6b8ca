package doppio.internal.onnx.load;

import doppio.Tensor;
import java.util.Arrays;

/**
 * A convolution as this library writes it for doubles, where ONNX Runtime has none: a product of
 * the weight as a matrix and the elements of all windows, which a gather lays side by side.
 *
 * @param x where the images lie
 * @param weight where the weight lies, as the file has it
 * @param geometry how its window moves
 * @param groups the number of its groups
 */
record Unfolded(int x, int weight, Geometry geometry, int groups) {
  /**
   * The convolution whose result this step has, under a shape [n, out, ..]; null if there is none.
   *
   * @param out the sizes of the result's images, their channels before them
   */
  static Unfolded find(GraphBuilder graph, Step product, int[] out) {
    int weight = product.function() instanceof Product ? graph.origin(product.in()[0]) : -1;
    Step gather = weight < 0 ? null : reshaped(graph, product.in()[1]);
    if (gather == null || !(gather.function() instanceof Gather)) {
      return null;
    }
    Step flat = graph.producer(gather.in()[0]);
    Tensor places = graph.fact(gather.in()[1]).constant();
    if (flat == null
        || !(flat.function() instanceof Reshaping)
        || places == null
        || !graph.folding().tryWork(places.size())) {
      return null;
    }
    int x = flat.in()[0];
    int[] padded = graph.fact(x).shapes()[0];
    Step padding = graph.producer(x);
    long[] pads = null;
    if (padding != null && padding.function() instanceof Padding && isZero(graph, padding)) {
      pads = new Argument(null, graph.fact(padding.in()[1]).constant().data()).whole();
      x = padding.in()[0];
    }
    int[] w = graph.fact(weight).constant().shape();
    boolean fits =
        padded != null
            && (w.length == 3 || w.length == 4)
            && padded.length == w.length
            && out.length == w.length - 1
            && arePositive(w)
            && arePositive(padded)
            && arePositive(out)
            && out[0] == w[0]
            && padded[1] % w[1] == 0
            && w[0] % (padded[1] / w[1]) == 0
            && !graph.fact(weight).whole();
    Geometry geometry = fits ? geometry(w, pads, padded, out, places.data()) : null;
    return geometry == null ? null : new Unfolded(x, weight, geometry, padded[1] / w[1]);
  }

  private static boolean arePositive(int[] sizes) {
    return Arrays.stream(sizes).allMatch(n -> n > 0);
  }

  private static Step reshaped(GraphBuilder graph, int slot) {
    Step step = graph.producer(slot);
    return step != null && step.function() instanceof Reshaping
        ? graph.producer(step.in()[0])
        : null;
  }

  /** Whether a padding is one of zeros, as many before each dimension as behind. */
  private static boolean isZero(GraphBuilder graph, Step padding) {
    Tensor pads = graph.fact(padding.in()[1]).constant();
    boolean symmetric = pads != null && pads.size() % 2 == 0;
    for (int d = 0; symmetric && d < pads.size() / 2; d++) {
      symmetric =
          pads.data()[d] == pads.data()[pads.size() / 2 + d] && (d > 1 || pads.data()[d] == 0);
    }
    return symmetric && padding.in().length > 2 && graph.fact(padding.in()[2]).scalar() == 0;
  }

  /** The window whose elements lie at these places, element by element; null if none does so. */
  private static Geometry geometry(int[] w, long[] pads, int[] padded, int[] out, double[] places) {
    int rank = w.length - 2;
    int[] kernel = Arrays.copyOfRange(w, 2, w.length);
    int positions = Function.product(out, 1, out.length);
    if ((long) Function.product(kernel, 0, rank) * positions != places.length) {
      return null;
    }
    int[] strides = new int[rank];
    int[] dilations = new int[rank];
    int[] pad = new int[rank];
    for (int d = 0, cells = places.length / positions; d < rank; d++) {
      int row = Function.product(padded, d + 3, rank + 2);
      int next = Function.product(out, d + 2, rank + 1);
      cells /= kernel[d];
      int below = cells * positions;
      strides[d] = out[d + 1] > 1 ? (int) (places[next] - places[0]) / row : 1;
      dilations[d] = kernel[d] > 1 ? (int) (places[below] - places[0]) / row : 1;
      pad[d] = pads == null ? 0 : (int) pads[d + 2];
      if (strides[d] < 1 || dilations[d] < 1 || pad[d] < 0) {
        return null;
      }
      long extent = (kernel[d] - 1L) * dilations[d] + 1;
      if ((padded[d + 2] - extent) / strides[d] + 1 != out[d + 1]) {
        return null;
      }
    }
    Geometry geometry =
        new Geometry(kernel, strides, dilations, pad, pad, Geometry.Auto.NONE, false);
    return areThose(geometry, padded, out, places) ? geometry : null;
  }

  private static boolean areThose(Geometry g, int[] padded, int[] out, double[] places) {
    int rank = g.dimensions();
    int positions = Function.product(out, 1, out.length);
    for (int i = 0; i < places.length; i++) {
      int cell = i / positions;
      int position = i % positions;
      long place = 0;
      long step = 1;
      for (int d = rank - 1; d >= 0; d--) {
        place +=
            step
                * ((long) position % out[d + 1] * g.strides()[d]
                    + (long) cell % g.kernel()[d] * g.dilations()[d]);
        position /= out[d + 1];
        cell /= g.kernel()[d];
        step *= padded[d + 2];
      }
      if (place != places[i]) {
        return false;
      }
    }
    return true;
  }
}
