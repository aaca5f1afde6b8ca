package doppio.optim;

/**
 * What a rule keeps in a buffer of a {@link ParameterState}. A rule of your own that names its
 * buffers to the {@linkplain Optimizer#Optimizer(java.util.List, double, java.util.List)
 * constructor} has the state that it loads checked.
 */
public enum BufferKind {
  /** Any finite numbers: velocities, means. */
  FINITE("finite numbers"),

  /** Finite numbers that are not negative: mean squares, sums of squares. */
  NOT_NEGATIVE("finite numbers that are not negative"),

  /** Nothing: with its settings the rule does not need the buffer, which other settings do. */
  UNUSED("nothing");

  final String expected;

  BufferKind(String expected) {
    this.expected = expected;
  }

  /** Whether a buffer of this kind may have the value. */
  boolean fits(double value) {
    return Math.abs(value) < Double.POSITIVE_INFINITY && (this == FINITE || value >= 0);
  }
}
