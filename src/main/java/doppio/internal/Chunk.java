package doppio.internal;

/** The arrays that elementary functions and the rules of optimizers work on, part by part. */
public final class Chunk {
  /** So many elements that all the arrays together fit the first-level cache. */
  public static final int SIZE = 512;

  /** Arguments, and results. */
  public final double[] x = new double[SIZE];

  public final double[] y = new double[SIZE];

  /** What x = k·ln 2 + r splits into: k, e^r − 1, and 2^k in one or two factors. */
  public final double[] k = new double[SIZE];

  public final double[] p = new double[SIZE];
  public final double[] s = new double[SIZE];
  public final double[] t = new double[SIZE];
}
