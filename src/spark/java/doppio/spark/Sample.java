package doppio.spark;

import java.io.Serializable;

/** A row of a distributed training set: an input, and what it should give. */
public final class Sample implements Serializable {
  private static final long serialVersionUID = 1L;

  // No record: Spark's Kryo makes none.
  private final long index;
  private final double[] input;
  private final double[] target;

  /**
   * A sample; the arrays are not copied.
   *
   * @param index its row number: the rows of a set have the indices 0 … n − 1, each once, in any
   *     order
   * @param input the numbers of one input, in the order of its shape
   * @param target a class index, or the numbers that the model should give
   */
  public Sample(long index, double[] input, double... target) {
    this.index = index;
    this.input = input;
    this.target = target;
  }

  /** The row number. */
  public long index() {
    return index;
  }

  /** The numbers of the input: the live array. */
  public double[] input() {
    return input;
  }

  /** The numbers of the target: the live array. */
  public double[] target() {
    return target;
  }

  /** The index, and how many numbers there are. */
  @Override
  public String toString() {
    return "Sample("
        + index
        + ", "
        + (input == null ? "no" : input.length)
        + " inputs, "
        + (target == null ? "no" : target.length)
        + " targets)";
  }
}
