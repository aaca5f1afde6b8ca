package doppio.internal.layer;

import doppio.internal.Kernels;
import doppio.internal.choice.KernelChoice;
import java.util.Arrays;

/**
 * One layer of a recurrent network in one direction: the product with the inputs of many steps at
 * once, the product with the state for each step, and a {@link Cell} that makes the next state of
 * both. Whoever goes through a sequence from its end arranges it so.
 */
public final class Recurrence {
  /** Rows of a product with inputs: many enough for it to be fast, few enough for the cache. */
  private static final int ROWS = 512;

  private final Cell cell;
  private final int in;
  private final int hidden;
  private final int width;

  /** For inputs and states of these sizes. */
  public Recurrence(Cell cell, int in, int hidden) {
    this.cell = cell;
    this.in = in;
    this.hidden = hidden;
    width = cell.gates * hidden;
  }

  /** Elements of an input. */
  public int in() {
    return in;
  }

  /**
   * Goes through all steps of the input that stands in s, from the state that stands in t.
   *
   * @param wx [gates · hidden, in]
   * @param bx [gates · hidden]
   * @param wh [gates · hidden, hidden]
   * @param bh [gates · hidden]
   */
  public void forward(
      RecurrentScratch s, Track t, double[] wx, double[] bx, double[] wh, double[] bh) {
    Kernels kernels = KernelChoice.kernels();
    int n = t.n;
    int block = Math.max(1, ROWS / Math.max(1, n));
    s.gates = Track.fitted(s.gates, Math.min(block, t.steps) * n * width);
    s.product = Track.fitted(s.product, n * width);
    for (int first = 0; first < t.steps; first += block) {
      int end = Math.min(first + block, t.steps);
      kernels.linear(
          s.input, first * n * in, wx, 0, bx, 0, s.gates, 0, (end - first) * n, in, width);
      for (int step = first; step < end; step++) {
        kernels.linear(t.states, t.state(step), wh, 0, bh, 0, s.product, 0, n, hidden, width);
        cell.forward(t, step, s.gates, (step - first) * n * width, s.product);
      }
    }
  }

  /**
   * Goes back through all steps, from the gradients that stand in t: leaves the gradient with
   * respect to the gates in s.
   *
   * @return the gradient with respect to what the state gave to the gates
   */
  public double[] backward(RecurrentScratch s, Track t, double[] wh) {
    Kernels kernels = KernelChoice.kernels();
    int row = t.n * width;
    s.gates = Track.fitted(s.gates, t.steps * row);
    s.others = Track.fitted(s.others, cell.splits ? t.steps * row : 0);
    s.product = Track.fitted(s.product, t.size);
    s.carry = Track.fitted(s.carry, t.size);
    Arrays.fill(s.product, 0, t.size, 0);
    Arrays.fill(s.carry, 0, t.size, 0);
    double[] gp = cell.splits ? s.others : s.gates;
    for (int step = t.steps - 1; step >= 0; step--) {
      cell.backward(t, step, s.product, s.carry, s.gates, gp, step * row);
      if (step > 0) {
        kernels.linearInputGradient(gp, step * row, wh, 0, s.product, 0, t.n, hidden, width);
      }
    }
    return gp;
  }

  /** Leaves the gradient with respect to the input in s. */
  public void inputGradient(RecurrentScratch s, Track t, double[] wx) {
    int rows = t.steps * t.n;
    s.inputGradient = Track.fitted(s.inputGradient, rows * in);
    KernelChoice.kernels()
        .linearInputGradient(s.gates, 0, wx, 0, s.inputGradient, 0, rows, in, width);
  }
}
