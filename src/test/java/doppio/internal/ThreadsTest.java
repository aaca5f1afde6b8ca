package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doppio.internal.ChildJvm.Result;
import doppio.internal.choice.KernelChoice;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls from many threads at once, and calls that share their work with others. */
@Timeout(120)
class ThreadsTest {
  private static final int CALLERS = 32;

  private final Work work = new Work();

  @Test
  void callsFromManyThreadsGiveTheBitsOfOne() throws InterruptedException {
    AtomicInteger equal = new AtomicInteger();
    Runnable call = () -> equal.addAndGet(work.isAlways() ? 1 : 0);
    List<Thread> callers =
        IntStream.range(0, CALLERS).mapToObj(i -> new Thread(call, "caller-" + i)).toList();
    callers.forEach(Thread::start);
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(equal).hasValue(CALLERS);
  }

  @Test
  void callsFromTheCommonPoolGiveTheBitsOfOne() {
    assertThat(IntStream.range(0, CALLERS).parallel().allMatch(i -> work.isAlways())).isTrue();
  }

  @Test
  void callsFromVirtualThreadsGiveTheBitsOfOne()
      throws ReflectiveOperationException, InterruptedException {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads need JDK 21");
    AtomicInteger equal = new AtomicInteger();
    Runnable call = () -> equal.addAndGet(work.isAlways() ? 1 : 0);
    Thread[] callers = new Thread[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
      callers[i] =
          (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, call);
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(equal).hasValue(CALLERS);
  }

  @Test
  void callsFromInsideACallGiveTheBitsOfOne() {
    assertThat(work.isAlwaysInsideACall()).isTrue();
  }

  @Test
  void anExceptionReachesTheCaller() {
    IllegalStateException exception = new IllegalStateException("from a part");
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> Work.failIn(exception)).isSameAs(exception);
    }
    AssertionError error = new AssertionError("from a part");
    assertThatThrownBy(() -> Work.failIn(error)).isSameAs(error);
    assertThat(work.isAlways()).isTrue();
  }

  /** Of a kind that Java does not let a part declare, but other languages of the JVM do. */
  @Test
  void aCheckedExceptionReachesTheCaller() {
    IOException exception = new IOException("from a part");
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> Work.throwInPart(exception)).isSameAs(exception);
    }
  }

  /** The caller waits for parts of others, where there are others. */
  @Test
  void anInterruptedCallerComputesOnAndStaysInterrupted() {
    Thread caller = Thread.currentThread();
    double[] seen = new double[400_000];
    caller.interrupt();
    KernelChoice.kernels()
        .parts(
            seen,
            0,
            seen.length,
            (gradient, at, from, length) -> {
              if (!caller.equals(Thread.currentThread())) {
                LockSupport.parkNanos(50_000_000);
              }
              Arrays.fill(gradient, at, at + length, 1);
            });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(seen).containsOnly(1);
  }

  /** Much of this with four threads on any machine; a thread that stayed would keep it running. */
  @Test
  void withFourThreadsAndToTheEnd() {
    Result result = ChildJvm.run(ThreadsProgram.class, options(4));
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.output()).containsExactly("4 threads took part", "an exception came", "done");
  }

  @Test
  void oneThreadStartsNoOther() {
    Result result = ChildJvm.run(ThreadsProgram.class, options(1));
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.output()).containsExactly("1 threads took part", "an exception came", "done");
  }

  private static List<String> options(int threads) {
    String kernels = "-Ddoppio.kernels=" + System.getProperty("doppio.kernels", "auto");
    String count = "-Ddoppio.threads=" + threads;
    return Implementations.hasVectorModule()
        ? List.of(kernels, count, "--add-modules", Implementations.MODULE)
        : List.of(kernels, count);
  }
}
