package doppio.nn;

import static org.bytedeco.pytorch.global.torch.avg_pool2d;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.dropout;
import static org.bytedeco.pytorch.global.torch.elu;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.leaky_relu;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.silu;
import static org.bytedeco.pytorch.global.torch.softmax;
import static org.bytedeco.pytorch.global.torch.softplus;

import doppio.own.Centre;
import doppio.parity.Torch;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A module's twin: libtorch's operations over copies of its parameters. */
final class LayerTwin {
  private final Module module;
  private final IdentityHashMap<Parameter, Tensor> leaves = new IdentityHashMap<>();
  private final IdentityHashMap<doppio.Tensor, Tensor> buffers = new IdentityHashMap<>();

  /**
   * The twin of a module that was made with a generator of the seed; libtorch's generator goes on
   * where that one is now, so that dropout draws the same masks.
   */
  LayerTwin(Module module, long seed) {
    this.module = module;
    module.namedBuffers().values().forEach(b -> buffers.put(b, Torch.of(b)));
    manual_seed(seed);
    for (Parameter p : module.parameters()) {
      leaves.put(p, Torch.leaf(p.value()));
      Torch.uninitialised(ScalarType.Double, p.value().size()).uniform_();
    }
  }

  /** The numbers that {@link LayerResults} gives, by libtorch. */
  Map<String, doppio.Tensor> results(doppio.Tensor input) {
    Map<String, doppio.Tensor> results = new LinkedHashMap<>();
    Tensor x = Torch.leaf(input);
    Tensor y = forward(module, x);
    doppio.Tensor output = Torch.from(y);
    if (y.requires_grad()) {
      Torch.backward(y, Torch.of(LayerResults.outputGradient(output.shape())));
    }
    results.put("output", output);
    results.put("input gradient", Torch.gradient(x));
    module
        .namedParameters()
        .forEach((name, p) -> results.put("gradient of " + name, Torch.gradient(leaves.get(p))));
    return results;
  }

  private Tensor forward(Module m, Tensor x) {
    if (m instanceof Sequential) {
      Tensor y = x;
      for (Module child : m.children().values()) {
        y = forward(child, y);
      }
      return y;
    }
    if (m instanceof SelfAttention attention) {
      return AttentionTwin.attention(attention, x, leaves::get);
    }
    if (m instanceof TransformerEncoderLayer encoder) {
      return AttentionTwin.encoder(encoder, x, this::forward);
    }
    if (m instanceof PositionalEncoding encoding) {
      return AttentionTwin.positions(encoding, x, leaves::get);
    }
    if (m instanceof ColumnEmbeddings columns) {
      return columns(columns, x);
    }
    if (!m.children().isEmpty()) {
      return branches(m, x);
    }
    if (m instanceof Embedding e) {
      return embedding(leaves.get(e.weight()), x.to(ScalarType.Long));
    }
    if (m instanceof Linear l) {
      return linear(x, leaves.get(l.weight()), optional(l.bias()));
    }
    if (m instanceof Conv2d || m instanceof Conv1d) {
      return ConvolutionTwin.forward(m, x, leaves::get);
    }
    if (m instanceof RNN || m instanceof GRU || m instanceof LSTM) {
      return SequenceTwin.recurrent(m, x, leaves::get);
    }
    if (m instanceof CausalConv1d conv) {
      return SequenceTwin.causal(conv, x, leaves::get);
    }
    if (m instanceof Dropout) {
      return dropout(x, argument(m), m.isTraining());
    }
    if (m instanceof LeakyReLU) {
      return leaky_relu(x, new Scalar(argument(m)));
    }
    if (m instanceof Centre) {
      return x.sub(buffers.get(m.namedBuffers().get("running_mean")));
    }
    if (m instanceof Scale) {
      return x.mul(leaves.get(m.parameters().get(0)).squeeze());
    }
    if (m instanceof BatchNorm1d || m instanceof BatchNorm2d || m instanceof LayerNorm) {
      return NormTwin.forward(m, x, leaves::get, buffers::get);
    }
    if (m instanceof MaxPool2d || m instanceof AvgPool2d) {
      return pool((Pool2d) m, x);
    }
    return elementwise(m, x);
  }

  /** Column by column: a number as it is, an index as its row. */
  private Tensor columns(ColumnEmbeddings m, Tensor x) {
    List<Tensor> parts = new ArrayList<>();
    int k = 0;
    for (int c = 0; c < m.inFeatures(); c++) {
      Tensor column = x.narrow(-1, c, 1);
      boolean isIndex = k < m.columns().length && m.columns()[k] == c;
      parts.add(
          isIndex ? forward(m.children().get(Integer.toString(k++)), column.squeeze(-1)) : column);
    }
    return cat(new TensorVector(parts.toArray(new Tensor[0])), -1);
  }

  private TensorOptional optional(Parameter parameter) {
    return parameter == null ? new TensorOptional() : new TensorOptional(leaves.get(parameter));
  }

  private static Tensor pool(Pool2d pool, Tensor x) {
    Window w = pool.window();
    long[] kernel = {w.height(), w.width()};
    long[] stride = {w.strideHeight(), w.strideWidth()};
    long[] padding = {w.paddingHeight(), w.paddingWidth()};
    long[] dilation = {w.dilationHeight(), w.dilationWidth()};
    return pool instanceof AvgPool2d mean
        ? avg_pool2d(
            x, kernel, stride, padding, w.ceilMode(), mean.countsPadding(), new LongOptional())
        : max_pool2d(x, kernel, stride, padding, dilation, w.ceilMode());
  }

  /** What a composite makes of its children's outputs, each for the composite's own input. */
  private Tensor branches(Module m, Tensor x) {
    Tensor[] y =
        m.children().values().stream().map(child -> forward(child, x)).toArray(Tensor[]::new);
    return switch (m.getClass().getSimpleName()) {
      case "Residual" -> y.length == 1 ? x.add(y[0]) : y[1].add(y[0]);
      case "ResidualBlock", "Skip" -> x.add(y[0]);
      case "Product" -> y[0].mul(y[1]);
      case "Concat" -> cat(new TensorVector(y), -1);
      default -> throw new AssertionError("say what " + m + " is in libtorch");
    };
  }

  private static Tensor elementwise(Module m, Tensor x) {
    return switch (m.getClass().getSimpleName()) {
      case "ReLU" -> x.relu();
      case "Sigmoid" -> x.sigmoid();
      case "Tanh" -> x.tanh();
      case "Softmax" -> softmax(x, -1);
      case "GELU" -> gelu(x, ((GELU) m).isTanh() ? "tanh" : "none");
      case "SiLU" -> silu(x);
      case "ELU" -> elu(x, new Scalar(argument(m)), new Scalar(1.0), new Scalar(1.0));
      case "Softplus" -> softplus(x);
      case "LogSoftmax" -> log_softmax(x, -1);
      case "Flatten" -> x.flatten(1, -1);
      case "GlobalAvgPool2d" -> x.flatten(-2, -1).mean(-1);
      case "LastStep" -> x.select(-2, -1);
      case "MeanOverSteps" -> x.mean(-2);
      case "Square" -> x.mul(x);
      default -> throw new AssertionError("say what " + m + " is in libtorch");
    };
  }

  /** The number between the parentheses of a printed layer. */
  private static double argument(Module m) {
    String printed = m.toString();
    return Double.parseDouble(printed.substring(printed.indexOf('(') + 1, printed.length() - 1));
  }
}
