package doppio.train;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts a training when the JVM is told to end, by Ctrl-C say, and holds the JVM until the
 * batch in hand is done and the callbacks have seen the end. Made in the thread that trains.
 */
final class ShutdownHook {
  /** A training that hangs must not keep the JVM for ever. */
  private static final int LONGEST_SECONDS = 60;

  private final Training training;
  private final Thread trainer = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::shutDown, "doppio-shutdown");

  ShutdownHook(Training training) {
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

  /** A callback that calls System.exit waits for this hook, and this hook must not wait for it. */
  private boolean trainerExits() {
    return Arrays.stream(trainer.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals("java.lang.Runtime")
                    && frame.getMethodName().equals("exit"));
  }

  /** The training has ended. */
  void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook has been started.
    }
  }
}
