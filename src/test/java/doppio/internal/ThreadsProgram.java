package doppio.internal;

import doppio.internal.choice.KernelChoice;
import doppio.internal.threads.Parallel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Shares work with as many threads as there are, for {@link ThreadsTest}, and ends. */
final class ThreadsProgram {
  /** On a busy machine a thread may come seconds late. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private ThreadsProgram() {}

  /** Prints how many threads took part in a call, and that all went well. */
  public static void main(String[] arguments) {
    Work work = new Work();
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    long start = System.nanoTime();
    while (seen.size() < Parallel.threads() && System.nanoTime() - start < PATIENCE) {
      KernelChoice.kernels()
          .parts(
              new double[400_000],
              0,
              400_000,
              (gradient, at, from, length) -> {
                seen.add(Thread.currentThread());
                // Long enough for the others to come.
                work.isAlways();
              });
    }
    // One that was idle for a second has ended, and another has come in its place.
    int most = Math.min(seen.size(), Parallel.threads());
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
}
