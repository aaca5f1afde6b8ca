package doppio.train;

/**
 * The step that a training is at. Between two steps all numbers are those of one place; where a
 * step is broken off while the optimizer changes the parameters, they are so no more until a
 * checkpoint is resumed.
 */
final class StepInHand {
  private final Training training;
  private boolean open;
  private boolean lost;

  StepInHand(Training training) {
    this.training = training;
  }

  void begin() {
    open = true;
  }

  /** It is done, or all is as it was before. */
  void end() {
    open = false;
  }

  /** If it is not done, it was broken off when some parameters were changed. */
  void loseIfOpen() {
    lost |= open;
    open = false;
  }

  /** All is what a checkpoint has. */
  void find() {
    lost = false;
  }

  /** Refuses to take the numbers for those of a place. */
  void requireNone() {
    if (lost) {
      throw new IllegalStateException(
          "some parameters have made step "
              + (training.step() + 1)
              + " and others have not, for an error broke it off; the last whole one is step "
              + training.step()
              + ", in epoch "
              + (training.epoch() + 1)
              + " after "
              + training.batch()
              + " batches: go on from a checkpoint, by resume(file)");
    }
    if (open) {
      throw new IllegalStateException("a checkpoint cannot be saved in the middle of a step");
    }
  }

  @Override
  public String toString() {
    return lost ? ", step " + (training.step() + 1) + " half made" : "";
  }
}
