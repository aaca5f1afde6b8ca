package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;

/**
 * Branches side by side: each gets the input, and their outputs are joined along one dimension.
 *
 * <p>Shapes: the outputs have one rank and agree in all dimensions but the joined one. {@link
 * #Concat(Module...)} joins the last dimension of ranks 1, 2 and 3 ({@code [f]}, {@code [n, f]},
 * {@code [n, t, f]}) and dimension 1 of rank 4 ({@code [n, c, h, w]}). Beware of {@code [n, c, l]}
 * and {@code [c, h, w]}, which have rank 3 too: their channels are joined by {@link #along} with
 * dimension 1 and 0. The branches are named {@code 0}, {@code 1}, …
 *
 * <p>Gradient: each branch gets its part of g; ∂x is the sum of what they return, from the first
 * on.
 *
 * <p>Source: {@code torch.cat}.
 */
public final class Concat extends Composite {
  /** Stands for the dimension that the rank chooses. */
  private static final int BY_RANK = Integer.MIN_VALUE;

  private final Module[] branches;
  private final int dimension;

  /** The shapes of the branches' last outputs, while recording. */
  private int[][] shapes = {};

  /**
   * Branches whose outputs are joined along the last dimension, or dimension 1 where the rank is 4.
   *
   * @throws IllegalArgumentException if there is none, or one stands in two places
   */
  public Concat(Module... branches) {
    this(BY_RANK, branches);
  }

  private Concat(int dimension, Module[] branches) {
    if (branches.length == 0) {
      throw new IllegalArgumentException("Concat expects at least one branch");
    }
    members.container = true;
    this.dimension = dimension;
    this.branches = branches.clone();
    for (int i = 0; i < branches.length; i++) {
      for (int j = 0; j < i; j++) {
        if (Members.same(branches[j], branches[i])) {
          throw new IllegalArgumentException(
              branches[i].title()
                  + " stands in two places, "
                  + j
                  + " and "
                  + i
                  + "; a module remembers one input: use two that share their parameters");
        }
      }
      child(Integer.toString(i), branches[i]);
    }
  }

  /** One that is made again. */
  public Concat(Parts parts) {
    this(
        parts.has("dimension") ? parts.integer("dimension") : BY_RANK,
        parts.children().toArray(new Module[0]));
  }

  /**
   * Branches whose outputs are joined along the given dimension, which counts the batch's, and from
   * the end where it is negative.
   *
   * @throws IllegalArgumentException if there is no branch, or one stands in two places
   */
  public static Concat along(int dimension, Module... branches) {
    return new Concat(dimension, branches);
  }

  @Override
  public Description<Concat> describe() {
    Description<Concat> description = Description.of(Concat::new);
    return dimension == BY_RANK ? description : description.set("dimension", dimension);
  }

  @Override
  protected Steps steps() {
    if (dimension != BY_RANK && dimension != -1) {
      throw new Unsteppable(this, "the features of a step are joined by Concat.along(-1, ..)");
    }
    return Steps.through(this);
  }

  @Override
  protected Tensor compute(Pass pass, Tensor x) {
    Tensor[] outputs = new Tensor[branches.length];
    int[][] found = new int[branches.length][];
    for (int b = 0; b < branches.length; b++) {
      outputs[b] = pass.call(branches[b], x);
      found[b] = outputs[b].shape();
    }
    int along = joined(found);
    if (pass.isRecording()) {
      shapes = found;
    }
    int[] shape = found[0].clone();
    for (int b = 1; b < found.length; b++) {
      shape[along] += found[b][along];
    }
    Tensor y = pass.tensor(shape);
    int at = 0;
    for (Tensor output : outputs) {
      copy(output, y, along, at, true);
      at += output.dim(along);
    }
    return y;
  }

  @Override
  protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
    Tensor gx = null;
    int along = joined(shapes);
    int at = 0;
    for (int b = 0; b < branches.length; b++) {
      Tensor g = pass.call(branches[b], part(pass, gradOutput, along, at, shapes[b]));
      at += shapes[b][along];
      if (gx == null) {
        gx = pass.tensor(g.shape());
        System.arraycopy(g.data(), 0, gx.data(), 0, g.size());
      } else {
        double[] sum = gx.data();
        double[] more = g.data();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += more[i];
        }
      }
    }
    return gx;
  }

  @Override
  protected void accumulate(Pass pass, Tensor gradOutput) {
    int along = joined(shapes);
    int at = 0;
    for (int b = 0; b < branches.length; b++) {
      if (branches[b].isTrainable()) {
        pass.accumulate(branches[b], part(pass, gradOutput, along, at, shapes[b]));
      }
      at += shapes[b][along];
    }
  }

  @Override
  String name() {
    return dimension == BY_RANK ? "Concat" : "Concat along " + dimension;
  }

  private static Tensor part(Pass pass, Tensor whole, int along, int at, int[] shape) {
    Tensor part = pass.tensor(shape);
    copy(part, whole, along, at, false);
    return part;
  }

  /** Copies a branch's part into the whole, which has it from {@code at} on, or out of it. */
  private static void copy(Tensor part, Tensor whole, int along, int at, boolean into) {
    int inner = 1;
    for (int d = along + 1; d < part.rank(); d++) {
      inner *= part.dim(d);
    }
    int run = part.dim(along) * inner;
    int stride = whole.dim(along) * inner;
    int rows = stride == 0 ? 0 : whole.size() / stride;
    for (int r = 0; r < rows; r++) {
      int from = r * stride + at * inner;
      if (into) {
        System.arraycopy(part.data(), r * run, whole.data(), from, run);
      } else {
        System.arraycopy(whole.data(), from, part.data(), r * run, run);
      }
    }
  }

  /** The dimension that is joined, for outputs that fit each other. */
  private int joined(int[][] found) {
    int rank = found[0].length;
    int along = dimension == BY_RANK ? (rank == 4 ? 1 : rank - 1) : dimension;
    along = along < 0 ? along + rank : along;
    boolean fits = along >= 0 && along < rank;
    for (int[] shape : found) {
      fits &= shape.length == rank;
      for (int d = 0; fits && d < rank; d++) {
        fits = d == along || shape[d] == found[0][d];
      }
    }
    if (!fits) {
      throw new ShapeException(
          name()
              + " cannot join outputs "
              + Arrays.deepToString(found)
              + (along >= 0 && along < rank ? " along dimension " + along : ""));
    }
    return along;
  }
}
