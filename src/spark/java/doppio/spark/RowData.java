package doppio.spark;

import java.io.Serializable;

/** A row as it was read, or why it could not be. */
final class RowData implements Serializable {
  private static final long serialVersionUID = 1L;

  final long index;
  final double[] input;
  final double[] target;

  /** Null where all is well. */
  final String problem;

  RowData(long index, double[] input, double[] target, String problem) {
    this.index = index;
    this.input = input;
    this.target = target;
    this.problem = problem;
  }

  static RowData of(Sample sample) {
    if (sample == null) {
      return new RowData(-1, null, null, "a sample is null");
    }
    String missing = sample.input() == null ? "input" : sample.target() == null ? "target" : null;
    return new RowData(
        sample.index(),
        sample.input(),
        sample.target(),
        missing == null ? null : "row " + sample.index() + ": the " + missing + " is null");
  }
}
