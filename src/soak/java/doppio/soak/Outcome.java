package doppio.soak;

/**
 * What came of something that was tried.
 *
 * @param amount how often or how long it was done; "–" if it was not
 * @param result in a few words
 */
record Outcome(String amount, String result) {
  /** It was left out, for a reason; so nothing is said of it. */
  static Outcome notRun(String why) {
    return new Outcome("–", "not run: " + why);
  }
}
