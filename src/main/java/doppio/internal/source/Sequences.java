package doppio.internal.source;

import doppio.Tensor;
import doppio.nn.Parts;
import doppio.nn.PositionalEncoding;

/** Layers that go through sequences as Java; what they call stands in {@link SequenceText}. */
final class Sequences {
  private static final String[] PARAMETERS = {"weight_ih", "weight_hh", "bias_ih", "bias_hh"};

  private Sequences() {}

  /** The row of a recurrent layer, of which a function goes through one layer in one direction. */
  static Row recurrent(String function) {
    return p -> {
      Parts s = p.parts();
      int hidden = s.integer("hiddenSize");
      boolean both = s.flag("bidirectional");
      StringBuilder body = new StringBuilder();
      String x = "x";
      for (int layer = 0; layer < s.integer("numLayers"); layer++) {
        int in = layer == 0 ? s.integer("inputSize") : both ? 2 * hidden : hidden;
        String y = call(p, function, x, in, layer, false);
        if (both) {
          String back = call(p, function, x, in, layer, true);
          y = String.format("concat(%s,\n    %s,\n    %s)", p.outSizeTo(p.outRank() - 1), y, back);
        }
        body.append(layer == 0 ? "double[] y = " : "y = ").append(y).append(";\n");
        x = "y";
      }
      return body + "return y;\n";
    };
  }

  private static String call(Place p, String function, String x, int in, int layer, boolean back) {
    StringBuilder call = new StringBuilder(function);
    call.append('(')
        .append(x)
        .append(", ")
        .append(p.in(-2))
        .append(", ")
        .append(in)
        .append(", ")
        .append(back);
    for (String parameter : PARAMETERS) {
      call.append(", ").append(p.parameter(parameter + "_l" + layer + (back ? "_reverse" : "")));
    }
    return call.append(')').toString();
  }

  /** A function makes one step of all of a sequence. */
  static String reduced(Place p, String function) {
    return String.format("return %s(x, %s, %s);\n", function, p.in(-2), p.in(-1));
  }

  static String causal(Place p) {
    Parts s = p.parts();
    return String.format(
        "return causalConvolution(x, %s, %s, %s, %s, %s, %s, %s);\n",
        p.in(-2),
        s.integer("inChannels"),
        s.integer("outChannels"),
        s.integer("kernelSize"),
        s.integer("dilation"),
        p.parameter("weight"),
        p.parameter("bias"));
  }

  static String attention(Place p) {
    Parts s = p.parts();
    int dim = s.integer("embedDim");
    String projected =
        String.format(
            "linear(x, %s, %s, %s, %s)",
            dim, 3 * dim, p.parameter("in_proj_weight"), p.parameter("in_proj_bias"));
    String gathered =
        String.format(
            "attention(%s, %s, %s, %s, %s)",
            projected, p.in(-2), dim, s.integer("numHeads"), s.flag("causal"));
    return "return " + p.call("out_proj", gathered) + ";\n";
  }

  /** An answer drops nothing. */
  static String encoder(Place p) {
    boolean first = p.parts().flag("normFirst");
    String x = first ? p.call("norm1", "x") : "x";
    String attended = "add(x, " + p.call("self_attn", x) + ")";
    String a = first ? attended : p.call("norm1", attended);
    String b = first ? p.call("norm2", "a") : "a";
    String fed = p.call("linear2", p.call("activation", p.call("linear1", b)));
    String y = "add(a, " + fed + ")";
    return "double[] a = " + a + ";\nreturn " + (first ? y : p.call("norm2", y)) + ";\n";
  }

  static String places(Place p) {
    int size = p.in(-2) * p.in(-1);
    String places =
        p.parts().parameter("weight") == null
            ? p.array("places", sines(p.in(-2), p.in(-1)))
            : p.parameter("weight");
    return "return addPlaces(x, " + size + ", " + places + ");\n";
  }

  /** What the encoding adds, to zeros. */
  private static double[] sines(int steps, int dim) {
    return new PositionalEncoding(dim).infer(Tensor.zeros(steps, dim)).data();
  }
}
