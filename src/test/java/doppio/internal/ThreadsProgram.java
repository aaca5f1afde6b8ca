package doppio.internal;

import doppio.internal.choice.KernelChoice;
import doppio.internal.threads.Parallel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Shares work with as many threads as there are, for {@link ThreadsTest}, and ends. */
final class ThreadsProgram {
  private static final int TRIES = 10;

  /** On a busy machine a thread may come late. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

  private ThreadsProgram() {}

  /** Prints how many threads took part in a call, and that all went well. */
  public static void main(String[] arguments) {
    Work work = new Work();
    int most = 0;
    for (int i = 0; i < TRIES && most < Parallel.threads(); i++) {
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      KernelChoice.kernels()
          .parts(new double[400_000], 0, 400_000, (g, at, from, length) -> waitForAll(seen));
      most = Math.max(most, seen.size());
    }
    System.out.println(most + " threads took part");
    try {
      Work.failIn(new ArithmeticException());
    } catch (ArithmeticException e) {
      System.out.println("an exception came");
    }
    if (work.isAlwaysInsideACall()
        && IntStream.range(0, 64).parallel().allMatch(i -> work.isAlways())) {
      System.out.println("done");
    }
  }

  /** Holds a part until all threads have one. */
  private static void waitForAll(Set<Thread> seen) {
    seen.add(Thread.currentThread());
    long start = System.nanoTime();
    while (seen.size() < Parallel.threads() && System.nanoTime() - start < PATIENCE) {
      LockSupport.parkNanos(100_000);
    }
  }
}
