package doppio.internal;

/**
 * A step of gradient descent: w ← w − η(g + λw) − δw.
 *
 * @param eta the learning rate η
 * @param lambda the coupled weight decay λ
 * @param delta the decoupled weight decay δ
 */
public record SgdStep(double eta, double lambda, double delta) {
  /** Without decay w is not multiplied, by 0 say: that would lose infinities. */
  public boolean decays() {
    return lambda != 0 || delta != 0;
  }
}
