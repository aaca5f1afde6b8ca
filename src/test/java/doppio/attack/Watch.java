package doppio.attack;

import doppio.attack.Targets.Target;

/** Ends the program where a call does not end, and says which one and where it is. */
final class Watch extends Thread {
  private static final long LIMIT_MILLIS = 60_000;

  private final Thread watched = Thread.currentThread();
  private volatile Object[] call = {};
  private volatile long since = System.nanoTime();

  Watch() {
    setDaemon(true);
  }

  /** A call, with its arguments as soon as they are there. */
  void begins(Target target, Object... arguments) {
    call = new Object[] {target, arguments};
    since = System.nanoTime();
  }

  @Override
  public void run() {
    while (true) {
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        return;
      }
      if (System.nanoTime() - since > LIMIT_MILLIS * 1_000_000) {
        System.out.println("finding: does not end: " + Shown.text(call));
        for (StackTraceElement e : watched.getStackTrace()) {
          System.out.println("  at " + e);
        }
        System.out.flush();
        Runtime.getRuntime().halt(3);
      }
    }
  }
}
