package doppio.internal.layer;

import java.util.Arrays;

/**
 * What one layer in one direction remembers of the steps of a batch, in the order in which it goes
 * through them: its states, and what is kept of each step for the way back. Arrays grow only.
 */
public final class Track {
  /** How many samples there are, and how many steps. */
  int n;

  int steps;

  /** Elements of a state of one sample. */
  int hidden;

  /** Elements of a state of all samples: n · hidden. */
  int size;

  /** [steps + 1, n, hidden]: the state before the first step, then the one after each. */
  double[] states = {};

  /** [steps, n, hidden]: the gradient with respect to the output of each step. */
  double[] gradient = {};

  /** What is kept before the first step, then of each. */
  double[] kept = {};

  /** From there to what is kept of the next step; 0 where the next overwrites it. */
  private int slot;

  /** Nothing yet. */
  public Track() {}

  /**
   * Gets ready for so many steps of n samples, with a state of zeros before the first.
   *
   * @param blocks how many blocks of the state's size are kept of a step
   * @param goesBack whether all that the way back needs is kept, or no more than the next step does
   */
  public void begin(int blocks, int hidden, int steps, int n, boolean goesBack) {
    this.n = n;
    // Without samples there is nothing to go through, however many steps they would have.
    this.steps = n == 0 ? 0 : steps;
    this.hidden = hidden;
    size = n * hidden;
    int one = blocks * size;
    slot = goesBack ? one : 0;
    states = fitted(states, (this.steps + 1) * size);
    kept = fitted(kept, this.steps * slot + one);
    Arrays.fill(states, 0, size, 0);
    Arrays.fill(kept, 0, one, 0);
  }

  /** Where the output of each step lies. */
  public Sequences outputs() {
    return Sequences.ofSteps(states, size, n, hidden);
  }

  /** Where the gradient with respect to the output of each step lies. */
  public Sequences gradients() {
    gradient = fitted(gradient, steps * size);
    return Sequences.ofSteps(gradient, 0, n, hidden);
  }

  /** The number of steps. */
  public int steps() {
    return steps;
  }

  /** The number of samples. */
  public int samples() {
    return n;
  }

  /** [steps + 1, n, hidden]: the state before the first step, then the one after each. */
  public double[] states() {
    return states;
  }

  /** What is kept before the first step, then of each, in blocks of the state's size. */
  public double[] kept() {
    return kept;
  }

  /** Makes the state after the only step the one before it. */
  public void advance() {
    System.arraycopy(states, size, states, 0, size);
    System.arraycopy(kept, slot, kept, 0, slot);
  }

  /** Where in the states the one lies that a step finds; the next is the one that it leaves. */
  int state(int step) {
    return step * size;
  }

  /** Where that lies which is kept of the step before this one. */
  int keptBefore(int step) {
    return step * slot;
  }

  /** Where that lies which is kept of a step. */
  int kept(int step) {
    return (step + 1) * slot;
  }

  static double[] fitted(double[] old, int size) {
    return old.length < size ? new double[size] : old;
  }
}
