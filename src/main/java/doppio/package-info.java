/**
 * The words that every other package is written in.
 *
 * <p>A {@link doppio.Tensor} is a plain array of doubles with a shape, a {@link doppio.Generator}
 * draws the random numbers that PyTorch draws for the same seed, and a {@link
 * doppio.ShapeException} says which shape was expected where, and which one came.
 *
 * <p>On this floor stand {@code doppio.nn} (layers and networks), {@code doppio.loss}, {@code
 * doppio.optim}, {@code doppio.data}, {@code doppio.io}, {@code doppio.train} (the training loop)
 * and {@code doppio.check} (gradient checks).
 */
package doppio;
