package doppio.internal.layer;

/**
 * What a recurrent layer does in a step, between its products: gates × hidden numbers that come
 * from the input, x, and as many that come from the state, p, make the next state. Both products
 * have a row [gates, hidden] for each sample; what is kept of a step are blocks [n, hidden], so
 * that each function is called once for all samples.
 */
public abstract class Cell {
  /** How many vectors of the state's size both products have. */
  public final int gates;

  /** How many blocks are kept of a step. */
  public final int kept;

  /** Whether the gradient with respect to p is another than that with respect to x. */
  public final boolean splits;

  /** Where among the blocks the cell's own memory stands, which the next step needs; −1: none. */
  public final int memory;

  Cell(int gates, int kept, boolean splits, int memory) {
    this.gates = gates;
    this.kept = kept;
    this.splits = splits;
    this.memory = memory;
  }

  /** Makes the state after a step. */
  abstract void forward(Track t, int step, double[] x, int x0, double[] p);

  /**
   * Goes back through a step.
   *
   * @param gh what the next step's product adds to the gradient with respect to the state
   * @param carry what goes from step to step beside it; zeros at first
   * @param gx where the gradient with respect to x goes, from g0 on
   * @param gp where that with respect to p goes, from g0 on, if the cell splits
   */
  abstract void backward(
      Track t, int step, double[] gh, double[] carry, double[] gx, double[] gp, int g0);

  /** to[j] = x[j] + p[j]. */
  static void add(double[] x, int x0, double[] p, int p0, double[] to, int to0, int length) {
    for (int j = 0; j < length; j++) {
      to[to0 + j] = x[x0 + j] + p[p0 + j];
    }
  }
}
