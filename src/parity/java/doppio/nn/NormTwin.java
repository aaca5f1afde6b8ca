package doppio.nn;

import static org.bytedeco.pytorch.global.torch.batch_norm;
import static org.bytedeco.pytorch.global.torch.layer_norm;

import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** Layers that normalise, by libtorch. */
final class NormTwin {
  private NormTwin() {}

  /** The output; in training libtorch moves the buffers. */
  static Tensor forward(
      Module m,
      Tensor x,
      Function<Parameter, Tensor> leaves,
      Function<doppio.Tensor, Tensor> buffers) {
    if (m instanceof LayerNorm norm) {
      long[] shape = Arrays.stream(norm.weight().value().shape()).asLongStream().toArray();
      return layer_norm(
          x,
          shape,
          optional(leaves.apply(norm.weight())),
          optional(leaves.apply(norm.bias())),
          norm.eps(),
          false);
    }
    BatchNorm norm = (BatchNorm) m;
    boolean single = x.dim() == (m instanceof BatchNorm2d ? 3 : 1);
    Tensor y =
        batch_norm(
            single ? x.unsqueeze(0) : x,
            optional(leaves.apply(norm.weight())),
            optional(leaves.apply(norm.bias())),
            optional(buffers.apply(norm.namedBuffers().get("running_mean"))),
            optional(buffers.apply(norm.namedBuffers().get("running_var"))),
            norm.isTraining(),
            norm.momentum(),
            norm.eps(),
            false);
    return single ? y.squeeze(0) : y;
  }

  private static TensorOptional optional(Tensor t) {
    return new TensorOptional(t);
  }
}
