package doppio.internal;

/**
 * A step with momentum: with h = g + λw, v ← μv + h, w ← w − ηu − δw, where u is v, or h + μv in
 * Nesterov's form.
 *
 * @param eta the learning rate η
 * @param mu the momentum μ
 * @param nesterov whether the form is Nesterov's
 * @param lambda the coupled weight decay λ
 * @param delta the decoupled weight decay δ
 */
public record MomentumStep(double eta, double mu, boolean nesterov, double lambda, double delta) {}
