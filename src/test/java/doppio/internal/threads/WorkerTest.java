package doppio.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerTest {
  private final CountDownLatch done = new CountDownLatch(1);
  private final Job first = job(done);
  private final Worker worker = new Worker(1, first);

  @Test
  void aWorkerWithAnOfferTakesNoOther() {
    assertThat(worker.offer(job(done))).isFalse();
  }

  @Test
  void anOfferThatHasNotBegunIsTakenBackOnce() {
    Job other = job(done);
    assertThat(worker.retract(other)).isFalse();
    assertThat(worker.retract(first)).isTrue();
    assertThat(worker.retract(first)).isFalse();
    assertThat(worker.offer(other)).isTrue();
    assertThat(worker.retract(other)).isTrue();
  }

  /** A thread that stayed would keep the classes of an application that is unloaded. */
  @Test
  void aWorkerDoesWhatComesGivesEachSeatBackAndEndsWhenNothingComes() throws InterruptedException {
    int seats = Workers.SEATS.get();
    Workers.SEATS.addAndGet(2);
    Thread thread = new Thread(worker, "worker-test");
    thread.setDaemon(true);
    thread.start();
    done.await();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    CountDownLatch secondDone = new CountDownLatch(1);
    assertThat(worker.offer(job(secondDone))).isTrue();
    secondDone.await();
    thread.join();
    assertThat(Workers.SEATS).hasValue(seats);
    assertThat(worker.offer(job(done))).isFalse();
    assertThat(worker.retract(first)).isFalse();
  }

  @Test
  void aWorkerAtWorkTakesNoOfferAndGivesNoneBack() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    Job held =
        new Job(
            1,
            1,
            (from, to) -> {
              begun.countDown();
              awaited(free);
            });
    Worker busy = new Worker(1, held);
    Workers.SEATS.incrementAndGet();
    Thread thread = new Thread(busy, "worker-test");
    thread.setDaemon(true);
    thread.start();
    begun.await();
    assertThat(busy.offer(job(done))).isFalse();
    assertThat(busy.retract(held)).isFalse();
    free.countDown();
    thread.join();
  }

  private static Job job(CountDownLatch done) {
    return new Job(1, 1, (from, to) -> done.countDown());
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
