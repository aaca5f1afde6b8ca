package doppio.nn;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import doppio.internal.choice.KernelChoice;
import doppio.internal.layer.Attention;

/**
 * Multi-head self-attention: each step of a sequence gathers from all steps, or from those up to
 * itself. With [Q K V] = x W_inᵀ + b_in, split into heads of w = dim / heads numbers, every head
 * gives softmax(Q Kᵀ / √w) V; side by side they go through {@code out_proj}, a {@link Linear}.
 *
 * <p>Shapes: input {@code [n, t, dim]}, or {@code [t, dim]} for one sequence; output of the same
 * shape. A sequence of length 0 is refused.
 *
 * <p>Parameters: {@code in_proj_weight} {@code [3·dim, dim]}, for queries, keys and values one
 * below the other, from Xavier's uniform distribution; {@code in_proj_bias} {@code [3·dim]}, zeros;
 * {@code out_proj.weight} {@code [dim, dim]} from U(−1/√dim, 1/√dim); {@code out_proj.bias}, zeros.
 * They are drawn as PyTorch draws them: {@code out_proj} first.
 *
 * <p>Causal: a step does not see later ones. They are left out, not multiplied by 0, so that the
 * outputs up to a step are, to the bit and whatever follows, those of the sequence that ends there,
 * and a {@link Stepper} gives them one by one. Without that it cannot be stepped.
 *
 * <p>Dropout, if any, drops weights in training: each is 0 with probability p, else divided by 1 −
 * p.
 *
 * <p>Memory: scores are there for 64 queries at a time. For the way back their softmax is kept, n ·
 * heads · t² numbers, if those are 2²¹ (16 MB) or fewer, and computed once more otherwise, to the
 * same bits. Dropout keeps as many booleans.
 *
 * <p>Gradient: with P the softmax and g the gradient of a head's output, ∂V = Pᵀ g, ∂P = g Vᵀ, ∂S =
 * P (∂P − Σ P ∂P) by rows, ∂Q = ∂S K / √w, ∂K = ∂Sᵀ Q / √w.
 *
 * <p>Source: Vaswani et al., "Attention is all you need" (2017), section 3.2; {@code
 * torch.nn.MultiheadAttention} with one input for all three and {@code batch_first}.
 *
 * <pre>{@code
 * Module attention = new SelfAttention(64, 4, true, new Generator(1));
 * Tensor y = attention.forward(x);     // [n, t, 64]
 * }</pre>
 */
public final class SelfAttention extends Composite {
  /** Of the largest weight, [3 · dim, dim], that has no more elements than an array can have. */
  private static final int LARGEST = 26_754;

  private final int dim;
  private final int heads;
  private final double dropout;
  private final boolean causal;
  private final Generator generator;
  private final Parameter weight;
  private final Parameter bias;
  private final Linear out;

  private final AttentionWeights weights = new AttentionWeights();

  /** Of the last forward: the input, its projections, and their attention. */
  private Tensor input;

  private Tensor projected;
  private Attention attention;

  /** Attention to all steps, drawn from the default generator. */
  public SelfAttention(int dim, int heads) {
    this(dim, heads, false, Generator.defaultGenerator());
  }

  /**
   * Attention to all steps or, if causal, to those up to the step itself.
   *
   * @param dim the numbers of a step
   * @param heads how many attend side by side
   * @throws IllegalArgumentException if one of them is below 1, dim is no multiple of heads, or its
   *     weights have more elements than an array
   */
  public SelfAttention(int dim, int heads, boolean causal, Generator generator) {
    this(dim, heads, 0, causal, generator);
  }

  /**
   * The same with dropout of the weights.
   *
   * @param dropout the probability of a weight to be dropped in training
   * @throws IllegalArgumentException if dropout is not in [0, 1), or the others are refused
   */
  public SelfAttention(int dim, int heads, double dropout, boolean causal, Generator generator) {
    this(
        dim,
        heads,
        dropout,
        causal,
        generator,
        new Linear(checked(dim, heads, dropout), dim, generator),
        new Parameter(Tensor.zeros(3 * dim, dim)),
        new Parameter(Tensor.zeros(3 * dim)));
    Init.xavierUniform(weight.value(), 1, generator);
    out.bias().value().fill(0);
  }

  /** One that is made again. */
  public SelfAttention(Parts parts) {
    this(
        parts.integer("embedDim"),
        parts.integer("numHeads"),
        parts.number("dropout"),
        parts.flag("causal"),
        parts.generator("generator"),
        parts.child("out_proj", Linear.class),
        parts.parameter("in_proj_weight"),
        parts.parameter("in_proj_bias"));
  }

  private SelfAttention(
      int dim,
      int heads,
      double dropout,
      boolean causal,
      Generator generator,
      Linear out,
      Parameter weight,
      Parameter bias) {
    this.dim = checked(dim, heads, dropout);
    this.heads = heads;
    this.dropout = dropout;
    this.causal = causal;
    this.generator = dropout > 0 ? generator("generator", generator) : null;
    this.weight = parameter("in_proj_weight", weight);
    this.bias = parameter("in_proj_bias", bias);
    this.out = child("out_proj", out);
    if (!Pass.hasShape(weight.value(), new int[] {3 * dim, dim})
        || !Pass.hasShape(bias.value(), new int[] {3 * dim})
        || !Pass.hasShape(out.weight().value(), new int[] {dim, dim})) {
      throw new ShapeException(
          "the projections of a "
              + this
              + " do not fit: in_proj_weight "
              + weight
              + ", in_proj_bias "
              + bias
              + ", out_proj "
              + out);
    }
  }

  @Override
  public Description<SelfAttention> describe() {
    return Description.of(SelfAttention::new)
        .set("embedDim", dim)
        .set("numHeads", heads)
        .set("dropout", dropout)
        .set("causal", causal);
  }

  /** The number of heads. */
  public int heads() {
    return heads;
  }

  /** Whether a step sees no later ones. */
  public boolean isCausal() {
    return causal;
  }

  /** The probability of a weight to be dropped in training. */
  public double dropout() {
    return dropout;
  }

  @Override
  protected Steps steps() {
    if (!causal) {
      throw new Unsteppable(this, "it sees later steps; a causal one sees none");
    }
    return new AttentionSteps(
        this,
        dim,
        heads,
        (x, qkv) -> {
          check(x);
          project(x, qkv);
        },
        out);
  }

  @Override
  protected Tensor compute(Pass pass, Tensor x) {
    check(x);
    Tensor qkv = pass.tensor(rows(x), 3 * dim);
    project(x, qkv);
    Attention a = new Attention(x.dim(-2), heads, dim / heads, causal, qkv.data());
    if (pass.isRecording()) {
      input = x;
      projected = qkv;
      attention = a;
      int t = x.dim(-2);
      int all = sequences(x) * heads;
      weights.keep(a, all, t);
      if (isTraining() && dropout > 0) {
        weights.drop(this, a, all, t, 1 - dropout, generator);
      }
    }
    Tensor y = pass.tensor(x.shape());
    a.forward(sequences(x), y.data());
    pass.done(qkv);
    Tensor mixed = pass.call(out, y);
    pass.done(y);
    return mixed;
  }

  @Override
  protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
    Tensor g = back(pass, gradOutput);
    Tensor gx = pass.tensor(input.shape());
    KernelChoice.kernels()
        .linearInputGradient(
            g.data(), 0, weight.value().data(), 0, gx.data(), 0, rows(input), dim, 3 * dim);
    return gx;
  }

  @Override
  protected void accumulate(Pass pass, Tensor gradOutput) {
    back(pass, gradOutput);
  }

  @Override
  public String toString() {
    return "SelfAttention("
        + dim
        + ", heads "
        + heads
        + (dropout > 0 ? ", dropout " + dropout : "")
        + (causal ? ", causal)" : ")");
  }

  /** Adds to the gradients of the parameters; returns the gradient of the projections. */
  private Tensor back(Pass pass, Tensor gradOutput) {
    Tensor gy = pass.call(out, gradOutput);
    Tensor g = pass.tensor(projected.shape());
    attention.backward(sequences(input), gy.data(), g.data());
    if (!weight.isFrozen()) {
      weight.accumulateProduct(g.data(), input.data(), rows(input));
    }
    if (!bias.isFrozen()) {
      boolean add = bias.hasGradient();
      KernelChoice.kernels()
          .columnSums(g.data(), 0, bias.gradientToWrite(), 0, rows(input), 3 * dim, add);
    }
    return g;
  }

  /** Refuses an input that is none. */
  private void check(Tensor x) {
    int rank = x.rank();
    if (rank < 2 || rank > 3 || x.dim(-1) != dim || x.dim(-2) == 0) {
      throw new ShapeException(
          this
              + " expects input [n, t, "
              + dim
              + "] or [t, "
              + dim
              + "] of at least one step but got "
              + Shapes.text(x));
    }
    if (x.size() > 0) {
      AttentionWeights.requireRoom(this, Attention.elements(x.dim(-2), dim / heads), x.dim(-2));
    }
  }

  /** Writes x W_inᵀ + b_in. */
  private void project(Tensor x, Tensor qkv) {
    double[] b = bias.value().data();
    KernelChoice.kernels()
        .linear(x.data(), 0, weight.value().data(), 0, b, 0, qkv.data(), 0, rows(x), dim, 3 * dim);
  }

  private int rows(Tensor x) {
    return x.size() / dim;
  }

  private static int sequences(Tensor x) {
    return x.rank() == 3 ? x.dim(0) : 1;
  }

  private static int checked(int dim, int heads, double dropout) {
    Require.between(1, LARGEST, "dim", Require.atLeast(1, "dim", dim));
    Require.atLeast(1, "heads", heads);
    if (dim % heads > 0) {
      throw new IllegalArgumentException(
          "dim must be a multiple of heads, got " + dim + " and " + heads);
    }
    Require.shareBelowOne("dropout", dropout);
    return dim;
  }
}
