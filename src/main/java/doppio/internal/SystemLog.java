package doppio.internal;

/** The logger "doppio" of the JDK. Android has no such loggers: this class does not link there. */
final class SystemLog {
  private SystemLog() {}

  static boolean isLoggable(String level) {
    return System.getLogger("doppio").isLoggable(System.Logger.Level.valueOf(level));
  }

  /** Has the line formatted only where it is written. */
  static void log(String level, Object line) {
    System.getLogger("doppio").log(System.Logger.Level.valueOf(level), "{0}", line);
  }
}
