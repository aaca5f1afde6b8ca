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
  void thePartsAreOfOneSizeAndCoverTheRangeOnce() {
    for (int units = 1; units <= 60; units++) {
      for (int wanted = 1; wanted <= 70; wanted++) {
        List<Integer> sizes = new ArrayList<>();
        int[] reached = {0};
        new Job(
                units,
                wanted,
                (from, to) -> {
                  assertThat(from).isEqualTo(reached[0]);
                  reached[0] = to;
                  sizes.add(to - from);
                })
            .work();
        int size = (int) Math.ceil(units / (double) Math.min(units, wanted));
        assertThat(reached[0]).isEqualTo(units);
        assertThat(sizes).hasSize((int) Math.ceil(units / (double) size));
        assertThat(sizes.subList(0, sizes.size() - 1)).allMatch(s -> s == size);
        assertThat(sizes.get(sizes.size() - 1)).isBetween(1, size);
      }
    }
  }

  /** The fastest is no slower than the others: all take as long or less. */
  @Test
  void theTimeOfTheWholeRangeIsToldByTheFastestPart() {
    int units = 12;
    Job job = new Job(units, 4, (from, to) -> Occupation.spend((to - from) * PART_NANOS));
    long start = System.nanoTime();
    double told = job.work();
    long taken = System.nanoTime() - start;
    assertThat(told).isBetween((double) units * PART_NANOS, (double) taken);
  }

  @Test
  void whoComesTooLateDoesNothing() {
    Job job = new Job(3, 3, (from, to) -> {});
    job.work();
    assertThat(job.work()).isInfinite();
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
    job.work();
    assertThat(runs).hasValue(1);
    assertThatThrownBy(job::await).isSameAs(failure);
  }

  @Test
  void theCallerSleepsUntilTheLastPartOfOthersIsDone() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    Job job = new Job(2, 1, (from, to) -> Occupation.hold(begun, free));
    Thread other = start(job::work);
    begun.await();
    Caller caller =
        new Caller(
            () -> {
              job.work();
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
    Thread other = start(job::work);
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
