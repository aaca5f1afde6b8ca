package doppio.internal.source;

import doppio.nn.AvgPool2d;
import doppio.nn.BatchNorm1d;
import doppio.nn.BatchNorm2d;
import doppio.nn.CausalConv1d;
import doppio.nn.ColumnEmbeddings;
import doppio.nn.Concat;
import doppio.nn.Conv1d;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.ELU;
import doppio.nn.Embedding;
import doppio.nn.Flatten;
import doppio.nn.GELU;
import doppio.nn.GRU;
import doppio.nn.GlobalAvgPool2d;
import doppio.nn.LSTM;
import doppio.nn.LastStep;
import doppio.nn.LayerNorm;
import doppio.nn.LeakyReLU;
import doppio.nn.Linear;
import doppio.nn.LogSoftmax;
import doppio.nn.MaxPool2d;
import doppio.nn.MeanOverSteps;
import doppio.nn.Module;
import doppio.nn.PositionalEncoding;
import doppio.nn.RNN;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.SelfAttention;
import doppio.nn.Sequential;
import doppio.nn.SiLU;
import doppio.nn.Sigmoid;
import doppio.nn.Softmax;
import doppio.nn.Softplus;
import doppio.nn.Tanh;
import doppio.nn.TransformerEncoderLayer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The library's modules as Java: a row for each. */
final class Rows {
  private static final Map<Class<? extends Module>, Row> ROWS = new LinkedHashMap<>();

  static {
    ROWS.put(Sequential.class, Composites::chain);
    ROWS.put(Residual.class, Composites::residual);
    ROWS.put(Concat.class, Composites::concat);
    ROWS.put(ColumnEmbeddings.class, Composites::columnEmbeddings);
    ROWS.put(
        Embedding.class,
        p -> "return embedding(x, " + p.out(-1) + ", " + p.parameter("weight") + ");\n");
    ROWS.put(Linear.class, Rows::linear);
    ROWS.put(Conv1d.class, Images::conv1d);
    ROWS.put(Conv2d.class, Images::conv2d);
    ROWS.put(CausalConv1d.class, Sequences::causal);
    ROWS.put(RNN.class, Sequences.recurrent("rnn"));
    ROWS.put(GRU.class, Sequences.recurrent("gru"));
    ROWS.put(LSTM.class, Sequences.recurrent("lstm"));
    ROWS.put(LastStep.class, p -> Sequences.reduced(p, "lastStep"));
    ROWS.put(MeanOverSteps.class, p -> Sequences.reduced(p, "meanOverSteps"));
    ROWS.put(SelfAttention.class, Sequences::attention);
    ROWS.put(TransformerEncoderLayer.class, Sequences::encoder);
    ROWS.put(PositionalEncoding.class, Sequences::places);
    ROWS.put(MaxPool2d.class, Images::maxPool);
    ROWS.put(AvgPool2d.class, Images::avgPool);
    ROWS.put(GlobalAvgPool2d.class, p -> "return means(x, " + p.sizeFrom(p.rank() - 2) + ");\n");
    ROWS.put(Flatten.class, p -> "");
    ROWS.put(BatchNorm1d.class, p -> batchNorm(p, Math.min(1, p.rank() - 1)));
    ROWS.put(BatchNorm2d.class, p -> batchNorm(p, p.rank() - 3));
    ROWS.put(LayerNorm.class, Rows::layerNorm);
    ROWS.put(Dropout.class, p -> "");
    ROWS.put(ReLU.class, p -> each("Math.max(0, x[i])"));
    ROWS.put(
        LeakyReLU.class,
        p -> each("x[i] > 0 ? x[i] : " + p.parts().number("negativeSlope") + " * x[i]"));
    ROWS.put(Sigmoid.class, p -> each("sigmoid(x[i])"));
    ROWS.put(Tanh.class, p -> each("tanh(x[i])"));
    ROWS.put(GELU.class, Rows::gelu);
    ROWS.put(SiLU.class, p -> each("gate(1, 0, x[i])"));
    ROWS.put(ELU.class, p -> each("elu(" + p.parts().number("alpha") + ", x[i])"));
    ROWS.put(Softplus.class, p -> each("softplus(x[i])"));
    ROWS.put(Softmax.class, p -> "return softmax(x, " + p.in(-1) + ");\n");
    ROWS.put(LogSoftmax.class, p -> "return logSoftmax(x, " + p.in(-1) + ");\n");
  }

  private Rows() {}

  /** The row of a class itself, not of one above it, or null. */
  static Row of(Class<?> type) {
    return ROWS.get(type);
  }

  /** A new array with this value for each x[i]. */
  private static String each(String value) {
    return String.format(
        """
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = %s;
    }
    return y;
    """,
        value);
  }

  private static String linear(Place p) {
    return String.format(
        "return linear(x, %s, %s, %s, %s);\n",
        p.in(-1), p.out(-1), p.parameter("weight"), p.parameter("bias"));
  }

  private static String gelu(Place p) {
    boolean byTanh = p.parts().text("approximate").equals("tanh");
    return each(
        byTanh ? "gate(1.5957691216057308, 0.044715 * 1.5957691216057308, x[i])" : "gelu(x[i])");
  }

  private static String layerNorm(Place p) {
    return String.format(
        "return layerNorm(x, %s, %s, %s);\n",
        p.parts().number("eps"), p.parameter("weight"), p.parameter("bias"));
  }

  /** The factor of a channel is what the layer computes at every call, too. */
  private static String batchNorm(Place p, int channels) {
    double eps = p.parts().number("eps");
    double[] scale = p.parts().parameter("weight").value().data().clone();
    double[] variance = p.parts().buffer("running_var").data();
    for (int c = 0; c < scale.length; c++) {
      scale[c] *= 1 / Math.sqrt(variance[c] + eps);
    }
    return String.format(
        "return batchNorm(x, %s, %s, %s, %s);\n",
        p.sizeFrom(channels + 1),
        p.buffer("running_mean"),
        p.array("scale", scale),
        p.parameter("bias"));
  }
}
