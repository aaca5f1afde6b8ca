package doppio.internal;

import doppio.Tensor;

/**
 * Sees every layer and every child of a composite at work, while one thread runs something. What a
 * table of layers, a search for the first NaN and a gradient check need, without a walk of their
 * own.
 *
 * <p>One observer at a time in the whole process; the work of other threads is not seen. Modules
 * are handed over as objects, because this package knows nothing of them.
 */
public abstract class Observer {
  private static final Object TURN = new Object();
  private static volatile Observer current;

  private final Thread thread = Thread.currentThread();

  /** For subclasses. */
  protected Observer() {}

  /** The observer of this thread, or null: nearly always. */
  public static Observer current() {
    Observer observer = current;
    boolean mine = observer != null && observer.thread.equals(Thread.currentThread());
    return mine ? observer : null;
  }

  /** Tells this thread's observer, if there is one, of an output, which is returned. */
  public static Tensor see(Object module, Tensor x, Tensor y) {
    Observer observer = current();
    if (observer != null) {
      observer.output(module, x, y);
    }
    return y;
  }

  /** Tells this thread's observer, if there is one, of a way back. */
  public static void seeBack(Object module, Tensor gy, Tensor gx) {
    Observer observer = current();
    if (observer != null) {
      observer.gradient(module, gy, gx);
    }
  }

  /** A module has put out y for x, in a forward pass or in an inference. */
  public void output(Object module, Tensor x, Tensor y) {}

  /**
   * A module has gone back from gy.
   *
   * @param gx the gradient with respect to its input, null where nobody asked for it
   */
  public void gradient(Object module, Tensor gy, Tensor gx) {}

  /** Runs the work under this observer, in the thread that made it. */
  public final void during(Runnable work) {
    synchronized (TURN) {
      Observer before = current;
      current = this;
      try {
        work.run();
      } finally {
        current = before;
      }
    }
  }
}
