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
   * The convolution whose result lies in a slot, under a shape [n, out, ..]; null if there is none.
   *
   * @param out the sizes of the result's images, their channels before them
   */
  static Unfolded find(GraphBuilder graph, int slot, int[] out) {
    Step product = graph.producer(slot);
    if (product == null || !(product.function() instanceof Product)) {
      return null;
    }
    Step stacked = before(graph, product.in()[1], Reshaping.class);
    Step gather = stacked == null ? null : before(graph, stacked.in()[0], Gather.class);
    Step flat = gather == null ? null : before(graph, gather.in()[0], Reshaping.class);
    int weight = graph.origin(product.in()[0]);
    if (flat == null || weight < 0) {
      return null;
    }
    int x = flat.in()[0];
    int[] padded = graph.fact(x).rest();
    int[] w = graph.fact(weight).constant().shape();
    int[] matrix = graph.fact(product.in()[0]).constant().shape();
    Tensor places = graph.fact(gather.in()[1]).constant();
    int groups = matrix.length == 2 ? 1 : matrix[0];
    int depth = matrix[matrix.length - 1];
    int positions = Function.product(out, 1, out.length);
    int[] windows =
        matrix.length == 2 ? new int[] {depth, positions} : new int[] {groups, depth, positions};
    boolean fits =
        (w.length == 3 || w.length == 4)
            && out.length == w.length - 1
            && padded != null
            && padded.length == out.length
            && ((Gather) gather.function()).isAlong(2)
            && places != null
            && places.size() > 0
            && depth > 0
            && out[0] == w[0]
            && padded[0] == groups * w[1]
            && windows.length == matrix.length
            && Arrays.equals(graph.fact(stacked.out()).rest(), windows)
            && Arrays.equals(graph.fact(flat.out()).rest(), flattened(padded))
            && places.size() == (long) depth / w[1] * positions
            && graph.folding().tryWork(places.size());
    if (!fits) {
      return null;
    }
    int[] pads = pads(graph, graph.producer(x));
    Geometry geometry = geometry(w, pads, padded, out, places.data());
    int images = pads == null ? x : graph.producer(x).in()[0];
    return geometry == null ? null : new Unfolded(images, weight, geometry, groups);
  }

  private static Step before(GraphBuilder graph, int slot, Class<? extends Function> type) {
    Step step = graph.producer(slot);
    return step != null && type.isInstance(step.function()) ? step : null;
  }

  private static int[] flattened(int[] images) {
    return new int[] {images[0], Function.product(images, 1, images.length)};
  }

  /** The zeros that a step puts before and behind each dimension of images, null if it is none. */
  private static int[] pads(GraphBuilder graph, Step step) {
    boolean zeros =
        step != null
            && step.function() instanceof Padding padding
            && padding.isConstant()
            && graph.fact(step.in()[2]).scalar() == 0;
    Tensor constant = zeros ? graph.fact(step.in()[1]).constant() : null;
    if (constant == null) {
      return null;
    }
    double[] pads = constant.data();
    int rank = pads.length / 2;
    for (int d = 0; d < rank; d++) {
      boolean fits = d < 2 ? pads[d] == 0 : pads[d] >= 0;
      if (!fits || pads[d] != pads[rank + d]) {
        return null;
      }
    }
    return Arrays.stream(pads, 2, rank).mapToInt(n -> (int) n).toArray();
  }

  /** The window whose elements lie at these places, element by element; null if none does so. */
  private static Geometry geometry(int[] w, int[] pads, int[] padded, int[] out, double[] places) {
    int rank = w.length - 2;
    int[] kernel = Arrays.copyOfRange(w, 2, w.length);
    int[] strides = new int[rank];
    int[] dilations = new int[rank];
    int below = places.length;
    for (int d = 0; d < rank; d++) {
      int row = Function.product(padded, d + 2, rank + 1);
      int next = Function.product(out, d + 2, rank + 1);
      below /= kernel[d];
      strides[d] = out[d + 1] > 1 ? (int) places[next] / row : 1;
      dilations[d] = kernel[d] > 1 ? (int) places[below] / row : 1;
      long extent = (kernel[d] - 1L) * dilations[d] + 1;
      if (strides[d] < 1
          || dilations[d] < 1
          || (padded[d + 1] - extent) / strides[d] + 1 != out[d + 1]) {
        return null;
      }
    }
    int[] around = pads == null ? new int[rank] : pads;
    Geometry geometry =
        new Geometry(kernel, strides, dilations, around, around, Geometry.Auto.NONE, false);
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
        step *= padded[d + 1];
      }
      if (place != places[i]) {
        return false;
      }
    }
    return true;
  }
}
