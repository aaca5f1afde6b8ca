package doppio.internal.onnx.save;

import static doppio.internal.onnx.save.Emitter.attributes;

import doppio.Tensor;
import doppio.internal.onnx.OnnxAttribute;
import doppio.nn.AvgPool2d;
import doppio.nn.Conv1d;
import doppio.nn.Conv2d;
import doppio.nn.GlobalAvgPool2d;
import doppio.nn.MaxPool2d;
import doppio.nn.Parameter;
import doppio.nn.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of convolutions and pools. ONNX Runtime has no convolution and no mean pool of doubles:
 * for them the elements of each window are gathered, and multiplied or added up.
 */
final class Windows {
  private Windows() {}

  static String conv1d(Emitter e, Conv1d m, Value x) {
    return convolution(e, flat(m.window()), m.groups(), m.weight(), m.bias(), x);
  }

  static String conv2d(Emitter e, Conv2d m, Value x) {
    return convolution(e, m.window(), m.groups(), m.weight(), m.bias(), x);
  }

  /** The window of one row that has the settings of the width. */
  private static Window flat(Window w) {
    return Window.of(1, w.width())
        .stride(1, w.strideWidth())
        .padding(0, w.paddingWidth())
        .dilation(1, w.dilationWidth());
  }

  private static String convolution(
      Emitter e, Window window, int groups, Parameter weight, Parameter bias, Value x) {
    String w = e.tensor("weight", weight.value());
    String b = bias == null ? null : e.tensor("bias", bias.value());
    if (!e.isDouble()) {
      List<OnnxAttribute> attributes = settings(window, x.rank() - 2);
      attributes.addAll(attributes("group", (long) groups));
      return b == null
          ? e.node("Conv", attributes, x.name(), w)
          : e.node("Conv", attributes, x.name(), w, b);
    }
    int out = weight.value().dim(0);
    int depth = weight.value().size() / out;
    Gathered cells = new Gathered(window, x);
    String gathered = cells.emit(e, x);
    boolean one = groups == 1;
    String rows =
        one
            ? reshape(e, gathered, 0, depth, cells.positions())
            : reshape(e, gathered, 0, groups, depth, cells.positions());
    String matrix = one ? reshape(e, w, out, depth) : reshape(e, w, groups, out / groups, depth);
    String y = e.node("MatMul", matrix, rows);
    if (x.rank() == 3) {
      y = reshape(e, y, 0, out, cells.width());
    } else {
      y = reshape(e, y, 0, out, cells.height(), cells.width());
    }
    if (b == null) {
      return y;
    }
    return e.node("Add", y, x.rank() == 3 ? reshape(e, b, out, 1) : reshape(e, b, out, 1, 1));
  }

  static String maxPool(Emitter e, MaxPool2d m, Value x) {
    return e.node("MaxPool", poolSettings(m.window()), x.name());
  }

  static String averagePool(Emitter e, AvgPool2d m, Value x) {
    if (!e.isDouble()) {
      List<OnnxAttribute> attributes = poolSettings(m.window());
      attributes.removeIf(a -> a.name().equals("dilations"));
      attributes.addAll(attributes("count_include_pad", m.countsPadding() ? 1L : 0L));
      return e.node("AveragePool", attributes, x.name());
    }
    Gathered cells = new Gathered(m.window(), x);
    int channels = x.dim(1);
    String stacked = reshape(e, cells.emit(e, x), 0, channels, cells.size(), cells.positions());
    String sum = e.node("ReduceSum", attributes("keepdims", 0L), stacked, e.wholes(2));
    String counts = e.constant(cells.counts(m.countsPadding()));
    return reshape(e, e.node("Div", sum, counts), 0, channels, cells.height(), cells.width());
  }

  static String globalAverage(Emitter e, GlobalAvgPool2d m, Value x) {
    if (e.isDouble()) {
      return e.node("ReduceMean", attributes("axes", new long[] {2, 3}, "keepdims", 0L), x.name());
    }
    String mean = e.node("GlobalAveragePool", x.name());
    return e.node("Flatten", attributes("axis", 1L), mean);
  }

  private static String reshape(Emitter e, String x, long... shape) {
    return e.node("Reshape", x, e.wholes(shape));
  }

  private static List<OnnxAttribute> poolSettings(Window w) {
    List<OnnxAttribute> settings = settings(w, 2);
    if (w.ceilMode()) {
      settings.addAll(attributes("ceil_mode", 1L));
    }
    return settings;
  }

  /** The attributes of a window of one dimension or two. */
  private static List<OnnxAttribute> settings(Window w, int dimensions) {
    boolean flat = dimensions == 1;
    return new ArrayList<>(
        attributes(
            "kernel_shape",
            sizes(flat, w.height(), w.width()),
            "strides",
            sizes(flat, w.strideHeight(), w.strideWidth()),
            "pads",
            flat
                ? new long[] {w.paddingWidth(), w.paddingWidth()}
                : new long[] {
                  w.paddingHeight(), w.paddingWidth(), w.paddingHeight(), w.paddingWidth()
                },
            "dilations",
            sizes(flat, w.dilationHeight(), w.dilationWidth())));
  }

  private static long[] sizes(boolean flat, long height, long width) {
    return flat ? new long[] {width} : new long[] {height, width};
  }

  /** The elements that the windows over images [n, c, h, w] or [n, c, l] see, side by side. */
  private static final class Gathered {
    private final Window window;
    private final int inHeight;
    private final int inWidth;
    private final int[] out;

    Gathered(Window window, Value x) {
      this.window = window;
      inHeight = x.rank() == 3 ? 1 : x.dim(2);
      inWidth = x.dim(x.rank() - 1);
      out = window.outputSize(inHeight, inWidth);
    }

    int height() {
      return out[0];
    }

    int width() {
      return out[1];
    }

    int positions() {
      return out[0] * out[1];
    }

    /** The elements of a window. */
    int size() {
      return window.height() * window.width();
    }

    /** Writes them as [n, c, elements · positions]; returns their name. */
    String emit(Emitter e, Value x) {
      int last = positions() - 1;
      // In ceil mode the last window may reach beyond the padding.
      int below = Math.max(top(), row(last, window.height() - 1) + 1 - inHeight - top());
      int behind = Math.max(left(), column(last, window.width() - 1) + 1 - inWidth - left());
      int paddedHeight = top() + inHeight + below;
      int paddedWidth = left() + inWidth + behind;
      String all = x.name();
      if (paddedWidth * paddedHeight > inWidth * inHeight) {
        long[] pads =
            x.rank() == 3
                ? new long[] {0, 0, left(), 0, 0, behind}
                : new long[] {0, 0, top(), left(), 0, 0, below, behind};
        all = e.node("Pad", all, e.wholes(pads));
      }
      String flat = reshape(e, all, 0, x.dim(1), (long) paddedHeight * paddedWidth);
      long[] places = new long[size() * positions()];
      int at = 0;
      for (int i = 0; i < window.height(); i++) {
        for (int j = 0; j < window.width(); j++) {
          for (int p = 0; p < positions(); p++) {
            places[at++] = (long) row(p, i) * paddedWidth + column(p, j);
          }
        }
      }
      return e.node("Gather", attributes("axis", 2L), flat, e.wholes(places));
    }

    /** How many numbers each window's mean is over. */
    Tensor counts(boolean withPadding) {
      int aboveAndBelow = withPadding ? top() : 0;
      int beside = withPadding ? left() : 0;
      Tensor counts = Tensor.zeros(positions());
      for (int p = 0; p < positions(); p++) {
        for (int i = 0; i < window.height(); i++) {
          for (int j = 0; j < window.width(); j++) {
            int h = row(p, i) - top();
            int w = column(p, j) - left();
            boolean counted =
                h >= -aboveAndBelow
                    && h < inHeight + aboveAndBelow
                    && w >= -beside
                    && w < inWidth + beside;
            counts.data()[p] += counted ? 1 : 0;
          }
        }
      }
      return counts;
    }

    private int top() {
      return window.paddingHeight();
    }

    private int left() {
      return window.paddingWidth();
    }

    private int row(int position, int i) {
      return position / out[1] * window.strideHeight() + i * window.dilationHeight();
    }

    private int column(int position, int j) {
      return position % out[1] * window.strideWidth() + j * window.dilationWidth();
    }
  }
}
