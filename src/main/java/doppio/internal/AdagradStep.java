package doppio.internal;

/**
 * A step of Adagrad: with h = g + λw, s ← s + h², w ← w − ηh / (√s + ε) − δw.
 *
 * @param eta the learning rate η
 * @param epsilon ε
 * @param lambda the coupled weight decay λ
 * @param delta the decoupled weight decay δ
 */
public record AdagradStep(double eta, double epsilon, double lambda, double delta) {}
