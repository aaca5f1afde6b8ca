package doppio.internal.onnx.load;

import static doppio.internal.onnx.load.Operator.row;

import doppio.Tensor;
import doppio.nn.AvgPool2d;
import doppio.nn.BatchNorm1d;
import doppio.nn.BatchNorm2d;
import doppio.nn.Conv1d;
import doppio.nn.Conv2d;
import doppio.nn.LayerNorm;
import doppio.nn.MaxPool2d;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Parts;
import doppio.nn.Window;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The operators that are layers: convolutions, pools and normalisations. */
final class LayerRows {
  private static final String[] WINDOW = {
    "auto_pad", "kernel_shape", "pads", "strides", "dilations"
  };

  private LayerRows() {}

  static void addTo(Map<String, Operator> rows) {
    row(rows, "Conv", 2, 3, LayerRows::convolution, with("group"));
    row(rows, "MaxPool", 1, 1, LayerRows::maxPool, with("ceil_mode", "storage_order"));
    row(rows, "AveragePool", 1, 1, LayerRows::averagePool, with("ceil_mode", "count_include_pad"));
    row(rows, "GlobalAveragePool", 1, 1, s -> s.give(new GlobalPooling(true), s.slot(0)));
    row(rows, "GlobalMaxPool", 1, 1, s -> s.give(new GlobalPooling(false), s.slot(0)));
    row(
        rows,
        "BatchNormalization",
        5,
        5,
        LayerRows::batchNorm,
        "epsilon",
        "momentum",
        "spatial",
        "is_test",
        "training_mode",
        "consumed_inputs");
    row(rows, "LayerNormalization", 2, 3, LayerRows::layerNorm, "axis", "epsilon", "stash_type");
  }

  private static String[] with(String... more) {
    String[] all = Arrays.copyOf(WINDOW, WINDOW.length + more.length);
    System.arraycopy(more, 0, all, WINDOW.length, more.length);
    return all;
  }

  private static void convolution(Site s) throws IOException {
    Tensor w = s.constant(1, "weight");
    int rank = w.rank();
    if (rank != 3 && rank != 4) {
      throw s.refuse(
          "convolutions of one and two dimensions are supported, not with a weight of shape "
              + Arrays.toString(w.shape()));
    }
    Parameter weight = s.parameter(1, "weight", rank);
    Parameter bias = s.has(2) ? s.parameter(2, "bias", 1) : null;
    int groups = s.small("group", 1);
    int out = w.dim(0);
    if (groups < 1 || out % groups != 0) {
      throw s.refuse(groups + " groups do not fit a weight " + Arrays.toString(w.shape()));
    }
    if (bias != null && bias.value().size() != out) {
      throw s.refuse("its bias has " + bias.value().size() + " numbers for " + out + " channels");
    }
    Geometry geometry = geometry(s, Arrays.copyOfRange(w.shape(), 2, rank));
    int in = s.slot(0);
    if (!geometry.isSymmetric()) {
      in = s.step(Padding.around(geometry), in);
      geometry = geometry.bare();
    }
    convolve(s, geometry, groups, weight, bias, in);
  }

  /** Gives the result of a convolution with symmetric padding. */
  static void convolve(
      Site s, Geometry geometry, int groups, Parameter weight, Parameter bias, int in) {
    Map<String, Parameter> parameters = new HashMap<>();
    parameters.put("weight", weight);
    if (bias != null) {
      parameters.put("bias", bias);
    }
    Parts parts = parts(settings(geometry, groups), parameters, Map.of());
    Tensor w = weight.value();
    Module layer = w.rank() == 3 ? new Conv1d(parts) : new Conv2d(parts);
    s.give(layer, Rules.windows(geometry, w.dim(1) * groups, w.dim(0)), in);
  }

  private static Map<String, Object> settings(Geometry g, int groups) {
    boolean flat = g.dimensions() == 1;
    return Map.of(
        "kernelSize", flat ? g.kernel()[0] : list(g.kernel()),
        "stride", flat ? g.strides()[0] : list(g.strides()),
        "padding", flat ? g.begins()[0] : list(g.begins()),
        "dilation", flat ? g.dilations()[0] : list(g.dilations()),
        "groups", groups);
  }

  private static List<Integer> list(int[] values) {
    return Arrays.stream(values).boxed().collect(Collectors.toUnmodifiableList());
  }

  private static Parts parts(
      Map<String, ?> settings, Map<String, Parameter> parameters, Map<String, Tensor> buffers) {
    return new Parts(settings, parameters, buffers, Map.of(), Map.of());
  }

  private static void maxPool(Site s) throws IOException {
    Geometry g = geometry(s, null);
    if (isLayer(g)) {
      s.give(new MaxPool2d(window(g)), Rules.windows(g), s.slot(0));
    } else {
      s.give(new Pooling(g, false, false), s.slot(0));
    }
  }

  private static void averagePool(Site s) throws IOException {
    Geometry g = geometry(s, null);
    boolean counts = s.flag("count_include_pad", false);
    if (isLayer(g) && Arrays.equals(g.dilations(), new int[] {1, 1})) {
      boolean padded = g.begins()[0] + g.begins()[1] > 0;
      s.give(new AvgPool2d(window(g), counts || !padded), Rules.windows(g), s.slot(0));
    } else {
      s.give(new Pooling(g, true, counts), s.slot(0));
    }
  }

  /** Whether one of the library's layers for images has such windows. */
  private static boolean isLayer(Geometry g) {
    boolean fits = g.dimensions() == 2 && g.isSymmetric();
    for (int d = 0; d < 2 && fits; d++) {
      fits = g.extent(d) < Integer.MAX_VALUE && g.begins()[d] <= g.extent(d) / 2;
    }
    return fits;
  }

  private static Window window(Geometry g) {
    return Window.of(g.kernel()[0], g.kernel()[1])
        .stride(g.strides()[0], g.strides()[1])
        .padding(g.begins()[0], g.begins()[1])
        .dilation(g.dilations()[0], g.dilations()[1])
        .ceilMode(g.ceil());
  }

  /** How a window moves: the kernel is the weight's where there is one. */
  private static Geometry geometry(Site s, int[] weight) throws IOException {
    int[] kernel = s.smalls("kernel_shape", 1);
    if (weight != null && kernel != null && !Arrays.equals(kernel, weight)) {
      throw s.refuse("its kernel_shape is not that of its weight");
    }
    kernel = weight == null ? kernel : weight;
    if (kernel == null || Arrays.stream(kernel).asDoubleStream().reduce(1, (a, b) -> a * b) > 1e9) {
      throw s.refuse("it has no kernel_shape that can be");
    }
    int n = kernel.length;
    int[] strides = sized(s, "strides", n, 1, 1);
    int[] dilations = sized(s, "dilations", n, 1, 1);
    int[] pads = sized(s, "pads", 2 * n, 0, 0);
    Geometry.Auto auto =
        switch (s.text("auto_pad", "NOTSET")) {
          case "NOTSET", "" -> Geometry.Auto.NONE;
          case "VALID" -> {
            pads = new int[2 * n];
            yield Geometry.Auto.NONE;
          }
          case "SAME_UPPER" -> Geometry.Auto.SAME_UPPER;
          case "SAME_LOWER" -> Geometry.Auto.SAME_LOWER;
          default -> throw s.refuse("its auto_pad is " + s.text("auto_pad", ""));
        };
    Geometry geometry =
        new Geometry(
            kernel,
            strides,
            dilations,
            Arrays.copyOf(pads, n),
            Arrays.copyOfRange(pads, n, 2 * n),
            auto,
            s.flag("ceil_mode", false));
    return geometry.isFixed() ? geometry.fixed() : geometry;
  }

  private static int[] sized(Site s, String name, int size, int least, int otherwise)
      throws IOException {
    int[] values = s.smalls(name, least);
    if (values == null) {
      values = new int[size];
      Arrays.fill(values, otherwise);
    }
    if (values.length != size) {
      throw s.refuse("attribute " + name + " has " + values.length + " numbers, not " + size);
    }
    return values;
  }

  private static void batchNorm(Site s) throws IOException {
    boolean trains = s.opset() < 7 ? !s.flag("is_test", false) : s.flag("training_mode", false);
    if (trains) {
      throw s.refuse("it is in training mode; export the model after model.eval()");
    }
    if (!s.flag("spatial", true)) {
      throw s.refuse("statistics of each place (spatial = 0) are not supported");
    }
    Parameter weight = s.parameter(1, "scale", 1);
    Parameter bias = s.parameter(2, "bias", 1);
    Tensor mean = s.parameter(3, "mean", 1).value();
    Tensor variance = s.parameter(4, "variance", 1).value();
    int channels = weight.value().size();
    for (Tensor t : List.of(bias.value(), mean, variance)) {
      if (t.size() != channels) {
        throw s.refuse("it has " + t.size() + " numbers for " + channels + " channels");
      }
    }
    // Copies of both statistics, which training changes, and one more that may be in vain.
    s.graph().folding().take(3L * channels);
    double eps = s.number("epsilon", 1e-5);
    int rank = s.fact(0).rank();
    if (rank < 2 || rank > 4) {
      s.give(
          new ChannelScale(
              weight.value().data(), bias.value().data(), mean.data(), variance.data(), eps),
          s.slot(0));
      return;
    }
    Tensor spread = variance.copy();
    double usual = Site.decimal(eps);
    if (moved(spread, eps - usual)) {
      eps = usual;
    } else {
      spread = variance.copy();
    }
    double momentum = s.share(s.number("momentum", 0.9));
    Parts parts =
        parts(
            Map.of("eps", eps, "momentum", momentum),
            Map.of("weight", weight, "bias", bias),
            Map.of(
                "running_mean", mean.copy(),
                "running_var", spread,
                "num_batches_tracked", Tensor.zeros()));
    Module layer = rank == 4 ? new BatchNorm2d(parts) : new BatchNorm1d(parts);
    s.give(layer, Rules.channels(channels), s.slot(0));
  }

  /**
   * Moves what a float cannot hold of ε from a decimal's to the variances, so that their sums stay;
   * false if one would be negative.
   */
  private static boolean moved(Tensor variances, double difference) {
    boolean good = true;
    for (int c = 0; c < variances.size(); c++) {
      variances.data()[c] += difference;
      good &= variances.data()[c] >= 0;
    }
    return good;
  }

  private static void layerNorm(Site s) throws IOException {
    Tensor scale = s.constant(1, "scale");
    int axis = s.small("axis", -1);
    int rank = s.fact(0).rank();
    if (axis != -scale.rank() && (rank < 0 || axis != rank - scale.rank())) {
      throw s.refuse("axis " + axis + " does not fit a scale " + Arrays.toString(scale.shape()));
    }
    Parameter weight = s.parameter(1, "scale", scale.rank());
    s.graph().folding().take(s.has(2) ? 0 : scale.size());
    Parameter bias =
        s.has(2)
            ? s.parameter(2, "bias", scale.rank())
            : new Parameter(Tensor.zeros(scale.shape()));
    s.give(layerNorm(weight, bias, s.number("epsilon", 1e-5)), Rules.same(), s.slot(0));
  }

  static LayerNorm layerNorm(Parameter weight, Parameter bias, double eps) {
    if (!weight.value().sameShape(bias.value()) || weight.value().rank() == 0) {
      throw new doppio.ShapeException(
          "a scale "
              + Arrays.toString(weight.value().shape())
              + " and a bias "
              + Arrays.toString(bias.value().shape())
              + " do not fit");
    }
    return new LayerNorm(
        parts(Map.of("eps", eps), Map.of("weight", weight, "bias", bias), Map.of()));
  }
}
