package doppio.internal.layer;

/**
 * Where in an array the vectors of sequences lie: that of sample i at step s begins at {@code at +
 * s · step + i · sample}.
 */
@SuppressWarnings("ArrayRecordComponent") // a view, which nobody compares
public record Sequences(double[] data, int at, int step, int sample) {
  /** A part, from a column on, of [n, steps, width]. */
  public static Sequences ofBatch(double[] data, int column, int steps, int width) {
    return new Sequences(data, column, width, steps * width);
  }

  /** A part, from a place on, of [steps, n, width]. */
  public static Sequences ofSteps(double[] data, int at, int n, int width) {
    return new Sequences(data, at, n * width, width);
  }

  /** The same, the last step first. */
  public Sequences reversed(int steps) {
    return new Sequences(data, at + (steps - 1) * step, -step, sample);
  }

  /** Copies all vectors. */
  public void copyTo(Sequences to, int steps, int n, int width) {
    for (int s = 0; s < steps; s++) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(data, place(s, i), to.data, to.place(s, i), width);
      }
    }
  }

  /** Adds all vectors to others. */
  public void addTo(Sequences to, int steps, int n, int width) {
    for (int s = 0; s < steps; s++) {
      for (int i = 0; i < n; i++) {
        int from = place(s, i);
        int sum = to.place(s, i);
        for (int k = 0; k < width; k++) {
          to.data[sum + k] += data[from + k];
        }
      }
    }
  }

  private int place(int s, int i) {
    return at + s * step + i * sample;
  }
}
