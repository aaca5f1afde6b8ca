package doppio.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A range in parts, with threads that are held where the test wants them. */
@Timeout(60)
class JobTest {
  private static final long PART_NANOS = 1_000_000;

  @Test
  void everyUnitIsTakenOnceAndAThreadBeginsWithItsOwnShare() {
    for (int units = 1; units <= 60; units++) {
      for (int threads = 1; threads <= 70; threads++) {
        int number = units * threads % 7;
        List<Integer> firsts = new ArrayList<>();
        int[] taken = new int[units];
        Parallel.Body parts =
            (from, to) -> {
              firsts.add(from);
              for (int i = from; i < to; i++) {
                taken[i]++;
              }
            };
        new Job(units, threads, parts).work(number);
        int shares = Math.min(units, threads);
        assertThat(firsts.get(0)).isEqualTo(units * (number % shares) / shares);
        assertThat(taken).containsOnly(1);
      }
    }
  }

  @Test
  void theLastPartsOfAShareAreSmallerForWhoComesLate() {
    List<Integer> sizes = new ArrayList<>();
    new Job(64, 2, (from, to) -> sizes.add(to - from)).work(1);
    assertThat(sizes).containsExactly(8, 8, 8, 4, 2, 1, 1, 8, 8, 8, 4, 2, 1, 1);
    sizes.clear();
    new Job(1000, 1, (from, to) -> sizes.add(to - from)).work(0);
    assertThat(sizes).containsExactly(250, 250, 250, 125, 62, 32, 31);
  }

  /** The fastest is no slower than the others: all take as long or less. */
  @Test
  void theTimeOfTheWholeRangeIsToldByTheFastestPart() {
    int units = 12;
    Job job = new Job(units, 4, (from, to) -> Occupation.spend((to - from) * PART_NANOS));
    long start = System.nanoTime();
    double told = job.work(0);
    long taken = System.nanoTime() - start;
    assertThat(told).isBetween((double) units * PART_NANOS, (double) taken);
  }

  @Test
  void whoComesTooLateDoesNothing() {
    Job job = new Job(3, 3, (from, to) -> {});
    job.work(0);
    assertThat(job.work(0)).isInfinite();
  }

  @Test
  void afterAFailureNoPartIsRunAndTheCallerGetsIt() {
    IOException failure = new IOException("from a part");
    AtomicInteger runs = new AtomicInteger();
    Job job =
        new Job(
            9,
            9,
            (from, to) -> {
              runs.incrementAndGet();
              JobTest.<RuntimeException>undeclared(failure);
            });
    job.work(0);
    assertThat(runs).hasValue(1);
    assertThatThrownBy(job::await).isSameAs(failure);
  }

  @Test
  void theCallerSleepsUntilTheLastPartOfOthersIsDone() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    Job job = new Job(1, 1, (from, to) -> Occupation.hold(begun, free));
    Thread other = start(() -> job.work(0));
    begun.await();
    Caller caller =
        new Caller(
            () -> {
              job.work(0);
              job.await();
            });
    sleeps(caller.thread);
    assertThat(caller.over).isFalse();
    free.countDown();
    other.join();
    caller.thread.join();
    assertThat(caller.over).isTrue();
    assertThat(caller.interrupted).isFalse();
  }

  @Test
  void anInterruptedCallerWaitsOnAndIsInterruptedAfterwards() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    Job job = new Job(1, 1, (from, to) -> Occupation.hold(begun, free));
    Thread other = start(() -> job.work(0));
    begun.await();
    Caller caller = new Caller(job::await);
    sleeps(caller.thread);
    caller.thread.interrupt();
    while (caller.thread.isInterrupted()) {
      Thread.onSpinWait();
    }
    sleeps(caller.thread);
    assertThat(caller.over).isFalse();
    free.countDown();
    other.join();
    caller.thread.join();
    assertThat(caller.interrupted).isTrue();
  }

  /** Waits, and says whether that is over and whether it was interrupted then. */
  private static final class Caller {
    final AtomicBoolean over = new AtomicBoolean();
    final AtomicBoolean interrupted = new AtomicBoolean();
    final Thread thread;

    Caller(Runnable waits) {
      thread =
          start(
              () -> {
                waits.run();
                over.set(true);
                interrupted.set(Thread.interrupted());
              });
    }
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task, "job-test");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Waits until a thread does, with no limit of time. */
  private static void sleeps(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void undeclared(Throwable failure) throws T {
    throw (T) failure;
  }
}
