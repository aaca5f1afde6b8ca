package doppio.internal.source;

/** How modules of one class become Java. */
interface Row {
  /**
   * The statements of a method that has the input as {@code double[] x} and returns the output, a
   * new array; empty for a module that changes no number.
   */
  String body(Place place);
}
