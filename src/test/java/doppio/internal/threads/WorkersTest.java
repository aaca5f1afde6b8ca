package doppio.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers and helpers in this process, whose number of threads is what the machine has. */
@Timeout(120)
class WorkersTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
  private static final long LARGE = 1L << 40;

  /** Those that an earlier test left at work come to their end. */
  @AfterEach
  @Timeout(60)
  void everySeatIsFreeAgain() {
    while (Workers.SEATS.get() != 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void helpersTakePartAndEveryUnitIsDoneOnce() {
    assumeTrue(Parallel.THREADS > 1, "more than one processor");
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    long start = System.nanoTime();
    while (seen.size() < Parallel.THREADS && System.nanoTime() - start < PATIENCE) {
      AtomicIntegerArray times = new AtomicIntegerArray(1000);
      Parallel.each(
          times.length(),
          i -> {
            seen.add(Thread.currentThread());
            times.incrementAndGet(i);
            Occupation.spend(100_000);
          });
      for (int i = 0; i < times.length(); i++) {
        assertThat(times.get(i)).isEqualTo(1);
      }
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(Parallel.THREADS);
    seen.remove(Thread.currentThread());
    assertThat(seen).allMatch(t -> t.getName().matches("doppio-[1-9][0-9]*") && t.isDaemon());
  }

  @Test
  void noMoreThreadsTakePartThanAreAskedFor() {
    for (int round = 0; round < 50; round++) {
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      Workers.run(
          100,
          LARGE,
          1,
          (from, to) -> {
            seen.add(Thread.currentThread());
            Occupation.spend(20_000);
          });
      assertThat(seen).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void whereAllAreAtWorkACallerDoesItsOwnInOnePart() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(Parallel.THREADS);
    CountDownLatch free = new CountDownLatch(1);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < Parallel.THREADS; i++) {
      Runnable call = () -> Workers.run(1, LARGE, 0, (from, to) -> Occupation.hold(begun, free));
      callers.add(new Thread(call, "caller-" + i));
    }
    callers.forEach(Thread::start);
    begun.await();
    List<List<Integer>> parts = new ArrayList<>();
    Workers.run(1000, LARGE, 999, (from, to) -> parts.add(List.of(from, to)));
    free.countDown();
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(parts).containsExactly(List.of(0, 1000));
  }

  @Test
  void aCallThatFailsGivesItsSeatBack() {
    IllegalStateException failure = new IllegalStateException("from a part");
    assertThatThrownBy(
            () ->
                Workers.run(
                    10,
                    LARGE,
                    9,
                    (from, to) -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    // everySeatIsFreeAgain waits for it.
  }

  @Test
  void oneUnitAndLittleWorkStayWithTheCallerInOnePart() {
    Thread caller = Thread.currentThread();
    AtomicInteger runs = new AtomicInteger();
    Parallel.run(
        1,
        LARGE,
        (from, to) -> {
          assertThat(List.of(from, to)).containsExactly(0, 1);
          assertThat(Thread.currentThread()).isSameAs(caller);
          runs.incrementAndGet();
        });
    Parallel.run(
        1000,
        1000,
        (from, to) -> {
          assertThat(List.of(from, to)).containsExactly(0, 1000);
          assertThat(Thread.currentThread()).isSameAs(caller);
          runs.incrementAndGet();
        });
    assertThat(runs).hasValue(2);
    assertThat(Parallel.alone((1L << 20) - 1)).isTrue();
    assertThat(Parallel.alone(1L << 20)).isEqualTo(Parallel.THREADS == 1);
  }

  @Test
  void theSettingIsAWholeNumberFromOneOn() {
    String before = System.getProperty("doppio.threads");
    try {
      System.setProperty("doppio.threads", "0012");
      assertThat(Parallel.threads()).isEqualTo(12);
      for (String wrong : List.of("0", "-1", "1.5", "", "12345", "all")) {
        System.setProperty("doppio.threads", wrong);
        assertThatThrownBy(Parallel::threads)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "-Ddoppio.threads must be a whole number from 1 to 9999, got %s".formatted(wrong));
      }
      System.clearProperty("doppio.threads");
      assertThat(Parallel.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    } finally {
      if (before == null) {
        System.clearProperty("doppio.threads");
      } else {
        System.setProperty("doppio.threads", before);
      }
    }
  }
}
