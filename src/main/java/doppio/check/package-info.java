/**
 * Proof for layers, networks and losses of your own: do their gradients agree with their values?
 *
 * <p>{@link doppio.check.GradientCheck} differentiates numerically what {@code forward} computes
 * and compares the result with what {@code backward} returns, element by element; of a network it
 * names the layer that is wrong. A test of a new layer is one line:
 *
 * <pre>{@code
 * GradientCheck.check(new MyLayer(), Tensor.of(new double[][] {{0.3, -1.2}, {2.1, 0.7}}));
 * }</pre>
 */
package doppio.check;
