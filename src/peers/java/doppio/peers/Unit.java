package doppio.peers;

/** In what a workload's speed is said. */
enum Unit {
  SAMPLES("samples/s"),
  STEPS("steps/s"),
  MICROSECONDS("us");

  private final String text;

  Unit(String text) {
    this.text = text;
  }

  /** The figure for runs that take so many seconds each, with so many samples in each. */
  double of(double seconds, int samples) {
    return switch (this) {
      case SAMPLES -> samples / seconds;
      case STEPS -> 1 / seconds;
      case MICROSECONDS -> 1e6 * seconds;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
