package doppio.loss;

/** Tells what a softmax has put out. */
final class Probabilities {
  /** Far above what roundings make of a sum of 1, far below what logits miss it by. */
  private static final double ROUNDING = 1e-9;

  private Probabilities() {}

  /** Whether no value is negative and each row adds up to 1. */
  static boolean are(double[] rows, int classes) {
    for (int from = 0; from < rows.length; from += classes) {
      double sum = 0;
      for (int i = from; i < from + classes; i++) {
        if (!(rows[i] >= 0)) {
          return false;
        }
        sum += rows[i];
      }
      if (Math.abs(sum - 1) > ROUNDING) {
        return false;
      }
    }
    return true;
  }
}
