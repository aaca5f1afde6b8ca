package doppio.internal;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The logger "doppio" where there is no {@link System.Logger}, as on Android. A JDK may come
 * without this one.
 */
final class AndroidLog {
  private AndroidLog() {}

  static boolean isLoggable(String level) {
    return Logger.getLogger("doppio").isLoggable(of(level));
  }

  /** Has the line formatted only where it is written. */
  static void log(String level, Object line) {
    Logger.getLogger("doppio").log(of(level), "{0}", line);
  }

  private static Level of(String level) {
    return Level.parse(level.equals("DEBUG") ? "FINE" : level);
  }
}
