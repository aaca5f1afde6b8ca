package doppio.train;

/**
 * Something that happens while a {@link Trainer} trains. Override what you need:
 *
 * <pre>{@code
 * trainer.callback(new Callback() {
 *   @Override
 *   public void epoch(Training training) {
 *     System.out.println(training.epoch() + ": " + training.history().last().trainLoss());
 *   }
 * });
 * }</pre>
 *
 * <p>Called in the thread that trains, in the order in which the callbacks were given. What a
 * callback throws ends the training; {@link #end} and {@link #closed} of all callbacks are still
 * called then, and what they throw too is suppressed in it.
 */
public interface Callback {
  /** A call of {@link Trainer#fit} begins. */
  default void start(Training training) {}

  /**
   * The gradients of a batch are there: not clipped yet, and the parameters not changed. {@link
   * Training#save(java.nio.file.Path)} has to wait until {@link #batch}.
   */
  default void gradients(Training training) {}

  /** A batch is done: {@link Training#batch()} and {@link Training#step()} count it. */
  default void batch(Training training) {}

  /** An epoch is done: {@link Training#epoch()} and the history count it. */
  default void epoch(Training training) {}

  /** The call of {@link Trainer#fit} ends; {@link Training#outcome()} says how. */
  default void end(Training training) {}

  /** Every callback has seen the end. Called however the training ended. */
  default void closed(Training training) {}
}
