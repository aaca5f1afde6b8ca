package doppio.nn;

import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.softmax;

import doppio.parity.Torch;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** Attention and what goes with it, by libtorch's operations; without dropout of weights. */
final class AttentionTwin {
  private AttentionTwin() {}

  /** The output for an input. */
  static Tensor attention(SelfAttention m, Tensor x, Function<Parameter, Tensor> leaves) {
    Tensor qkv = project(m, "in_proj_weight", "in_proj_bias", x, leaves);
    long dim = x.size(-1);
    Tensor q = heads(m, qkv.narrow(-1, 0, dim));
    Tensor k = heads(m, qkv.narrow(-1, dim, dim));
    Tensor v = heads(m, qkv.narrow(-1, 2 * dim, dim));
    Scalar root = new Scalar(Math.sqrt(dim / m.heads()));
    Tensor scores = q.div(root).matmul(k.transpose(-2, -1));
    if (m.isCausal()) {
      scores = scores.add(mask((int) x.size(-2)));
    }
    Tensor mixed = softmax(scores, -1).matmul(v).transpose(-3, -2).flatten(-2, -1);
    return project(m, "out_proj.weight", "out_proj.bias", mixed, leaves);
  }

  /** Whether it draws which weights to drop, which the twin does not. */
  static boolean drops(Module module) {
    return module.namedModules().values().stream()
        .anyMatch(m -> m instanceof SelfAttention a && a.dropout() > 0);
  }

  /** −∞ for what comes later, 0 elsewhere. */
  static Tensor mask(int steps) {
    return Torch.of(doppio.Tensor.full(Double.NEGATIVE_INFINITY, steps, steps)).triu(1);
  }

  /** The two halves of an encoder layer, out of what its children give. */
  static Tensor encoder(
      TransformerEncoderLayer m, Tensor x, BiFunction<Module, Tensor, Tensor> forward) {
    Tensor a = half(m, x, "norm1", forward, "self_attn", "dropout1");
    return half(m, a, "norm2", forward, "linear1", "activation", "dropout", "linear2", "dropout2");
  }

  /** x + e(p). */
  static Tensor positions(PositionalEncoding m, Tensor x, Function<Parameter, Tensor> leaves) {
    long steps = x.size(-2);
    if (!m.parameters().isEmpty()) {
      return x.add(leaves.apply(m.parameters().get(0)).narrow(0, 0, steps));
    }
    int dim = (int) x.size(-1);
    doppio.Tensor table = doppio.Tensor.zeros((int) steps, dim);
    for (int p = 0; p < steps; p++) {
      for (int i = 0; i < dim; i++) {
        double angle = p * Math.pow(10_000, -(i - i % 2) / (double) dim);
        table.set(i % 2 == 0 ? Math.sin(angle) : Math.cos(angle), p, i);
      }
    }
    return x.add(Torch.of(table));
  }

  private static Tensor half(
      TransformerEncoderLayer m,
      Tensor x,
      String norm,
      BiFunction<Module, Tensor, Tensor> forward,
      String... inner) {
    Tensor y = m.isNormFirst() ? forward.apply(m.get(norm), x) : x;
    for (String name : inner) {
      y = forward.apply(m.get(name), y);
    }
    Tensor sum = x.add(y);
    return m.isNormFirst() ? sum : forward.apply(m.get(norm), sum);
  }

  /** [.., t, dim] to [.., heads, t, dim / heads]. */
  private static Tensor heads(SelfAttention m, Tensor x) {
    long width = x.size(-1) / m.heads();
    return x.unflatten(-1, m.heads(), width).transpose(-3, -2);
  }

  private static Tensor project(
      Module m, String weight, String bias, Tensor x, Function<Parameter, Tensor> leaves) {
    Tensor w = leaves.apply(m.namedParameters().get(weight));
    Tensor b = leaves.apply(m.namedParameters().get(bias));
    return linear(x, w, new TensorOptional(b));
  }
}
