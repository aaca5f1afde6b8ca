package doppio.internal;

/** The arrays that the passes of {@link Elementary} and {@link Updates} work on. */
final class Chunk {
  /** So many elements that all the arrays together fit the first-level cache. */
  static final int SIZE = 512;

  /** Arguments, and results. */
  final double[] x = new double[SIZE];

  final double[] y = new double[SIZE];

  /** What x = k·ln 2 + r splits into: k, e^r − 1, and 2^k in one or two factors. */
  final double[] k = new double[SIZE];

  final double[] p = new double[SIZE];
  final double[] s = new double[SIZE];
  final double[] t = new double[SIZE];
}
