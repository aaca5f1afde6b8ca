package doppio.internal.layer;

import doppio.internal.Pool;
import java.util.Arrays;

/** The working arrays of a pass through recurrent layers. They grow only. */
public final class RecurrentScratch extends Pool.Shared {
  private static final Pool<RecurrentScratch> POOL = new Pool<>(RecurrentScratch::new);

  /** The input of one layer in one direction, [steps, n, in]. */
  public double[] input = {};

  /** The gradient with respect to it. */
  public double[] inputGradient = {};

  /** What the input gives to the gates of some steps; on the way back the gradient of all. */
  public double[] gates = {};

  /** What the state gives to the gates of one step; on the way back the gradient of a state. */
  double[] product = {};

  /** On the way back: the gradient with respect to what the state gives, where it is another. */
  double[] others = {};

  /** On the way back: what goes from step to step beside the product. */
  double[] carry = {};

  private Track[] tracks = {};

  private RecurrentScratch() {}

  /** One that nobody else has. Its contents are old. */
  public static RecurrentScratch take() {
    return POOL.take();
  }

  /** An array of at least the given size for inputs. */
  public double[] input(int size) {
    input = Track.fitted(input, size);
    return input;
  }

  /** At least so many tracks for layers that do not go back. */
  public Track[] tracks(int count) {
    int old = tracks.length;
    if (old < count) {
      tracks = Arrays.copyOf(tracks, count);
      for (int i = old; i < count; i++) {
        tracks[i] = new Track();
      }
    }
    return tracks;
  }
}
