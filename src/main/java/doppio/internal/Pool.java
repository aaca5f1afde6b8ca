package doppio.internal;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Things that are dear to make, each borrowed for the length of a call: working arrays, buffers.
 *
 * <p>A thread gets what it gave back itself, warm from its cache, or else what any other has: a
 * steady stream of calls makes nothing, and there are as many as calls ran at the same time (now
 * and then one more, where one is given back and asked for in the same instant).
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
  private static final int HOMES = 64;

  /** As deep as calls nest: so much is at home with a thread, and with few others. */
  private static final int OWN = 4;

  /** From home to home: two lines of the cache, or threads would wait for each other's. */
  private static final int APART = 32;

  private final Supplier<? extends T> maker;
  private volatile WeakReference<AtomicReferenceArray<T>> free = new WeakReference<>(null);

  /** An empty pool; {@code maker} is called by any thread that finds nothing in it. */
  public Pool(Supplier<? extends T> maker) {
    this.maker = maker;
  }

  /** Something that nobody else has, the caller's caller included. Its contents are old. */
  public T take() {
    AtomicReferenceArray<T> slots = free.get();
    T found = slots == null ? null : find(slots);
    return found == null ? maker.get() : found;
  }

  /** Hands something back that was taken; without a free slot, to the garbage collector. */
  public void give(T borrowed) {
    AtomicReferenceArray<T> slots = free.get();
    if (slots == null) {
      slots = new AtomicReferenceArray<>((HOMES + 1) * APART);
      free = new WeakReference<>(slots);
    }
    put(slots, borrowed);
  }

  private static <T> T find(AtomicReferenceArray<T> slots) {
    int home = home();
    for (int i = 0; i < HOMES * OWN; i++) {
      int slot = slot(home, i);
      if (slots.getPlain(slot) != null) {
        T found = slots.getAndSet(slot, null);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static <T> void put(AtomicReferenceArray<T> slots, T borrowed) {
    int home = home();
    for (int i = 0; i < HOMES * OWN; i++) {
      int slot = slot(home, i);
      if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, borrowed)) {
        return;
      }
    }
  }

  private static int home() {
    return (int) Thread.currentThread().getId();
  }

  /** Where to look i-th. The array's own length, which all read, is also apart from all homes. */
  private static int slot(int home, int i) {
    return ((home + i / OWN & HOMES - 1) + 1) * APART + i % OWN;
  }
}
