package doppio.loss;

/** How a loss makes one number of those of its elements or samples. */
public enum Reduction {
  /** Their mean: the sum divided by their number. */
  MEAN,
  /** Their sum. */
  SUM;

  /** What a sum over {@code count} terms is divided by. */
  double divisor(int count) {
    return this == MEAN ? count : 1;
  }
}
