/**
 * Layers and networks of them, with an explicit forward and backward pass.
 *
 * <p>A {@link doppio.nn.Module} is a function with parameters; a {@link doppio.nn.Sequential}
 * chains modules; a {@link doppio.nn.Layer} is a leaf, and the class to extend for a layer of your
 * own. One training step is
 *
 * <pre>{@code
 * double value = loss.forward(model.forward(x), y);
 * optimizer.zeroGrad();
 * model.accumulateGradients(loss.backward());
 * optimizer.step();
 * }</pre>
 *
 * <p>A trained model answers through {@link doppio.nn.Module#infer}, from any number of threads at
 * once. Everything else on a module is for one thread at a time.
 *
 * <p>{@code java.lang} has a {@code Module} too: import {@code doppio.nn.Module} by its name, not
 * only {@code doppio.nn.*}.
 */
package doppio.nn;
