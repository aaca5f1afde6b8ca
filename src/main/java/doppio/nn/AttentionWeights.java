package doppio.nn;

import doppio.Generator;
import doppio.ShapeException;
import doppio.internal.layer.Attention;

/** Arrays for the weights of a {@link SelfAttention} in training, used again from pass to pass. */
final class AttentionWeights {
  /** As many at most are kept for the way back. */
  private static final int MOST = 1 << 21;

  private double[] weights = {};
  private boolean[] kept = {};
  private double[] mask = {};

  /** Has the weights kept for the way back, unless they are many. */
  void keep(Attention attention, int heads, int steps) {
    long size = (long) heads * steps * steps;
    if (size <= MOST) {
      weights = weights.length == size ? weights : new double[(int) size];
      attention.keep(weights);
    }
  }

  /** Has some weights dropped; draws which ones are not, those of one head after the other. */
  void drop(
      Module layer, Attention attention, int heads, int steps, double share, Generator generator) {
    requireRoom(layer, (double) Math.max(1, heads) * steps * steps, steps);
    int square = steps * steps;
    int size = heads * square;
    kept = kept.length == size ? kept : new boolean[size];
    mask = mask.length == square ? mask : new double[square];
    for (int at = 0; at < size; at += square) {
      generator.bernoulli(mask, share);
      for (int i = 0; i < square; i++) {
        kept[at + i] = mask[i] == 1;
      }
    }
    attention.drop(kept, share);
  }

  /** Refuses sequences that need an array of so many elements, if that is too many. */
  static void requireRoom(Module layer, double elements, int steps) {
    if (elements > Integer.MAX_VALUE) {
      throw new ShapeException(
          layer
              + ": sequences of "
              + steps
              + " steps need an array of more elements than there can be");
    }
  }
}
