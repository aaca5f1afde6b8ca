package doppio.train;

import doppio.Generator;
import doppio.ShapeException;
import doppio.data.GroupedSamples;
import doppio.data.Samples;
import doppio.nn.Module;

/**
 * Whether the model takes a batch or gradient block of a single row, where the training will have
 * one: a layer with the statistics of batches refuses it, which is said before the first batch and
 * not at the end of the first epoch. A replica is asked, so that nothing of the model moves.
 */
final class SingleRowCheck {
  private SingleRowCheck() {}

  static void check(Settings settings, Samples data) {
    String where = singleRow(settings, data.size());
    if (where == null
        || data instanceof GroupedSamples
        || settings.model.namedBuffers().isEmpty()) {
      return;
    }
    Module replica;
    try {
      replica = settings.model.replica(Generator::copy);
    } catch (UnsupportedOperationException undescribed) {
      // The batch itself will tell.
      return;
    }
    try {
      replica.forward(data.batch(0).inputs());
    } catch (ShapeException e) {
      ShapeException named =
          new ShapeException(where + " would have a single row: " + e.getMessage());
      named.initCause(e);
      throw named;
    }
  }

  /** What would have it, null where nothing has. */
  private static String singleRow(Settings settings, int samples) {
    int full = Math.min(settings.batchSize, samples);
    int last = samples % full;
    String batches = samples + " samples in batches of " + settings.batchSize;
    if (!(settings.source instanceof BlockGradients blocks)) {
      return full == 1 || last == 1 ? "a batch (" + batches + ")" : null;
    }
    int rows = blocks.rows();
    boolean single = rows == 1 || full % rows == 1 || last % rows == 1;
    return single ? "a gradient block (" + batches + ", blocks of " + rows + ")" : null;
  }
}
