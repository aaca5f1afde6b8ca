package doppio.train;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts a training when the JVM is told to end, by Ctrl-C say, and holds the JVM until the
 * batch in hand is done and all callbacks have seen the end, for a minute at most: {@code
 * trainer.callback(new ShutdownHook())}, together with {@link Checkpoints}. A program that is not
 * the JVM's only one, a server say, ends its trainings itself with {@link Trainer#interrupt()}.
 */
public final class ShutdownHook implements Callback {
  /** A training that hangs must not keep the JVM for ever. */
  private static final int LONGEST_SECONDS = 60;

  private Running running;

  /** A callback that installs its hook while a training runs. */
  public ShutdownHook() {}

  @Override
  public void start(Training training) {
    running = new Running(training);
  }

  @Override
  public void closed(Training training) {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  @Override
  public String toString() {
    return "ShutdownHook()";
  }

  /** The hook of one call of fit. Made in the thread that trains. */
  private static final class Running {
    private final Training training;
    private final Thread trainer = Thread.currentThread();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::shutDown, "doppio-shutdown");

    Running(Training training) {
      this.training = training;
      try {
        Runtime.getRuntime().addShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The JVM is ending already.
        training.interrupt();
      }
    }

    private void shutDown() {
      if (trainerExits()) {
        return;
      }
      training.interrupt();
      try {
        boolean unused = done.await(LONGEST_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        // Nobody knows this thread; where somebody interrupts it all the same, the JVM ends.
      }
    }

    /** A callback that calls System.exit waits for this hook, which must not wait for it. */
    private boolean trainerExits() {
      return Arrays.stream(trainer.getStackTrace())
          .anyMatch(
              frame ->
                  frame.getClassName().equals("java.lang.Runtime")
                      && frame.getMethodName().equals("exit"));
    }

    void close() {
      done.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The JVM is ending, and the hook has been started.
      }
    }
  }
}
