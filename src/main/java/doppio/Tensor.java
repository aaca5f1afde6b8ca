package doppio;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * A row-major array of doubles with a shape: contiguous, no strides, no broadcasting.
 *
 * <p>Element {@code (i, j, k)} of a tensor of shape {@code [a, b, c]} lies at {@code (i·b + j)·c +
 * k} of {@link #data()}. Rank 0 holds one number; a dimension may be 0. Arithmetic lives in layers
 * and losses, on the arrays, where its cost can be seen.
 *
 * <p>A tensor is as thread-safe as its array: any number of readers, or one writer.
 */
public final class Tensor {
  private static final int PRINTED_EDGE = 3;
  private static final int PRINTED_WHOLE = 8;

  private final double[] data;
  private final int[] shape;

  private Tensor(double[] data, int[] shape) {
    this.data = data;
    this.shape = shape;
  }

  /** A vector {@code [n]} that holds a copy of the values. */
  public static Tensor of(double... values) {
    Objects.requireNonNull(values, "values");
    return new Tensor(values.clone(), new int[] {values.length});
  }

  /** A vector {@code [n]} of the whole numbers: class indices, say. */
  public static Tensor of(int... values) {
    Objects.requireNonNull(values, "values");
    return new Tensor(Arrays.stream(values).asDoubleStream().toArray(), new int[] {values.length});
  }

  /**
   * A vector {@code [n]} of the same values, for every float is a double. By a name of its own: an
   * {@code of(float...)} would take whole numbers of type long, and round them in silence.
   */
  public static Tensor ofFloats(float... values) {
    Objects.requireNonNull(values, "values");
    Tensor t = zeros(values.length);
    for (int i = 0; i < values.length; i++) {
      t.data[i] = values[i];
    }
    return t;
  }

  /**
   * A matrix {@code [rows, columns]} that holds a copy of the values.
   *
   * @throws ShapeException if the rows differ in length
   */
  public static Tensor of(double[][] rows) {
    Objects.requireNonNull(rows, "rows");
    int columns = rows.length == 0 ? 0 : Objects.requireNonNull(rows[0], "row 0").length;
    Tensor t = zeros(rows.length, columns);
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == null) {
        throw new NullPointerException("row " + i);
      }
      if (rows[i].length != columns) {
        throw new ShapeException(
            "row " + i + " has " + rows[i].length + " values but row 0 has " + columns);
      }
      System.arraycopy(rows[i], 0, t.data, i * columns, columns);
    }
    return t;
  }

  /**
   * A tensor over the caller's own array, which is not copied: a write to one is seen in the other.
   *
   * @throws ShapeException if the shape does not have as many elements as the array
   */
  public static Tensor wrap(double[] data, int... shape) {
    Objects.requireNonNull(data, "data");
    int size = sizeOf(shape);
    if (size != data.length) {
      throw new ShapeException(
          "shape "
              + Arrays.toString(shape)
              + " has "
              + size
              + " elements but the array has "
              + data.length);
    }
    return new Tensor(data, shape.clone());
  }

  /** A tensor of zeros. */
  public static Tensor zeros(int... shape) {
    return new Tensor(new double[sizeOf(shape)], shape.clone());
  }

  /** A tensor with every element equal to {@code value}. */
  public static Tensor full(double value, int... shape) {
    return zeros(shape).fill(value);
  }

  /** The elements in row-major order: the live array, not a copy. */
  public double[] data() {
    return data;
  }

  /** A copy of the shape. */
  public int[] shape() {
    return shape.clone();
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /**
   * The length of dimension {@code i}; a negative {@code i} counts from the end.
   *
   * @throws ShapeException if there is no such dimension
   */
  public int dim(int i) {
    int index = i < 0 ? i + shape.length : i;
    if (index < 0 || index >= shape.length) {
      throw new ShapeException("no dimension " + i + " in shape " + Arrays.toString(shape));
    }
    return shape[index];
  }

  /** The number of elements. */
  public int size() {
    return data.length;
  }

  /** Whether both tensors have the same dimensions. */
  public boolean sameShape(Tensor other) {
    return Arrays.equals(shape, other.shape);
  }

  /**
   * The element at the given index, one number a dimension.
   *
   * @throws ShapeException if the index has another rank
   * @throws IndexOutOfBoundsException if it lies outside the shape
   */
  public double get(int... index) {
    return data[offset(index)];
  }

  /**
   * Sets the element at the given index; the value comes first.
   *
   * @throws ShapeException if the index has another rank
   * @throws IndexOutOfBoundsException if it lies outside the shape
   */
  public Tensor set(double value, int... index) {
    data[offset(index)] = value;
    return this;
  }

  /**
   * The same array under another shape; a write to one tensor is seen in the other. One dimension
   * may be −1: it gets what the others leave, {@code t.reshape(-1, 2)} has rows of two.
   *
   * @throws ShapeException if the new shape has another number of elements, if −1 stands in it
   *     twice, or if the others do not tell what it is
   */
  public Tensor reshape(int... newShape) {
    int[] whole = withoutGap(newShape);
    if (sizeOf(whole) != data.length) {
      throw new ShapeException(
          "cannot reshape " + Arrays.toString(shape) + " to " + Arrays.toString(newShape));
    }
    return new Tensor(data, whole);
  }

  /** A copy of the shape, its only −1 replaced by the elements over the product of the others. */
  private int[] withoutGap(int[] newShape) {
    int[] whole = Objects.requireNonNull(newShape, "newShape").clone();
    int gap = -1;
    for (int d = 0; d < whole.length; d++) {
      if (whole[d] == -1) {
        if (gap >= 0) {
          throw new ShapeException("-1 stands twice in shape " + Arrays.toString(newShape));
        }
        gap = d;
      }
    }
    if (gap >= 0) {
      whole[gap] = 1;
      int others = sizeOf(whole);
      if (others == 0 || data.length % others != 0) {
        throw new ShapeException(
            "cannot reshape " + Arrays.toString(shape) + " to " + Arrays.toString(newShape));
      }
      whole[gap] = data.length / others;
    }
    return whole;
  }

  /** A tensor of the same shape with its own array. */
  public Tensor copy() {
    return new Tensor(data.clone(), shape);
  }

  /** Sets every element to {@code value}. */
  public Tensor fill(double value) {
    Arrays.fill(data, value);
    return this;
  }

  /** The shape and the values, the middle of long dimensions left out. */
  @Override
  public String toString() {
    StringBuilder s = new StringBuilder("Tensor").append(Arrays.toString(shape)).append(' ');
    print(s, 0, 0, data.length);
    return s.toString();
  }

  private void print(StringBuilder s, int dimension, int from, int length) {
    if (dimension == shape.length) {
      s.append(String.format(Locale.ROOT, "%.5g", data[from]));
      return;
    }
    int n = shape[dimension];
    int step = n == 0 ? 0 : length / n;
    boolean last = dimension == shape.length - 1;
    String separator = last ? ", " : ",\n" + " ".repeat(dimension + 1);
    s.append('[');
    for (int i = 0; i < n; i++) {
      if (n > PRINTED_WHOLE && i == PRINTED_EDGE) {
        s.append(separator).append('…');
        i = n - PRINTED_EDGE;
      }
      s.append(i == 0 ? "" : separator);
      print(s, dimension + 1, from + i * step, step);
    }
    s.append(']');
  }

  private int offset(int[] index) {
    if (index.length != shape.length) {
      throw new ShapeException(
          "index " + Arrays.toString(index) + " does not fit shape " + Arrays.toString(shape));
    }
    int offset = 0;
    for (int d = 0; d < shape.length; d++) {
      if (index[d] < 0 || index[d] >= shape[d]) {
        throw new IndexOutOfBoundsException(
            "index " + Arrays.toString(index) + " lies outside shape " + Arrays.toString(shape));
      }
      offset = offset * shape[d] + index[d];
    }
    return offset;
  }

  private static int sizeOf(int[] shape) {
    Objects.requireNonNull(shape, "shape");
    long size = 1;
    for (int n : shape) {
      if (n < 0) {
        throw new ShapeException("negative dimension in shape " + Arrays.toString(shape));
      }
      size *= n;
      if (size > Integer.MAX_VALUE) {
        // A later zero would make the product small again; such a shape is refused all the same.
        throw new ShapeException("too many elements in shape " + Arrays.toString(shape));
      }
    }
    return (int) size;
  }
}
