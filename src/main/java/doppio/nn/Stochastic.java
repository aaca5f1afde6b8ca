package doppio.nn;

import doppio.Generator;

/**
 * A module that draws random numbers in training. A checkpoint keeps the state of its generator, so
 * that a training that is resumed draws on where the stopped one ended: implement this in a random
 * layer of your own.
 */
public interface Stochastic {
  /** The generator that the module draws from, always the same one. */
  Generator generator();
}
