package doppio.internal.onnx.load;

import doppio.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Follows where numbers go that are only moved, and finds values that are others again: exporters
 * put the steps of sequences before the batch and back, in one way or another.
 */
final class Moves {
  /** Numbers of a value that are followed at most, and values: a chain needs the last one alone. */
  private static final int MOST = 1 << 15;

  private static final int VALUES = 16;

  private final IntFunction<Fact> facts;
  private final Folding folding;
  private final Map<Integer, Moved> moved = new LinkedHashMap<>();

  /**
   * A value that has numbers of another.
   *
   * @param source where these lie
   * @param places for each trial the places of its numbers there
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Moved(int source, Tensor[] places) {}

  /** None yet of values of which this is known. */
  Moves(IntFunction<Fact> facts, Folding folding) {
    this.facts = facts;
    this.folding = folding;
  }

  /**
   * Where the result of a function lies already, or −1; then it is noted as what lies at out.
   *
   * @param shapes the result's
   */
  int follow(Function function, int[] in, int out, int[][] shapes) {
    boolean moves =
        function instanceof Permutation
            || function instanceof Reshaping
            || function instanceof Gather
            || function instanceof Slice;
    // What holds for one size of the batch may be chance.
    if (!moves || shapes.length < 2) {
      return -1;
    }
    Moved before = moved.get(in[0]);
    int source = before == null ? in[0] : before.source;
    Tensor[] places = new Tensor[shapes.length];
    boolean same = before != null || !(function instanceof Reshaping);
    for (int t = 0; t < places.length; t++) {
      Tensor x = before == null ? start(in[0], t) : before.places[t];
      places[t] = x == null ? null : places(function, x, in, t, shapes[t]);
      if (places[t] == null) {
        return -1;
      }
      same &= isStart(places[t], facts.apply(source).shapes()[t]);
    }
    if (same) {
      return source;
    }
    moved.put(out, new Moved(source, places));
    if (moved.size() > VALUES) {
      moved.remove(moved.keySet().iterator().next());
    }
    return -1;
  }

  private Tensor start(int slot, int trial) {
    int[] shape = facts.apply(slot).shapes()[trial];
    if (shape == null || Function.product(shape, 0, shape.length) > MOST) {
      return null;
    }
    Tensor start = Tensor.zeros(shape);
    Arrays.setAll(start.data(), i -> i);
    return start;
  }

  private Tensor places(Function function, Tensor x, int[] in, int trial, int[] shape) {
    Tensor[] arguments = new Tensor[in.length];
    arguments[0] = x;
    for (int k = 1; k < in.length; k++) {
      Fact fact = facts.apply(in[k]);
      if (fact.values()[trial] == null) {
        return null;
      }
      arguments[k] = Tensor.wrap(fact.values()[trial], fact.shapes()[trial]);
    }
    int size = Function.product(shape, 0, shape.length);
    if (size > MOST || !folding.tryWork(size)) {
      return null;
    }
    Tensor y = Tensor.zeros(shape);
    function.compute(arguments, y);
    return y;
  }

  private static boolean isStart(Tensor places, int[] shape) {
    boolean same = Arrays.equals(places.shape(), shape);
    for (int i = 0; same && i < places.size(); i++) {
      same = places.data()[i] == i;
    }
    return same;
  }
}
