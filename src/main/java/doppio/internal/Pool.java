package doppio.internal;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Things that are dear to make, each borrowed for the length of a call: working arrays, buffers.
 *
 * <p>A thread gets what it gave back itself, warm from its cache, or else what any other has: a
 * steady stream of calls makes nothing, and there are as many as calls ran at the same time (now
 * and then one more, where one is given back and asked for in the same instant).
 *
 * <p>All are held weakly, together: a collection at a time when none is out takes them. So an idle
 * application keeps nothing, a heap that runs full is never full of this, and none of it hangs on a
 * thread or needs one. A busy one makes its few again after a collection, which costs far less than
 * what the collection was for.
 *
 * <pre>{@code
 * Buffers buffers = POOL.take();
 * ... // if this throws, the next collection takes the buffers
 * buffers.give();
 * }</pre>
 */
public final class Pool<T extends Pool.Shared> {
  private static final int HOMES = 64;

  /** As deep as calls nest: so much is at home with a thread, and with few others. */
  private static final int OWN = 4;

  /** From home to home: two lines of the cache, or threads would wait for each other's. */
  private static final int APART = 32;

  private final Supplier<? extends T> maker;
  private volatile WeakReference<AtomicReferenceArray<T>> all = new WeakReference<>(null);

  /**
   * What a pool lends. It keeps a place while it is out and bears the mark itself: giving it back
   * is a plain write, because a locked one would wait until all that a kernel has written is in the
   * cache (54 ns a kernel call with one at either end, 6 % of a step of 1:2:16:1 networks).
   */
  public abstract static class Shared {
    private final AtomicBoolean out = new AtomicBoolean(true);

    /** For subclasses; what is made is out. */
    protected Shared() {}

    /** Hands this back to where it was taken. */
    public final void give() {
      out.setRelease(false);
    }

    final boolean tryTake() {
      return !out.getPlain() && out.compareAndSet(false, true);
    }
  }

  /** An empty pool; {@code maker} is called by any thread that finds nothing in it. */
  public Pool(Supplier<? extends T> maker) {
    this.maker = maker;
  }

  /** Something that nobody else has, the caller's caller included. Its contents are old. */
  public T take() {
    AtomicReferenceArray<T> slots = all.get();
    if (slots == null) {
      slots = new AtomicReferenceArray<>((HOMES + 1) * APART);
      all = new WeakReference<>(slots);
    }
    int home = (int) Thread.currentThread().getId();
    T found = slots.getPlain(slot(home, 0));
    return found != null && found.tryTake() ? found : find(slots, home);
  }

  /**
   * What comes from elsewhere moves in, where there is room: the next call need not look so far.
   */
  private T find(AtomicReferenceArray<T> slots, int home) {
    for (int i = 1; i < HOMES * OWN; i++) {
      int slot = slot(home, i);
      T found = slots.getPlain(slot);
      if (found != null && found.tryTake()) {
        // For a moment it has two places, and the mark in it still lets nobody else have it.
        if (i >= OWN && place(slots, home, OWN, found)) {
          slots.compareAndSet(slot, found, null);
        }
        return found;
      }
    }
    T made = maker.get();
    // Without a free place it goes with the last who uses it.
    place(slots, home, HOMES * OWN, made);
    return made;
  }

  private static <T> boolean place(AtomicReferenceArray<T> slots, int home, int count, T thing) {
    for (int i = 0; i < count; i++) {
      if (slots.compareAndSet(slot(home, i), null, thing)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Where to look i-th: at threads that began before, whose things the youngest one takes over. The
   * array's own length, which all read, is also apart from all homes.
   */
  private static int slot(int home, int i) {
    return ((home - i / OWN & HOMES - 1) + 1) * APART + i % OWN;
  }
}
