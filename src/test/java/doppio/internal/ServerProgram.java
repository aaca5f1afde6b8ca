package doppio.internal;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.choice.KernelChoice;
import doppio.internal.threads.Parallel;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** Uses the library as a server does, for {@link ServerTest}, one scene a JVM. */
public final class ServerProgram {
  private static final int LARGE = 400_000;
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final InheritableThreadLocal<byte[]> SESSION = new InheritableThreadLocal<>();

  private ServerProgram() {}

  /** Runs the scene where the address space is limited, of which each thread there wants 1 GB. */
  public static ChildJvm.Result runWithoutThreads() {
    return ChildJvm.runAfter(
        "ulimit -v 20000000",
        ServerProgram.class,
        List.of("-Xss1g", "-Xlog:disable", "-Ddoppio.threads=2", "-Ddoppio.kernels=auto"),
        "limit",
        "1");
  }

  /** The arguments are the scene and how many times. What went well is printed. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[1]);
    switch (arguments[0]) {
      case "churn" -> churn(count);
      case "callers" -> callers(count);
      case "virtual" -> virtual(count);
      case "full" -> fullHeap(count);
      case "inherit" -> inherit();
      case "forget" -> forget(count);
      case "load" -> load(count);
      case "limit" -> threadLimit();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    System.out.println("done");
  }

  /** As many threads one after the other, each with a product whose working arrays are 16 MB. */
  private static void churn(int threads) throws InterruptedException {
    Module model = new Linear(8192, 8, new Generator(1));
    Tensor x = Tensor.zeros(256, 8192);
    AtomicInteger answers = new AtomicInteger();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(() -> answers.addAndGet(model.infer(x).dim(1)));
      thread.start();
      thread.join();
    }
    System.out.println(answers.get() / 8 + " answers");
  }

  /** 64 threads that ask one model at the same time. */
  private static void callers(int answers) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(answers);
    Requests requests = new Requests();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      callers.add(
          new Thread(
              () -> {
                while (left.getAndDecrement() > 0) {
                  requests.answer();
                }
              }));
    }
    callers.forEach(Thread::start);
    for (Thread caller : callers) {
      caller.join();
    }
    System.out.println(requests.answers + " answers");
  }

  /** A virtual thread for each request; the JVM runs as many at once as it has processors. */
  private static void virtual(int count) throws ReflectiveOperationException, InterruptedException {
    Requests requests = new Requests();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(
          (Thread)
              Thread.class
                  .getMethod("startVirtualThread", Runnable.class)
                  .invoke(null, (Runnable) requests::answer));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println(requests.answers + " answers");
  }

  /** A model of 128–1024–10 and a batch of 64, 9 MFLOP an answer. */
  private static final class Requests {
    private final Generator generator = new Generator(1);
    private final Module model =
        new Sequential(
            new Linear(128, 1024, generator), new ReLU(), new Linear(1024, 10, generator));
    private final Tensor x = RandomTensors.normal(2, 64, 128);
    final AtomicInteger answers = new AtomicInteger();

    void answer() {
      answers.addAndGet(model.infer(x).dim(0) / 64);
    }
  }

  /** While workers come to the end of a call not a byte is free; then they are there again. */
  private static void fullHeap(int times) {
    awaitWorkers();
    Thread caller = Thread.currentThread();
    List<byte[]> ballast = new ArrayList<>(1 << 18);
    for (int i = 0; i < times; i++) {
      AtomicBoolean full = new AtomicBoolean();
      each(
          () -> {
            if (caller.equals(Thread.currentThread()) && ballast.isEmpty()) {
              for (int size = 1 << 20; size >= 16; size /= 2) {
                fill(ballast, size);
              }
              full.set(true);
              pause(20);
            }
            while (!full.get()) {
              Thread.onSpinWait();
            }
          });
      ballast.clear();
    }
    awaitWorkers();
  }

  private static void fill(List<byte[]> ballast, int size) {
    try {
      while (ballast.size() < 1 << 18) {
        ballast.add(new byte[size]);
      }
    } catch (OutOfMemoryError e) {
      // That is what it is for.
    }
  }

  /**
   * What a worker has of a caller of low priority in a group of its own, with a session and a class
   * loader.
   */
  @SuppressWarnings("ThreadPriorityCheck") // It is what must not be handed on.
  private static void inherit() throws InterruptedException {
    Set<String> found = ConcurrentHashMap.newKeySet();
    Runnable look =
        () -> {
          Thread self = Thread.currentThread();
          if (self.getName().startsWith("doppio-")) {
            found.add(
                String.join(
                    ", ",
                    self.getThreadGroup().getName(),
                    "priority " + self.getPriority(),
                    "loader " + self.getContextClassLoader(),
                    SESSION.get() == null ? "no session" : "a session",
                    self.isDaemon() ? "daemon" : "user's"));
          }
          pause(2);
        };
    Runnable call =
        () -> {
          SESSION.set(new byte[1]);
          while (found.isEmpty()) {
            each(look);
          }
        };
    Thread caller = new Thread(new ThreadGroup("application"), call);
    caller.setPriority(Thread.MIN_PRIORITY);
    caller.start();
    caller.join();
    System.out.println(String.join("; ", found));
    await(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(ServerProgram::isOurs));
    System.out.println("no thread of ours");
  }

  private static boolean isOurs(Thread thread) {
    return thread.getName().startsWith("doppio-");
  }

  /** What a call was about can be collected as soon as it is over, also while workers are busy. */
  private static void forget(int calls) throws InterruptedException {
    awaitWorkers();
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(Parallel.THREADS);
    Runnable wait =
        () -> {
          busy.countDown();
          try {
            over.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    Thread other = new Thread(() -> each(wait));
    other.setDaemon(true);
    other.start();
    busy.await();
    for (int i = 0; i < calls; i++) {
      WeakReference<Object> used = use(new byte[1 << 20]);
      await(
          () -> {
            System.gc();
            return used.get() == null;
          });
    }
    over.countDown();
    other.join();
  }

  private static WeakReference<Object> use(byte[] used) {
    each(() -> used[0]++);
    return new WeakReference<>(used);
  }

  /** Loads the library anew, uses it from a thread with a session of 10 MB and drops it again. */
  private static void load(int times) throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      loaders.add(useOnce(ClassPath.urls()));
    }
    await(
        () -> {
          System.gc();
          return loaders.stream().allMatch(loader -> loader.get() == null);
        });
    System.out.println(times + " gone");
  }

  private static WeakReference<ClassLoader> useOnce(URL[] urls) throws Exception {
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      Runnable use =
          (Runnable)
              loader.loadClass(Loaded.class.getName()).getDeclaredConstructor().newInstance();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread thread =
          new Thread(
              () -> {
                SESSION.set(new byte[10 << 20]);
                use.run();
              });
      thread.setContextClassLoader(loader);
      thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
      thread.start();
      thread.join();
      if (failure.get() != null) {
        throw new IllegalStateException(failure.get());
      }
      return new WeakReference<>(loader);
    }
  }

  /** What is used of the library by name, out of another class loader. */
  public static final class Loaded implements Runnable {
    /** For the loader. */
    public Loaded() {}

    @Override
    public void run() {
      new Requests().answer();
      each(() -> pause(1));
    }
  }

  /** Where no thread can be started, first the caller works alone, and later it has help again. */
  private static void threadLimit() throws InterruptedException {
    List<Thread> sleepers = new ArrayList<>();
    try {
      while (true) {
        Thread sleeper = new Thread(null, () -> pause(Long.MAX_VALUE), "sleeper", 1L << 29);
        sleeper.setDaemon(true);
        sleeper.start();
        sleepers.add(sleeper);
      }
    } catch (OutOfMemoryError e) {
      // Room for what the JVM may need, and for no thread of 1 GB.
      end(sleepers.remove(sleepers.size() - 1));
    }
    Requests requests = new Requests();
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 20; i++) {
      requests.answer();
      each(() -> seen.add(Thread.currentThread()));
    }
    System.out.println(requests.answers + " answers from " + seen.size() + " thread");
    for (Thread sleeper : sleepers) {
      end(sleeper);
    }
    awaitWorkers();
  }

  private static void end(Thread sleeper) throws InterruptedException {
    sleeper.interrupt();
    sleeper.join();
  }

  /** Until each of the library's threads has taken part in a call. */
  private static void awaitWorkers() {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    await(
        () -> {
          seen.clear();
          each(
              () -> {
                seen.add(Thread.currentThread());
                pause(5);
              });
          return seen.size() == Parallel.THREADS;
        });
    System.out.println(seen.size() + " threads");
  }

  private static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("not in a minute");
      }
      pause(1);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      // A sleeper is told to end.
    }
  }

  /** Runs something in each part of a call that is shared. */
  private static void each(Runnable action) {
    KernelChoice.kernels()
        .parts(new double[LARGE], 0, LARGE, (gradient, at, from, length) -> action.run());
  }
}
