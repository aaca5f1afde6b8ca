package doppio.nn;

import doppio.Tensor;
import doppio.internal.choice.KernelChoice;
import java.util.Map;

/** The steps of a causal convolution: the inputs that it still sees, in a ring. */
final class CausalSteps extends Steps {
  private final Layer layer;
  private final Parameter weight;
  private final Parameter bias;
  private final int in;
  private final int kernel;
  private final int dilation;

  /** The inputs before this step, (kernel − 1) · dilation of them. */
  private final double[] past;

  /** How many they are. */
  private final int length;

  /** Where the oldest stands. */
  private int oldest;

  private final double[] input;
  private final double[] patch;
  private final Tensor output;

  /** Of a layer, which messages name, with a weight {@code [out, in, kernel]}. */
  CausalSteps(Layer layer, Parameter weight, Parameter bias, int dilation) {
    this.layer = layer;
    this.weight = weight;
    this.bias = bias;
    this.dilation = dilation;
    in = weight.value().dim(1);
    kernel = weight.value().dim(2);
    long remembered = (kernel - 1L) * dilation;
    if (remembered > Integer.MAX_VALUE / in) {
      throw new Unsteppable(
          layer,
          "it would have to remember " + remembered + " steps, more than an array has room for");
    }
    length = (int) remembered;
    past = new double[length * in];
    input = new double[in];
    patch = new double[in * kernel];
    output = Tensor.zeros(1, weight.value().dim(0));
  }

  @Override
  public Tensor step(Tensor x) {
    if (x.size() != in) {
      layer.outputShape(x.shape());
    }
    System.arraycopy(x.data(), 0, input, 0, in);
    for (int i = 0; i < kernel; i++) {
      boolean now = i == kernel - 1;
      double[] from = now ? input : past;
      int at = now ? 0 : (int) ((oldest + (long) i * dilation) % length) * in;
      for (int c = 0; c < in; c++) {
        patch[c * kernel + i] = from[at + c];
      }
    }
    double[] w = weight.value().data();
    double[] b = bias.value().data();
    KernelChoice.kernels()
        .linear(patch, 0, w, 0, b, 0, output.data(), 0, 1, patch.length, output.size());
    return output;
  }

  @Override
  public void advance() {
    if (length > 0) {
      System.arraycopy(input, 0, past, oldest * in, in);
      oldest = (oldest + 1) % length;
    }
  }

  @Override
  public Map<String, Tensor> state() {
    Tensor state = Tensor.zeros(length, in);
    int first = past.length - oldest * in;
    System.arraycopy(past, oldest * in, state.data(), 0, first);
    System.arraycopy(past, 0, state.data(), first, past.length - first);
    return Map.of("inputs", state);
  }

  @Override
  public void load(Map<String, Tensor> state) {
    Tensor mine = Tensor.wrap(past, length, in);
    fill(layer, Map.of("inputs", mine), state);
    oldest = 0;
  }
}
