package doppio.internal;

import java.lang.System.Logger.Level;

/**
 * What the library has to say, each line once. On a thread of its own: the JDK's logging takes 60
 * ms to start, which is not the caller's time. A program that ends before, or calls {@code
 * System.exit}, is held until the line is out. Nothing that goes wrong on the way is worth more
 * than the line.
 */
public final class Log implements Runnable {
  /** A handler that hangs must not keep a process alive for ever. */
  private static final long LONGEST_WAIT_MILLIS = 2000;

  private final Level level;
  private final String message;
  private Thread exit;

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
      System.getLogger("doppio").log(level, message);
    } catch (Throwable lost) {
      // A full heap, say.
    }
    try {
      if (exit != null) {
        Runtime.getRuntime().removeShutdownHook(exit);
      }
    } catch (IllegalStateException ending) {
      // It is running, and waits for this thread.
    }
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
