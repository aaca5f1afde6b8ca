package doppio.internal;

import doppio.internal.Log.Level;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What most likely was not meant, though nothing is wrong by itself: logged as a warning, each once
 * a process.
 */
@SuppressWarnings("ImmutableEnumChecker") // A process has each of them once, with what it has said.
public enum Advice {
  /** A loss that applies softmax gets what a softmax has put out. */
  SOFTMAX_TWICE(
      "CrossEntropy got rows that are probabilities already (none negative, each row adds up to 1):"
          + " it applies softmax itself and learns slowly after another one; leave out Softmax in"
          + " training, or take LogSoftmax with NLL"),

  /** Gradients that are never cleared add up. */
  NO_ZERO_GRAD(
      "an optimizer has made "
          + Advice.STEPS
          + " steps without a zeroGrad between them: each used the sum of all gradients so far; call"
          + " optimizer.zeroGrad() before each backward"),

  /** Answers that are computed as training computes them. */
  TRAINING_MODE(
      "a module has seen "
          + Advice.FORWARDS
          + " calls of forward in training mode without a backward, as if they were an evaluation:"
          + " infer(x) answers without Dropout and with the running statistics of batch"
          + " normalisation, from any number of threads; or call eval() first"),

  /** An epoch without a batch. */
  NO_BATCH(
      "a DataLoader that drops a partial last batch has fewer samples than one batch: its epochs are"
          + " empty; take smaller batches, or dropLast(false)");

  /** So many steps with one sum of gradients are no accumulation any more. */
  public static final int STEPS = 10;

  /** So many forward passes without a way back are no training. */
  public static final int FORWARDS = 20;

  /** Checks that are running. */
  private static final AtomicInteger CHECKS = new AtomicInteger();

  private final String message;
  private volatile boolean given;

  Advice(String message) {
    this.message = message;
  }

  /** Logs the message, unless this process has logged it before or a check is running. */
  public void give() {
    if (!given && CHECKS.get() == 0) {
      given = true;
      Log.say(Level.WARNING, message);
    }
  }

  /** Runs a check, which does on purpose what looks like a mistake. */
  public static void without(Runnable check) {
    CHECKS.incrementAndGet();
    try {
      check.run();
    } finally {
      CHECKS.decrementAndGet();
    }
  }

  /** The sentence. */
  public String message() {
    return message;
  }
}
