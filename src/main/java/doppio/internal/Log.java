package doppio.internal;

import java.lang.System.Logger.Level;

/** What the kernels have to say, once. */
public final class Log implements Runnable {
  private final Level level;
  private final String message;

  private Log(Level level, String message) {
    this.level = level;
    this.message = message;
  }

  /**
   * Logs the message on a thread of its own: the JDK's logging takes 60 ms to start, which is not
   * the caller's time. Nothing that goes wrong on the way is worth more than the line.
   */
  public static void say(Level level, String message) {
    Log log = new Log(level, message);
    try {
      Daemon.start("doppio-log", log);
    } catch (Throwable noThread) {
      log.run();
    }
  }

  @Override
  public void run() {
    try {
      System.getLogger("doppio").log(level, message);
    } catch (Throwable lost) {
      // A full heap, say.
    }
  }
}
