package doppio.internal;

/**
 * Threads that inherit nothing from whoever happens to cause them: neither its thread group nor its
 * priority, context class loader or inheritable thread-locals, which may be of an application that
 * is to be unloaded.
 */
public final class CleanThread {
  private CleanThread() {}

  /**
   * Starts a thread that ends with the process.
   *
   * @throws OutOfMemoryError if the process may have no more of them
   */
  public static void startDaemon(String name, Runnable task) {
    Thread thread = make(name, task);
    thread.setDaemon(true);
    thread.start();
  }

  /** A thread that a process which comes to its end waits for. It is not started. */
  @SuppressWarnings("ThreadPriorityCheck") // The normal one is no request; the caller's might be.
  static Thread make(String name, Runnable task) {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    Thread thread = new Thread(group, task, name, 0, false);
    thread.setDaemon(false);
    thread.setPriority(Thread.NORM_PRIORITY);
    thread.setContextClassLoader(null);
    return thread;
  }
}
