package doppio.internal.onnx.load;

import doppio.ShapeException;
import java.util.stream.LongStream;

/** Parts of some dimensions: the arguments behind the first are starts, ends, axes and steps. */
final class Slice extends Selection {
  @Override
  Places[] places(Argument[] in) {
    for (int k = 1; k < in.length; k++) {
      if (in[k].values() == null) {
        return null;
      }
    }
    int[] shape = in[0].shape();
    Places[] places = new Places[shape.length];
    for (int d = 0; d < shape.length; d++) {
      places[d] = all(shape[d]);
    }
    long[] starts = in[1].whole();
    long[] ends = in[2].whole();
    long[] axes = in.length > 3 ? in[3].whole() : LongStream.range(0, starts.length).toArray();
    long[] steps = in.length > 4 ? in[4].whole() : null;
    if (ends.length != starts.length
        || axes.length != starts.length
        || (steps != null && steps.length != starts.length)) {
      throw new ShapeException(
          "there must be as many starts as ends, axes and steps, got " + starts.length);
    }
    for (int i = 0; i < starts.length; i++) {
      int d = dimension(axes[i], shape.length);
      places[d] = part(starts[i], ends[i], steps == null ? 1 : steps[i], shape[d]);
    }
    return places;
  }

  private static Places part(long from, long to, long step, int size) {
    if (step == 0) {
      throw new ShapeException("a step must not be 0");
    }
    // Places before the first and behind the last one mean these, so that a part may be empty.
    long high = step > 0 ? size : size - 1L;
    long start = Math.max(0, Math.min(from < 0 ? from + size : from, high));
    long end = Math.max(-1, Math.min(to < 0 ? to + size : to, high));
    long stride = Math.max(-Integer.MAX_VALUE, Math.min(step, Integer.MAX_VALUE));
    long room = step > 0 ? end - start : start - end;
    long length = size == 0 || room <= 0 ? 0 : (room - 1) / Math.abs(stride) + 1;
    return strided((int) start, (int) stride, (int) length);
  }
}
