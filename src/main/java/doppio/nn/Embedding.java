package doppio.nn;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import java.util.Arrays;

/**
 * A table whose rows are looked up: the index i becomes row i of the weight. So a network learns
 * what words, or other things of which there are many, have in common.
 *
 * <p>Shapes: input of any shape {@code [..]}, of whole numbers from 0 to count − 1; output {@code
 * [.., dim]}. The same in training and evaluation.
 *
 * <p>Parameter: {@code weight} {@code [count, dim]}, drawn from N(0, 1), row by row: PyTorch's
 * default.
 *
 * <p>Gradient: ∂W[i] = the sum of g over the places that have the index i. Only rows in use are
 * written and cleared, so that a way back costs the same whatever the size of the table; {@link
 * doppio.optim.SGD} and {@link doppio.optim.Adagrad} without weight decay pass over the other rows
 * too. Rules that remember move every row at each step, as PyTorch's do unless told {@code
 * sparse=True}. An index has no gradient: ∂x is zeros.
 *
 * <p>Source: {@code torch.nn.Embedding}.
 */
public final class Embedding extends Layer {
  private final int count;
  private final int dim;
  private final Parameter weight;

  /** A table of so many rows of so many numbers, drawn from the default generator. */
  public Embedding(int count, int dim) {
    this(count, dim, Generator.defaultGenerator());
  }

  /**
   * A table drawn from the given generator.
   *
   * @throws IllegalArgumentException if count or dim is below 1
   */
  public Embedding(int count, int dim, Generator generator) {
    this(
        new Parameter(
            Tensor.zeros(Require.atLeast(1, "count", count), Require.atLeast(1, "dim", dim))));
    Init.normal(weight.value(), 0, 1, generator);
  }

  private Embedding(Parameter weight) {
    Tensor table = weight.value();
    if (table.rank() != 2) {
      throw new ShapeException("Embedding expects a weight [count, dim] but got " + weight);
    }
    count = table.dim(0);
    dim = table.dim(1);
    this.weight = parameter("weight", weight);
  }

  /** One that is made again. */
  public Embedding(Parts parts) {
    this(parts.parameter("weight"));
  }

  @Override
  public Description<Embedding> describe() {
    return Description.of(Embedding::new).set("numEmbeddings", count).set("embeddingDim", dim);
  }

  /** The number of rows. */
  public int numEmbeddings() {
    return count;
  }

  /** The length of a row. */
  public int embeddingDim() {
    return dim;
  }

  /** The table, {@code [count, dim]}. */
  public Parameter weight() {
    return weight;
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    int[] shape = Arrays.copyOf(inputShape, inputShape.length + 1);
    shape[inputShape.length] = dim;
    return shape;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    double[] table = weight.value().data();
    for (int i = 0; i < x.size(); i++) {
      double index = x.data()[i];
      if (!(index >= 0 && index < count) || index != (int) index) {
        throw new IllegalArgumentException(
            this
                + " expects whole numbers from 0 to "
                + (count - 1)
                + " but got "
                + index
                + " at "
                + Shapes.index(x.shape(), i));
      }
      System.arraycopy(table, dim * (int) index, y.data(), i * dim, dim);
    }
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    gx.fill(0);
  }

  @Override
  protected void parameterGradients(Tensor x, Tensor gy) {
    if (!weight.isFrozen()) {
      weight.accumulateRows(x.data(), gy.data(), x.size());
    }
  }

  @Override
  protected Steps steps() {
    throw new Unsteppable(
        this, "it adds a dimension to a step; ColumnEmbeddings look up an index in its place");
  }

  @Override
  public String toString() {
    return "Embedding(" + count + ", " + dim + ")";
  }
}
