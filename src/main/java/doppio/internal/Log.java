package doppio.internal;

/**
 * What the library has to say, each line once. On a thread of its own: the JDK's logging takes 60
 * ms to start, which is not the caller's time. A program that ends before, or calls {@code
 * System.exit}, is held until the line is out; the JDK's logging closes at an exit without waiting
 * for anybody, and a line that comes too late for it goes to the error stream. Nothing that goes
 * wrong on the way is worth more than the line.
 */
public final class Log implements Runnable {
  /** A handler that hangs must not keep a process alive for ever. */
  private static final long LONGEST_WAIT_MILLIS = 5000;

  private final Level level;
  private final String message;
  private Thread exit;
  private boolean wanted = true;
  private volatile boolean shown;

  /** How much a line matters. */
  public enum Level {
    DEBUG,
    INFO,
    WARNING
  }

  private Log(Level level, String message) {
    this.level = level;
    this.message = message;
  }

  /** Logs the message. */
  public static void say(Level level, String message) {
    Log log = new Log(level, message);
    try {
      Thread thread = CleanThread.make("doppio-log", log);
      log.exit = CleanThread.make("doppio-log-exit", new Wait(thread));
      Runtime.getRuntime().addShutdownHook(log.exit);
      thread.start();
    } catch (Throwable noThread) {
      log.run();
    }
  }

  @Override
  public void run() {
    try {
      log();
    } catch (Throwable lost) {
      // A full heap, say.
    }
    try {
      if (exit != null) {
        Runtime.getRuntime().removeShutdownHook(exit);
      }
    } catch (IllegalStateException exiting) {
      if (wanted && !shown) {
        System.err.println(level + ": " + message);
      }
    }
  }

  private void log() {
    try {
      wanted = SystemLog.isLoggable(level.name());
    } catch (LinkageError android) {
      wanted = AndroidLog.isLoggable(level.name());
      AndroidLog.log(level.name(), this);
      return;
    }
    SystemLog.log(level.name(), this);
  }

  /** The line, for whoever formats it: a logger that has closed does not come so far. */
  @Override
  public String toString() {
    shown = true;
    return message;
  }

  /** A class of its own: the first lambda of an application costs it 20 ms. */
  private static final class Wait implements Runnable {
    private final Thread thread;

    Wait(Thread thread) {
      this.thread = thread;
    }

    @Override
    public void run() {
      try {
        thread.join(LONGEST_WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
