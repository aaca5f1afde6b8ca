package doppio.nn;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.choice.KernelChoice;
import java.util.Arrays;
import java.util.Map;

/**
 * Tells a step its place in the sequence: y = x + e(p) for the step p = 0, 1, …; of sines, or
 * learned.
 *
 * <p>The sines: e(p) has sin(p·f) at 2i and cos(p·f) at 2i + 1, with the frequencies f =
 * 10000^(−2i/dim). Sequences may have any length. There are no parameters.
 *
 * <p>Learned: e(p) is a row of the parameter {@code weight} {@code [maxLength, dim]}, from N(0, 1)
 * at first, as in {@code torch.nn.Embedding}. Longer sequences are refused.
 *
 * <p>Shapes: input {@code [n, t, dim]}, or {@code [t, dim]} for one sequence; output of the same
 * shape. A sequence of length 0 is refused. The same in training and evaluation.
 *
 * <p>Gradient: ∂x = g; ∂weight[p] = the sum of g[·, p] over the sequences.
 *
 * <p>Source: Vaswani et al., "Attention is all you need" (2017), section 3.5, in the order of
 * PyTorch's tutorial (sines and cosines in turn).
 */
public final class PositionalEncoding extends Layer {
  private static final int BASE = 10_000;

  /** Numbers that the table of sines has at most (8 MB): a stream of steps need never end. */
  private static final int TABLE = 1 << 20;

  private final int dim;

  /** Null for the sines. */
  private final Parameter weight;

  /**
   * The sines of the first places, as many as were asked for yet. Threads that make it at once make
   * the same numbers, so that it does not matter whose stays.
   */
  private volatile double[] table = {};

  /**
   * Sines and cosines.
   *
   * @throws IllegalArgumentException if dim is below 1
   */
  public PositionalEncoding(int dim) {
    this(dim, null);
  }

  private PositionalEncoding(int dim, Parameter weight) {
    this.dim = Require.atLeast(1, "dim", dim);
    this.weight = weight == null ? null : parameter("weight", weight);
    if (weight != null && (weight.value().rank() != 2 || weight.value().dim(1) != dim)) {
      throw new ShapeException(
          "PositionalEncoding expects a weight [maxLength, " + dim + "] but got " + weight);
    }
  }

  /** One that is made again. */
  public PositionalEncoding(Parts parts) {
    this(parts.integer("dim"), parts.parameter("weight"));
  }

  /**
   * An encoding that is learned.
   *
   * @param maxLength the length of the longest sequences
   * @throws IllegalArgumentException if maxLength or dim is below 1
   */
  public static PositionalEncoding learned(int maxLength, int dim, Generator generator) {
    Require.atLeast(1, "maxLength", maxLength);
    Tensor weight = Tensor.zeros(maxLength, Require.atLeast(1, "dim", dim));
    return new PositionalEncoding(dim, new Parameter(Init.normal(weight, 0, 1, generator)));
  }

  @Override
  public Description<PositionalEncoding> describe() {
    return Description.of(PositionalEncoding::new).set("dim", dim);
  }

  @Override
  protected Steps steps() {
    return new Places();
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    int rank = inputShape.length;
    boolean fits = rank == 2 || rank == 3;
    fits = fits && inputShape[rank - 1] == dim && inputShape[rank - 2] > 0;
    if (!fits || (weight != null && inputShape[rank - 2] > weight.value().dim(0))) {
      String steps =
          weight == null ? " of at least one step" : " of 1 to " + weight.value().dim(0) + " steps";
      throw refuse("[n, t, " + dim + "] or [t, " + dim + "]" + steps, inputShape);
    }
    return inputShape;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    add(0, x, y);
  }

  /** y = x + e(p) for sequences whose first place is given. */
  private void add(long first, Tensor x, Tensor y) {
    int length = x.dim(-2) * dim;
    long e0 = first * dim;
    double[] e = weight == null ? sines(e0 + length) : weight.value().data();
    int known = (int) Math.max(0, Math.min(length, e.length - e0));
    double[] from = x.data();
    double[] to = y.data();
    for (int at = 0; at < to.length; at += length) {
      for (int i = 0; i < known; i++) {
        to[at + i] = from[at + i] + e[(int) e0 + i];
      }
      for (int i = known; i < length; i++) {
        to[at + i] = from[at + i] + sine(e0 + i);
      }
    }
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    System.arraycopy(gy.data(), 0, gx.data(), 0, gx.size());
  }

  @Override
  protected void parameterGradients(Tensor x, Tensor gy) {
    if (weight != null && !weight.isFrozen()) {
      int length = x.dim(-2) * dim;
      boolean add = weight.hasGradient();
      double[] g = weight.gradientToWrite();
      KernelChoice.kernels().columnSums(gy.data(), 0, g, 0, gy.size() / length, length, add);
      if (!add) {
        Arrays.fill(g, length, g.length, 0);
      }
    }
  }

  @Override
  public String toString() {
    String length = weight == null ? "" : "learned " + weight.value().dim(0) + ", ";
    return "PositionalEncoding(" + length + dim + ")";
  }

  /** The table with so many numbers, if it may have as many. */
  private double[] sines(long size) {
    double[] known = table;
    if (known.length >= Math.min(size, TABLE)) {
      return known;
    }
    // Half as many again, so that a sequence that grows step by step seldom needs a new table.
    double[] made = Arrays.copyOf(known, (int) Math.min(size + size / 2, TABLE));
    for (int i = known.length; i < made.length; i++) {
      made[i] = sine(i);
    }
    table = made;
    return made;
  }

  /** Number i of all, dim for each place. */
  private double sine(long i) {
    int column = (int) (i % dim);
    double f = StrictMath.exp(column / 2 * 2 * -(StrictMath.log(BASE) / dim));
    long place = i / dim;
    double angle = place * f;
    return column % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
  }

  /** The place of the next step. */
  private final class Places extends Steps {
    private final Tensor place = Tensor.zeros(1);
    private final Tensor y = Tensor.zeros(1, dim);

    @Override
    public Tensor step(Tensor x) {
      outputShape(x.shape());
      long p = (long) place.data()[0];
      if (weight != null && p == weight.value().dim(0)) {
        throw new ShapeException(PositionalEncoding.this + " has no place for one more step");
      }
      add(p, x, y);
      return y;
    }

    @Override
    public void advance() {
      place.data()[0]++;
    }

    @Override
    public Map<String, Tensor> state() {
      return Map.of("place", place.copy());
    }

    @Override
    public void load(Map<String, Tensor> state) {
      fill(PositionalEncoding.this, Map.of("place", place), state);
      double p = place.data()[0];
      // Sines have places for 140 years of a million steps a second, fewer if a long is too short.
      double most = weight == null ? Math.min(0x1p52, 0x1p62 / dim) : weight.value().dim(0);
      if (!(p >= 0 && p <= most && p == Math.rint(p))) {
        throw new IllegalArgumentException(PositionalEncoding.this + " has no place " + p);
      }
    }
  }
}
