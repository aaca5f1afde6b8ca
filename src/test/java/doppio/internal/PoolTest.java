package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolTest {
  private static final int MANY = 200;

  private final AtomicInteger made = new AtomicInteger();
  private final Pool<Borrowed> pool = new Pool<>(this::make);

  private static final class Borrowed extends Pool.Shared {
    final AtomicInteger users = new AtomicInteger();
  }

  private Borrowed make() {
    made.incrementAndGet();
    return new Borrowed();
  }

  @Test
  void whatIsOutIsNobodyElses() {
    Borrowed first = pool.take();
    Borrowed second = pool.take();
    assertThat(second).isNotSameAs(first);
    first.give();
    assertThat(pool.take()).isSameAs(first);
  }

  /** A collection may come at any moment and empty the pool, but not time and again. */
  @Test
  void oneIsEnoughForThreadsThatComeOneAfterTheOther() throws InterruptedException {
    int least = MANY;
    for (int attempt = 0; attempt < 10 && least > 1; attempt++) {
      made.set(0);
      Pool<Borrowed> empty = new Pool<>(this::make);
      for (int i = 0; i < MANY; i++) {
        Thread thread = new Thread(() -> empty.take().give());
        thread.start();
        thread.join();
      }
      least = Math.min(least, made.get());
    }
    assertThat(least).isEqualTo(1);
  }

  @Test
  void asManyAsAreOutAtOnce() {
    int least = MANY;
    for (int attempt = 0; attempt < 10 && least > 5; attempt++) {
      made.set(0);
      Pool<Borrowed> empty = new Pool<>(this::make);
      for (int round = 0; round < MANY; round++) {
        List<Borrowed> out = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          out.add(empty.take());
        }
        out.forEach(Borrowed::give);
      }
      least = Math.min(least, made.get());
    }
    assertThat(least).isEqualTo(5);
  }

  @Test
  void moreThanItHasRoomForAreTakenAndGivenAllTheSame() {
    List<Borrowed> out = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      out.add(pool.take());
    }
    assertThat(out).doesNotHaveDuplicates();
    out.forEach(Borrowed::give);
    assertThat(pool.take()).isNotNull();
  }

  @Test
  void whatNobodyBorrowsGoesWithACollection() throws InterruptedException {
    WeakReference<Borrowed> given = giveOne();
    while (given.get() != null) {
      System.gc();
      Thread.sleep(1);
    }
    assertThat(pool.take()).isNotNull();
  }

  private WeakReference<Borrowed> giveOne() {
    Borrowed borrowed = pool.take();
    borrowed.give();
    return new WeakReference<>(borrowed);
  }

  @Test
  void twoThreadsNeverHaveTheSame() throws InterruptedException, ExecutionException {
    int threads = 4;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Future<Integer>> shared = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      shared.add(
          executor.submit(
              () -> {
                start.await();
                int together = 0;
                for (int i = 0; i < 100_000; i++) {
                  Borrowed borrowed = pool.take();
                  together += borrowed.users.getAndIncrement();
                  borrowed.users.decrementAndGet();
                  borrowed.give();
                }
                return together;
              }));
    }
    for (Future<Integer> together : shared) {
      assertThat(together.get()).isZero();
    }
    executor.shutdown();
  }
}
