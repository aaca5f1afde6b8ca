package doppio.nn;

import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.conv1d;
import static org.bytedeco.pytorch.global.torch.gru;
import static org.bytedeco.pytorch.global.torch.lstm;
import static org.bytedeco.pytorch.global.torch.rnn_tanh;

import doppio.parity.Torch;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/** Layers for sequences, by libtorch. */
final class SequenceTwin {
  private SequenceTwin() {}

  /** The outputs of a recurrent layer. */
  static Tensor recurrent(Module m, Tensor x, Function<Parameter, Tensor> leaves) {
    return x.dim() == 2 ? batch(m, x.unsqueeze(0), leaves).squeeze(0) : batch(m, x, leaves);
  }

  private static Tensor batch(Module m, Tensor x, Function<Parameter, Tensor> leaves) {
    Recurrent r = (Recurrent) m;
    boolean both = r.isBidirectional();
    int tracks = r.layers() * (both ? 2 : 1);
    Tensor h = Torch.of(doppio.Tensor.zeros(tracks, (int) x.size(0), r.hiddenSize()));
    TensorVector weights =
        new TensorVector(m.parameters().stream().map(leaves).toArray(Tensor[]::new));
    boolean training = m.isTraining();
    if (m instanceof RNN) {
      return rnn_tanh(x, h, weights, true, r.layers(), 0, training, both, true).get0();
    }
    if (m instanceof GRU) {
      return gru(x, h, weights, true, r.layers(), 0, training, both, true).get0();
    }
    TensorVector states = new TensorVector(h, h.clone());
    return lstm(x, states, weights, true, r.layers(), 0, training, both, true).get0();
  }

  /** The output of a convolution that is padded on the left. */
  static Tensor causal(CausalConv1d conv, Tensor x, Function<Parameter, Tensor> leaves) {
    long[] padding = {(long) (conv.kernelSize() - 1) * conv.dilation(), 0};
    Tensor padded = constant_pad_nd(x.transpose(-2, -1), padding, new Scalar(0.0));
    return conv1d(
            padded,
            leaves.apply(conv.weight()),
            new TensorOptional(leaves.apply(conv.bias())),
            new long[] {1},
            new long[] {0},
            new long[] {conv.dilation()},
            1)
        .transpose(-2, -1);
  }
}
