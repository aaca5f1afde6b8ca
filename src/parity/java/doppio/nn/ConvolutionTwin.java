package doppio.nn;

import static org.bytedeco.pytorch.global.torch.conv1d;
import static org.bytedeco.pytorch.global.torch.conv2d;

import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** Convolutions, by libtorch. */
final class ConvolutionTwin {
  private ConvolutionTwin() {}

  /** The output for an input. */
  static Tensor forward(Module m, Tensor x, Function<Parameter, Tensor> leaves) {
    Tensor weight = leaves.apply(m.namedParameters().get("weight"));
    Parameter b = m.namedParameters().get("bias");
    TensorOptional bias = b == null ? new TensorOptional() : new TensorOptional(leaves.apply(b));
    if (m instanceof Conv1d conv) {
      Window w = conv.window();
      return conv1d(
          x,
          weight,
          bias,
          new long[] {w.strideWidth()},
          new long[] {w.paddingWidth()},
          new long[] {w.dilationWidth()},
          conv.groups());
    }
    Conv2d conv = (Conv2d) m;
    Window w = conv.window();
    return conv2d(
        x,
        weight,
        bias,
        new long[] {w.strideHeight(), w.strideWidth()},
        new long[] {w.paddingHeight(), w.paddingWidth()},
        new long[] {w.dilationHeight(), w.dilationWidth()},
        conv.groups());
  }
}
