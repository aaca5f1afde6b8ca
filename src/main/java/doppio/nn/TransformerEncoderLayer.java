package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Require;

/**
 * A layer of a transformer's encoder: attention between the steps, then two linear layers for each
 * step, each of the two beside a shortcut:
 *
 * <pre>
 *   a = norm1(x + dropout1(self_attn(x)))
 *   y = norm2(a + dropout2(linear2(dropout(activation(linear1(a))))))
 * </pre>
 *
 * <p>or, with the norms first,
 *
 * <pre>
 *   a = x + dropout1(self_attn(norm1(x)))
 *   y = a + dropout2(linear2(dropout(activation(linear1(norm2(a))))))
 * </pre>
 *
 * <p>Shapes: input {@code [n, t, dim]}, or {@code [t, dim]} for one sequence; output of the same
 * shape. A sequence of length 0 is refused.
 *
 * <p>The children have PyTorch's names, which the formulas show, {@code activation} beside them.
 * Dropout, in training alone, is also in the weights of the {@link SelfAttention}. If the layer is
 * causal, a step sees no later ones, and a {@link Stepper} can answer step by step.
 *
 * <p>What PyTorch's {@code nn.TransformerEncoder} saved, a stack of such layers with a norm behind
 * them, is loaded so:
 *
 * <pre>{@code
 * Map<String, Tensor> state = TorchFile.load(Path.of("encoder.pt"));
 * norm.loadStateDict(Map.of("weight", state.remove("norm.weight"), "bias", state.remove("norm.bias")));
 * layers.loadStateDict(TorchFile.withoutPrefix(state, "layers."));
 * Module encoder = new Sequential(layers, norm);
 * }</pre>
 *
 * <p>with a {@code Sequential layers} of these and a {@code LayerNorm norm}.
 *
 * <p>Source: Vaswani et al., "Attention is all you need" (2017), section 3.1; Xiong et al., "On
 * layer normalization in the transformer architecture" (2020), for the norms first; {@code
 * torch.nn.TransformerEncoderLayer} with {@code batch_first}.
 */
public final class TransformerEncoderLayer extends Composite {
  private static final double DROPOUT = 0.1;

  private final boolean normFirst;
  private final Module attention;
  private final Module linear1;
  private final Module dropout;
  private final Module linear2;
  private final Module norm1;
  private final Module norm2;
  private final Module dropout1;
  private final Module dropout2;
  private final Module activation;

  /**
   * With PyTorch's defaults: dropout 0.1, {@link ReLU}, the norms behind the sums, attention to all
   * steps; drawn from the default generator.
   */
  public TransformerEncoderLayer(int dim, int heads, int feedForward) {
    this(dim, heads, feedForward, DROPOUT, new ReLU(), false, false, Generator.defaultGenerator());
  }

  /**
   * With everything said.
   *
   * @param dim the numbers of a step
   * @param heads how many attend side by side; dim is a multiple of it
   * @param feedForward the numbers between the two linear layers
   * @param dropout the probability of a number to be dropped in training
   * @param activation between the two linear layers; of this layer alone
   * @param normFirst whether the norms come first in each half, or behind its sum
   * @param causal whether a step sees no later ones
   * @throws IllegalArgumentException if a number is below 1, dim no multiple of heads, dropout not
   *     in [0, 1), or a weight has more elements than an array
   */
  public TransformerEncoderLayer(
      int dim,
      int heads,
      int feedForward,
      double dropout,
      Module activation,
      boolean normFirst,
      boolean causal,
      Generator generator) {
    this(
        normFirst,
        attention(dim, heads, feedForward, dropout, activation, causal, generator),
        new Linear(dim, feedForward, generator),
        new Dropout(dropout, generator),
        new Linear(feedForward, dim, generator),
        new LayerNorm(dim),
        new LayerNorm(dim),
        new Dropout(dropout, generator),
        new Dropout(dropout, generator),
        activation);
  }

  /** The attention, when nothing is left to be refused: it draws from the generator. */
  private static SelfAttention attention(
      int dim,
      int heads,
      int feedForward,
      double dropout,
      Module activation,
      boolean causal,
      Generator generator) {
    int most = Integer.MAX_VALUE / Math.max(1, dim);
    Require.between(1, most, "feedForward", Require.atLeast(1, "feedForward", feedForward));
    if (activation == null) {
      throw new IllegalArgumentException("activation of TransformerEncoderLayer is null");
    }
    return new SelfAttention(dim, heads, dropout, causal, generator);
  }

  /** One that is made again. */
  public TransformerEncoderLayer(Parts parts) {
    this(
        parts.flag("normFirst"),
        parts.child("self_attn"),
        parts.child("linear1"),
        parts.child("dropout"),
        parts.child("linear2"),
        parts.child("norm1"),
        parts.child("norm2"),
        parts.child("dropout1"),
        parts.child("dropout2"),
        parts.child("activation"));
  }

  private TransformerEncoderLayer(
      boolean normFirst,
      Module attention,
      Module linear1,
      Module dropout,
      Module linear2,
      Module norm1,
      Module norm2,
      Module dropout1,
      Module dropout2,
      Module activation) {
    this.normFirst = normFirst;
    this.attention = child("self_attn", attention);
    this.linear1 = child("linear1", linear1);
    this.dropout = child("dropout", dropout);
    this.linear2 = child("linear2", linear2);
    this.norm1 = child("norm1", norm1);
    this.norm2 = child("norm2", norm2);
    this.dropout1 = child("dropout1", dropout1);
    this.dropout2 = child("dropout2", dropout2);
    this.activation = child("activation", activation);
  }

  @Override
  public Description<TransformerEncoderLayer> describe() {
    return Description.of(TransformerEncoderLayer::new).set("normFirst", normFirst);
  }

  @Override
  protected Steps steps() {
    return Steps.through(this);
  }

  /** Whether the norms come first in each half, or behind its sum. */
  public boolean isNormFirst() {
    return normFirst;
  }

  @Override
  protected Tensor compute(Pass pass, Tensor x) {
    Tensor a = half(pass, x, norm1, true);
    return half(pass, a, norm2, false);
  }

  @Override
  protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
    return halfBack(pass, halfBack(pass, gradOutput, norm2, false), norm1, true);
  }

  /** x + the inner part of norm(x), or norm(x + the inner part of x). */
  private Tensor half(Pass pass, Tensor x, Module norm, boolean first) {
    Tensor inner = normFirst ? pass.call(norm, x) : x;
    if (first) {
      inner = drop(pass, dropout1, pass.call(attention, inner));
    } else {
      inner = drop(pass, dropout, pass.call(activation, pass.call(linear1, inner)));
      inner = drop(pass, dropout2, pass.call(linear2, inner));
    }
    Tensor sum = sum(pass, x, inner);
    return normFirst ? sum : pass.call(norm, sum);
  }

  private Tensor halfBack(Pass pass, Tensor gradOutput, Module norm, boolean first) {
    Tensor g = normFirst ? gradOutput : pass.call(norm, gradOutput);
    Tensor inner = drop(pass, first ? dropout1 : dropout2, g);
    if (first) {
      inner = pass.call(attention, inner);
    } else {
      inner = drop(pass, dropout, pass.call(linear2, inner));
      inner = pass.call(linear1, pass.call(activation, inner));
    }
    return sum(pass, g, normFirst ? pass.call(norm, inner) : inner);
  }

  /** There or back through a dropout, unless it never drops anything: three copies a step. */
  private static Tensor drop(Pass pass, Module dropout, Tensor t) {
    return dropout instanceof Dropout d && d.p() == 0 ? t : pass.call(dropout, t);
  }

  private static Tensor sum(Pass pass, Tensor a, Tensor b) {
    Tensor sum = pass.tensor(a.shape());
    double[] ad = a.data();
    double[] bd = b.data();
    double[] sd = sum.data();
    for (int i = 0; i < sd.length; i++) {
      sd[i] = ad[i] + bd[i];
    }
    return sum;
  }
}
