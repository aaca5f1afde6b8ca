package doppio.peers;

import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;

import doppio.nn.LayerNorm;
import doppio.nn.Parameter;
import doppio.nn.SelfAttention;
import doppio.nn.TransformerEncoderLayer;
import java.util.Map;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * An encoder layer (norms behind the sums, ReLU, attention to all steps, no dropout) as PyTorch
 * runs it in training: libtorch's own module has no fused attention and is slower.
 */
final class TorchEncoderLayer {
  private final Temporaries temporaries;
  private final long heads;
  private final boolean causal;
  private final Affine projections;
  private final Affine mixed;
  private final Affine wide;
  private final Affine narrow;

  /** The numbers of a step, as a shape. */
  private final long[] dim;

  private final Norm first;
  private final Norm second;
  private final TensorOptional noMask = new TensorOptional();
  private final DoubleOptional usualScale = new DoubleOptional();

  TorchEncoderLayer(TransformerEncoderLayer m, TorchModel model, Temporaries temporaries) {
    this.temporaries = temporaries;
    SelfAttention attention = (SelfAttention) m.get("self_attn");
    heads = attention.heads();
    causal = attention.isCausal();
    Map<String, Parameter> own = m.namedParameters();
    projections = affine(own, model, "self_attn.in_proj_weight", "self_attn.in_proj_bias");
    mixed = affine(own, model, "self_attn.out_proj.weight", "self_attn.out_proj.bias");
    wide = affine(own, model, "linear1.weight", "linear1.bias");
    narrow = affine(own, model, "linear2.weight", "linear2.bias");
    LayerNorm norm1 = (LayerNorm) m.get("norm1");
    dim = new long[] {norm1.weight().value().size()};
    first = norm(norm1, model);
    second = norm((LayerNorm) m.get("norm2"), model);
  }

  Tensor forward(Tensor x) {
    Tensor a = normed(first, keep(x.add(attention(x))));
    Tensor hidden = keep(apply(wide, a).relu());
    return normed(second, keep(a.add(apply(narrow, hidden))));
  }

  private Tensor attention(Tensor x) {
    long n = x.size(0);
    long steps = x.size(1);
    Tensor all = keep(apply(projections, x).view(n, steps, 3, heads, dim[0] / heads));
    Tensor q = perHead(all, 0);
    Tensor k = perHead(all, 1);
    Tensor v = perHead(all, 2);
    Tensor y = keep(scaled_dot_product_attention(q, k, v, noMask, 0, causal, usualScale, false));
    return apply(mixed, keep(keep(y.transpose(1, 2)).reshape(n, steps, dim[0])));
  }

  /** [n, heads, steps, dim / heads] of the queries, keys or values. */
  private Tensor perHead(Tensor all, long which) {
    return keep(keep(all.select(2, which)).transpose(1, 2));
  }

  private Tensor apply(Affine layer, Tensor x) {
    return keep(linear(x, layer.weight, layer.bias));
  }

  private Tensor normed(Norm norm, Tensor x) {
    return keep(layer_norm(x, dim, norm.weight, norm.bias, norm.eps, false));
  }

  private Tensor keep(Tensor t) {
    return temporaries.keep(t);
  }

  private static Affine affine(
      Map<String, Parameter> own, TorchModel model, String weight, String bias) {
    return new Affine(model.weight(own.get(weight)), model.weight(own.get(bias)));
  }

  private static Norm norm(LayerNorm m, TorchModel model) {
    return new Norm(
        new TensorOptional(model.weight(m.weight())),
        new TensorOptional(model.weight(m.bias())),
        m.eps());
  }

  private record Affine(Tensor weight, Tensor bias) {}

  private record Norm(TensorOptional weight, TensorOptional bias, double eps) {}
}
