package doppio.internal;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/**
 * Things that are borrowed for the length of a call.
 *
 * @param <T> what is borrowed
 */
public final class Pool<T> {
  private final ConcurrentLinkedDeque<T> free = new ConcurrentLinkedDeque<>();
  private final Supplier<T> maker;

  /** A pool that makes what it lacks. */
  public Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** One that nobody else has. */
  public T take() {
    T found = free.pollFirst();
    return found == null ? maker.get() : found;
  }

  /** Hands it back. */
  public void give(T thing) {
    free.addFirst(thing);
  }
}
