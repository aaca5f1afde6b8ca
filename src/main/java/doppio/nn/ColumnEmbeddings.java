package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import java.util.Arrays;

/**
 * The beginning of a network for rows of which some columns are indices: each index becomes its row
 * of an {@link Embedding}, in its place, and all other columns pass.
 *
 * <p>Shapes: input {@code [.., in]}, output {@code [.., out]} with out = in + Σ (dim − 1) over the
 * tables. The tables are named {@code 0}, {@code 1}, … The same in training and evaluation.
 *
 * <p>Gradient: each table gets its part of g; the rest of g passes, and an index has a gradient of
 * 0.
 *
 * <pre>{@code
 * // numbers in columns 0 and 2, an index below 50 in column 1
 * new Sequential(
 *     new ColumnEmbeddings(3, new int[] {1}, new Embedding(50, 4)), new Linear(6, 1))
 * }</pre>
 */
public final class ColumnEmbeddings extends Composite {
  private final int in;
  private final int out;
  private final int[] columns;
  private final Embedding[] tables;

  /**
   * Tables for some columns of rows of a width.
   *
   * @param inFeatures the number of columns
   * @param columns those that are indices, in rising order
   * @param tables one for each of them
   * @throws IllegalArgumentException if there are more or fewer tables than such columns, or these
   *     do not rise from 0 on to below the width
   */
  public ColumnEmbeddings(int inFeatures, int[] columns, Embedding... tables) {
    int last = -1;
    boolean fits = columns.length == tables.length;
    for (int column : columns) {
      fits &= column > last;
      last = column;
    }
    if (!fits || inFeatures < 1 || last >= inFeatures) {
      throw new IllegalArgumentException(
          "expected a table for each of some columns, which rise, of "
              + inFeatures
              + " but got "
              + tables.length
              + " for "
              + Arrays.toString(columns));
    }
    in = inFeatures;
    this.columns = columns.clone();
    this.tables = tables.clone();
    int width = in;
    for (int k = 0; k < tables.length; k++) {
      child(Integer.toString(k), tables[k]);
      width += tables[k].embeddingDim() - 1;
    }
    out = width;
  }

  /** One that is made again. */
  public ColumnEmbeddings(Parts parts) {
    this(
        parts.integer("inFeatures"),
        parts.integers("columns"),
        parts.names().stream()
            .map(name -> parts.child(name, Embedding.class))
            .toArray(Embedding[]::new));
  }

  @Override
  public Description<ColumnEmbeddings> describe() {
    return Description.of(ColumnEmbeddings::new).set("inFeatures", in).set("columns", columns);
  }

  /** The number of columns of an input. */
  public int inFeatures() {
    return in;
  }

  /** The number of columns of an output. */
  public int outFeatures() {
    return out;
  }

  /** The columns that are indices, in rising order. */
  public int[] columns() {
    return columns.clone();
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  @Override
  protected Tensor compute(Pass pass, Tensor x) {
    int[] shape = x.shape();
    int last = shape.length - 1;
    if (last < 0 || shape[last] != in) {
      throw new ShapeException(
          "ColumnEmbeddings expects input [.., " + in + "] but got " + Shapes.text(x));
    }
    shape[last] = out;
    Tensor y = pass.tensor(shape);
    int[] before = Arrays.copyOf(shape, last);
    int from = 0;
    int at = 0;
    for (int k = 0; k <= columns.length; k++) {
      int run = (k < columns.length ? columns[k] : in) - from;
      copy(x, in, from, y, out, at, run);
      from += run;
      at += run;
      if (k < columns.length) {
        Tensor index = pass.tensor(before);
        copy(x, in, from++, index, 1, 0, 1);
        int dim = tables[k].embeddingDim();
        copy(pass.call(tables[k], index), dim, 0, y, out, at, dim);
        at += dim;
      }
    }
    return y;
  }

  @Override
  protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
    int[] shape = gradOutput.shape();
    shape[shape.length - 1] = in;
    Tensor gx = pass.tensor(shape);
    back(pass, gradOutput, gx);
    return gx;
  }

  @Override
  protected void accumulate(Pass pass, Tensor gradOutput) {
    back(pass, gradOutput, null);
  }

  /** Hands the tables their parts, and the rest to gx if there is one. */
  private void back(Pass pass, Tensor gy, Tensor gx) {
    int from = 0;
    int at = 0;
    for (int k = 0; k <= columns.length; k++) {
      int run = (k < columns.length ? columns[k] : in) - from;
      if (gx != null) {
        copy(gy, out, at, gx, in, from, run);
      }
      from += run;
      at += run;
      if (k < columns.length) {
        int[] shape = gy.shape();
        int dim = tables[k].embeddingDim();
        shape[shape.length - 1] = dim;
        Tensor part = pass.tensor(shape);
        copy(gy, out, at, part, dim, 0, dim);
        at += dim;
        if (gx == null) {
          pass.accumulate(tables[k], part);
        } else {
          copy(pass.call(tables[k], part), 1, 0, gx, in, from, 1);
        }
        from++;
      }
    }
  }

  /** Copies a run of columns of each row. */
  private static void copy(
      Tensor x, int xWidth, int from, Tensor y, int yWidth, int at, int length) {
    int rows = x.size() / xWidth;
    for (int r = 0; r < rows; r++) {
      System.arraycopy(x.data(), r * xWidth + from, y.data(), r * yWidth + at, length);
    }
  }
}
