package doppio.internal;

/**
 * A step of Adam: with h = g + λw, m ← m + (1 − β₁)(h − m), v ← β₂v + (1 − β₂)h², w ← w − ηm / (√v
 * / r + ε) − δw.
 *
 * @param eta the learning rate, divided by 1 − β₁ᵗ
 * @param root r, the root of 1 − β₂ᵗ
 * @param beta1 what is left of the mean m from step to step, β₁
 * @param beta2 what is left of the mean square v, β₂
 * @param epsilon ε
 * @param lambda the coupled weight decay λ
 * @param delta the decoupled weight decay δ
 */
public record AdamStep(
    double eta,
    double root,
    double beta1,
    double beta2,
    double epsilon,
    double lambda,
    double delta) {}
