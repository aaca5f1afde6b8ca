package doppio.internal;

/**
 * Threads that inherit nothing from whoever happens to cause them: neither its thread group nor its
 * priority, context class loader or inheritable thread-locals, which may be of an application that
 * is to be unloaded.
 */
public final class Daemon {
  private Daemon() {}

  /**
   * Starts a thread.
   *
   * @throws OutOfMemoryError if the process may have no more of them
   */
  @SuppressWarnings("ThreadPriorityCheck") // The normal one is no request; the caller's might be.
  public static void start(String name, Runnable task) {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    Thread thread = new Thread(group, task, name, 0, false);
    thread.setDaemon(true);
    thread.setPriority(Thread.NORM_PRIORITY);
    thread.setContextClassLoader(null);
    thread.start();
  }
}
