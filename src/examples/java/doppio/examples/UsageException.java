package doppio.examples;

/** What a command line is answered with, in place of a run: help, or what is wrong with it. */
final class UsageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final boolean help;

  private UsageException(String text, boolean help) {
    super(text);
    this.help = help;
  }

  static UsageException help(String text) {
    return new UsageException(text, true);
  }

  static UsageException wrong(String text) {
    return new UsageException(text, false);
  }

  /** Whether help was asked for, and nothing is wrong. */
  boolean isHelp() {
    return help;
  }
}
