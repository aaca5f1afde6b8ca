package doppio.internal;

/**
 * A step of RMSprop: with h = g + λw, v ← αv + (1 − α)h², u = h / (√v + ε), w ← w − ηu − δw.
 *
 * <p>Centered, the mean m ← m + (1 − α)(h − m) is kept too, and the root is that of v − m². With
 * momentum, b ← μb + u takes the place of u.
 *
 * @param eta the learning rate η
 * @param alpha what is left of the means from step to step, α
 * @param epsilon ε
 * @param mu the momentum μ
 * @param lambda the coupled weight decay λ
 * @param delta the decoupled weight decay δ
 */
public record RmspropStep(
    double eta, double alpha, double epsilon, double mu, double lambda, double delta) {}
