package doppio.internal.threads;

import java.util.concurrent.CountDownLatch;

/** What keeps the threads of tests at work. */
final class Occupation {
  private Occupation() {}

  /** Says that it has begun, and ends when it may. */
  static void hold(CountDownLatch begun, CountDownLatch free) {
    begun.countDown();
    try {
      free.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Is busy for so long. */
  static void spend(long nanos) {
    for (long start = System.nanoTime(); System.nanoTime() - start < nanos; ) {
      Thread.onSpinWait();
    }
  }
}
