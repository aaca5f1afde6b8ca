package doppio.internal.source;

/** The functions of what takes rows apart and looks indices up, as Java text. */
final class LookupText {
  static final String TEXT =
      """
      /** The rows of a table that the indices name. */
      private static double[] embedding(double[] x, int dim, double[] weight) {
        double[] y = new double[x.length * dim];
        for (int n = 0; n < x.length; n++) {
          int row = (int) x[n];
          if (row != x[n] || row < 0 || row >= weight.length / dim) {
            throw new IllegalArgumentException(
                "expected whole numbers from 0 to " + (weight.length / dim - 1)
                    + " but got " + x[n]);
          }
          System.arraycopy(weight, row * dim, y, n * dim, dim);
        }
        return y;
      }

      /** The columns from one to before another, of rows of so many. */
      private static double[] columns(double[] x, int width, int from, int to) {
        double[] y = new double[x.length / width * (to - from)];
        for (int at = from, n = 0; at < x.length; at += width, n += to - from) {
          System.arraycopy(x, at, y, n, to - from);
        }
        return y;
      }
      """;

  private LookupText() {}
}
