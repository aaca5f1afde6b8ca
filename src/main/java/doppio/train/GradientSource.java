package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import java.util.Map;

/**
 * Where the gradient of a training step comes from. A {@link Trainer} computes it from the whole
 * batch at once, or in blocks after {@link Trainer#gradientBlocks}; one of your own may ask other
 * threads or other machines, and everything else stays the trainer's: order, schedule, clipping,
 * optimizer, history, callbacks, checkpoints.
 *
 * <pre>{@code
 * GradientSource whole = step -> {
 *   Batch batch = step.batch();
 *   double value = step.loss().forward(step.model().forward(batch.inputs()), batch.targets());
 *   step.model().accumulateGradients(step.loss().backward());
 *   return value;
 * };
 * }</pre>
 */
@FunctionalInterface
public interface GradientSource {
  /**
   * Computes the loss of the step's batch and leaves its gradient in the model's parameters, which
   * have none before; moves the model's buffers, if it has any.
   *
   * @return the loss; where it is not finite, the gradients need not be there
   */
  double compute(Step step);

  /**
   * Called when a training begins that is not resumed, before its first order is drawn.
   *
   * @param generator what the trainer shuffles with, or the default one; what is drawn from it
   *     changes the orders
   */
  default void begin(Generator generator) {}

  /** What a checkpoint should keep of this source, for {@link #read}. */
  default Map<String, Tensor> stateDict() {
    return Map.of();
  }

  /**
   * Reads what {@link #stateDict} gave.
   *
   * @return what takes this source there; called only if the rest of the checkpoint fits, too
   * @throws IllegalArgumentException if it does not fit; nothing is changed
   */
  default Runnable read(Map<String, Tensor> state) {
    if (!state.isEmpty()) {
      throw new IllegalArgumentException(
          "the trainer's source of gradients keeps nothing but got " + state.keySet());
    }
    return () -> {};
  }
}
