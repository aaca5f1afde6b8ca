package doppio.soak;

/** One way to put the library under stress. */
interface Part {
  /** How the page and {@code -Dsoak.parts} call it. */
  String name();

  /**
   * Does it, adding a row to the report for each thing that was tried.
   *
   * @param minutes that the whole run should take; an hour is the long form
   */
  void run(Report report, double minutes) throws InterruptedException;
}
