package doppio.internal.layer;

/**
 * What each direction of each layer of a recurrent network reads: the input, or the outputs of all
 * directions of the layer below, side by side, in the order in which it goes through the steps. The
 * tracks are those of the first layer's directions, then of the next one's.
 */
public record Wiring(int in, int hidden, int directions) {
  /** Lays out in s what the i-th track reads, of the input x. */
  public void lay(double[] x, int i, RecurrentScratch s, Track[] tracks) {
    Track t = tracks[i];
    s.input(t.steps * t.n * parts(i) * width(i));
    for (int part = 0; part < parts(i); part++) {
      Sequences from = i < directions ? batch(x, t) : below(tracks, i, part).outputs();
      turned(from, part, i, t).copyTo(inside(s.input, part, i, t), t.steps, t.n, width(i));
    }
  }

  /** Puts the gradient with respect to what the i-th track has read where it belongs. */
  public void giveBack(double[] gx, int i, RecurrentScratch s, Track[] tracks) {
    Track t = tracks[i];
    for (int part = 0; part < parts(i); part++) {
      Sequences to = i < directions ? batch(gx, t) : below(tracks, i, part).gradients();
      Sequences from = inside(s.inputGradient, part, i, t);
      if (i % directions == 0) {
        from.copyTo(turned(to, part, i, t), t.steps, t.n, width(i));
      } else {
        from.addTo(turned(to, part, i, t), t.steps, t.n, width(i));
      }
    }
  }

  /**
   * The part of an output, or of its gradient, that is of a direction, in the direction's order.
   */
  public Sequences part(double[] y, int direction, int steps) {
    Sequences all = Sequences.ofBatch(y, direction * hidden, steps, directions * hidden);
    return direction == 0 ? all : all.reversed(steps);
  }

  private int parts(int i) {
    return i < directions ? 1 : directions;
  }

  private int width(int i) {
    return i < directions ? in : hidden;
  }

  private Sequences batch(double[] x, Track t) {
    return Sequences.ofBatch(x, 0, t.steps, in);
  }

  private Track below(Track[] tracks, int i, int part) {
    return tracks[(i / directions - 1) * directions + part];
  }

  private Sequences inside(double[] array, int part, int i, Track t) {
    return Sequences.ofSteps(array, part * width(i), t.n, parts(i) * width(i));
  }

  /** What is in the order of one direction, in that of another. */
  private Sequences turned(Sequences sequences, int part, int i, Track t) {
    return part == i % directions ? sequences : sequences.reversed(t.steps);
  }
}
