package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CleanThreadTest {
  private static final InheritableThreadLocal<String> LOCAL = new InheritableThreadLocal<>();

  @Test
  @SuppressWarnings("ThreadPriorityCheck") // a thread inherits its priority, too
  void aThreadInheritsNothingOfWhoCausesIt() throws InterruptedException {
    AtomicReference<Thread> made = new AtomicReference<>();
    AtomicReference<String> local = new AtomicReference<>();
    Thread cause =
        new Thread(
            new ThreadGroup("of an application"),
            () -> {
              LOCAL.set("of an application");
              made.set(CleanThread.make("clean", () -> local.set(LOCAL.get())));
            });
    cause.setDaemon(true);
    cause.setPriority(Thread.MAX_PRIORITY);
    cause.setContextClassLoader(new URLClassLoader(new URL[0]));
    cause.start();
    cause.join();
    Thread thread = made.get();
    assertThat(thread.getName()).isEqualTo("clean");
    assertThat(thread.getState()).isEqualTo(Thread.State.NEW);
    assertThat(thread.isDaemon()).isFalse();
    assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
    assertThat(thread.getContextClassLoader()).isNull();
    assertThat(thread.getThreadGroup().getParent()).isNull();
    thread.start();
    thread.join();
    assertThat(local).hasValue(null);
  }

  @Test
  void aDaemonIsStarted() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    CleanThread.startDaemon(
        "daemon",
        () -> {
          thread.set(Thread.currentThread());
          ran.countDown();
        });
    ran.await();
    assertThat(thread.get().isDaemon()).isTrue();
    assertThat(thread.get().getName()).isEqualTo("daemon");
  }
}
