package doppio.internal.onnx.load;

import static doppio.internal.onnx.load.Operator.MANY;
import static doppio.internal.onnx.load.Operator.row;

import doppio.Tensor;
import doppio.nn.GlobalAvgPool2d;
import doppio.nn.LastStep;
import doppio.nn.MeanOverSteps;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** The operators that take, join and move parts of tensors, and those that add them up. */
final class ArrangementRows {
  private ArrangementRows() {}

  static void addTo(Map<String, Operator> rows) {
    row(
        rows,
        "Transpose",
        1,
        1,
        s -> s.give(new Permutation(s.smalls("perm", 0)), s.slot(0)),
        "perm");
    row(
        rows,
        "Concat",
        1,
        MANY,
        s -> s.give(new Joined(s.small("axis", s.opset() < 4 ? 1 : -1)), s.slots()),
        "axis");
    row(rows, "Gather", 2, 2, ArrangementRows::gather, "axis");
    row(rows, "Slice", 1, 5, ArrangementRows::slice, "starts", "ends", "axes");
    row(rows, "Pad", 1, 4, ArrangementRows::pad, "pads", "paddings", "mode", "value");
    row(rows, "ReduceMean", 1, 2, s -> reduce(s, true), "axes", "keepdims", "noop_with_empty_axes");
    row(rows, "ReduceSum", 1, 2, s -> reduce(s, false), "axes", "keepdims", "noop_with_empty_axes");
  }

  /** The last of all steps is a layer. */
  private static void gather(Site s) throws IOException {
    int axis = s.small("axis", 0);
    Fact x = s.fact(0);
    boolean last = axis == 1 && x.rank() == 3 && x.constant() == null && !x.whole();
    if (last && s.fact(1).rank() == 0 && s.fact(1).scalar() == -1) {
      s.give(new LastStep(), Rules.withoutSteps(), s.slot(0));
    } else {
      s.give(new Gather(axis), s.slot(0), s.slot(1));
    }
  }

  private static void slice(Site s) throws IOException {
    if (!s.has(1)) {
      long[] starts = s.integers("starts");
      long[] ends = s.integers("ends");
      long[] axes = s.integers("axes");
      if (starts == null || ends == null) {
        throw s.refuse("it has no starts and ends");
      }
      int from = s.wholes(starts);
      int to = s.wholes(ends);
      if (axes == null) {
        s.give(new Slice(), s.slot(0), from, to);
      } else {
        s.give(new Slice(), s.slot(0), from, to, s.wholes(axes));
      }
      return;
    }
    if (s.has(4) && !s.has(3)) {
      int count = s.fact(1).constant() == null ? -1 : s.fact(1).constant().size();
      if (count < 0) {
        throw s.refuse("it has steps and no axes for starts that are computed");
      }
      int axes = s.wholes(java.util.stream.LongStream.range(0, count).toArray());
      s.give(new Slice(), s.slot(0), s.slot(1), s.slot(2), axes, s.slot(4));
      return;
    }
    int[] in = s.has(4) ? s.slots() : s.has(3) ? take(s, 4) : take(s, 3);
    s.give(new Slice(), in);
  }

  private static int[] take(Site s, int count) throws IOException {
    int[] in = new int[count];
    for (int k = 0; k < count; k++) {
      in[k] = s.slot(k);
    }
    return in;
  }

  private static void pad(Site s) throws IOException {
    Padding.Mode mode;
    try {
      mode = Padding.Mode.valueOf(s.text("mode", "CONSTANT"));
    } catch (IllegalArgumentException e) {
      throw s.refuse("its mode is " + s.text("mode", ""));
    }
    long[] old = s.integers(s.opset() < 2 ? "paddings" : "pads");
    if (!s.has(1) && old == null) {
      throw s.refuse("it has no pads");
    }
    int pads = s.has(1) ? s.slot(1) : s.wholes(old);
    if (s.has(3)) {
      pads = s.wholes(allAxes(s, s.constant(1, "pads"), s.constant(3, "axes")));
    }
    Tensor constant = s.graph().fact(pads).constant();
    if (constant != null && Arrays.stream(constant.data()).allMatch(n -> n == 0)) {
      // PyTorch writes one before every pool.
      s.same(s.slot(0));
      return;
    }
    int fill = s.has(2) ? s.slot(2) : s.graph().constant(Tensor.full(s.number("value", 0)), false);
    s.give(Padding.byArguments(mode), s.slot(0), pads, fill);
  }

  /** Pads for all axes where some are named. */
  private static long[] allAxes(Site s, Tensor pads, Tensor axes) throws IOException {
    int rank = s.fact(0).rank();
    if (rank < axes.size() || pads.size() != 2 * axes.size()) {
      throw s.refuse("its pads for some axes cannot be placed");
    }
    long[] all = new long[2 * rank];
    for (int i = 0; i < axes.size(); i++) {
      int d = Function.dimension((long) axes.data()[i], rank);
      all[d] = (long) pads.data()[i];
      all[rank + d] = (long) pads.data()[axes.size() + i];
    }
    return all;
  }

  private static void reduce(Site s, boolean mean) throws IOException {
    long[] axes = s.integers("axes");
    if (s.has(1)) {
      Tensor constant = s.fact(1).constant();
      axes = constant == null ? null : new Argument(null, constant.data()).whole();
    } else if (axes == null) {
      axes = new long[0];
    }
    boolean keeps = s.flag("keepdims", true);
    boolean none = s.flag("noop_with_empty_axes", false);
    Reduction reduction = new Reduction(mean, axes, keeps, none);
    if (axes == null) {
      s.give(reduction, s.slot(0), s.slot(1));
    } else if (!keeps && s.fact(0).rank() == 4 && reduction.isMeanOver(4, 2, 3)) {
      s.give(new GlobalAvgPool2d(), Rules.global(), s.slot(0));
    } else if (!keeps && s.fact(0).rank() == 3 && isMeanOverSteps(s, reduction)) {
      s.give(new MeanOverSteps(), Rules.withoutSteps(), s.slot(0));
    } else {
      s.give(reduction, s.slot(0));
    }
  }

  private static boolean isMeanOverSteps(Site s, Reduction reduction) throws IOException {
    return s.fact(0).constant() == null && !s.fact(0).whole() && reduction.isMeanOver(3, 1);
  }
}
