package doppio.internal;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Things that are dear to make, each borrowed for the length of a call: working arrays, buffers.
 * Whoever comes next, on whatever thread, gets what was given back, so that a steady stream of
 * calls makes nothing, and there are as many as calls ran at the same time (now and then one more,
 * where one is given back and asked for in the same instant).
 *
 * <p>What nobody has borrowed is held weakly: the next collection of its part of the heap takes all
 * of it. So an idle application keeps nothing, a heap that runs full is never full of this, and
 * none of it hangs on a thread or needs one. A busy one makes its few again after a collection,
 * which costs far less than what the collection was for.
 *
 * <pre>{@code
 * Buffers buffers = POOL.take();
 * ... // if this throws, the buffers are the garbage collector's
 * POOL.give(buffers);
 * }</pre>
 */
public final class Pool<T> {
  private static final int SLOTS = 256;

  /** As deep as calls nest: a thread finds near its own slot what it has just given back, warm. */
  private static final int STRIDE = 4;

  private final Supplier<? extends T> maker;
  private volatile WeakReference<AtomicReferenceArray<T>> free = new WeakReference<>(null);

  /** An empty pool; {@code maker} is called by any thread that finds nothing in it. */
  public Pool(Supplier<? extends T> maker) {
    this.maker = maker;
  }

  /** Something that nobody else has, the caller's caller included. Its contents are old. */
  public T take() {
    AtomicReferenceArray<T> slots = free.get();
    if (slots != null) {
      int first = first();
      for (int i = first; i < first + SLOTS; i++) {
        int slot = i & (SLOTS - 1);
        if (slots.getPlain(slot) != null) {
          T found = slots.getAndSet(slot, null);
          if (found != null) {
            return found;
          }
        }
      }
    }
    return maker.get();
  }

  /** Hands something back that was taken; without a free slot, to the garbage collector. */
  public void give(T borrowed) {
    AtomicReferenceArray<T> slots = free.get();
    if (slots == null) {
      slots = new AtomicReferenceArray<>(SLOTS);
      free = new WeakReference<>(slots);
    }
    int first = first();
    for (int i = first; i < first + SLOTS; i++) {
      int slot = i & (SLOTS - 1);
      if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, borrowed)) {
        return;
      }
    }
  }

  private static int first() {
    return (int) Thread.currentThread().getId() * STRIDE & (SLOTS - 1);
  }
}
