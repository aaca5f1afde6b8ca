package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Answers a sequence step by step: the outputs are, to the bit, the steps of what {@link
 * Module#infer} gives for the whole sequence {@code [t, f]}, each at the cost of one step.
 *
 * <p>The stepper holds the state (a recurrent one, the last inputs of a causal convolution, the
 * keys and values of causal attention); the model holds none. So one model serves any number of
 * steppers in any number of threads; one stepper is for one thread at a time.
 *
 * <p>The weights are the model's own, not copied: a step uses those of that moment, and the state
 * stays what earlier ones have made of it. Do not train a model while another thread steps it;
 * after a training, {@link #reset}. A model that gets other modules needs a new stepper.
 *
 * <pre>{@code
 * Stepper stepper = model.stepper();
 * for (double[] reading : stream) {
 *   Tensor y = stepper.step(Tensor.of(reading));
 *   ...
 * }
 * }</pre>
 */
public final class Stepper {
  private final Module module;
  private Steps steps;
  private Tensor input = Tensor.zeros(1, 0);

  Stepper(Module module) {
    this.module = module;
    reset();
  }

  /**
   * Answers the next step.
   *
   * @param x {@code [f]}
   * @return {@code [g]}, the caller's own
   * @throws ShapeException if x has another rank, or a layer does not take its width. After any
   *     exception the state is what it was before: the same step may be tried again.
   */
  public Tensor step(Tensor x) {
    if (x.rank() != 1) {
      throw new ShapeException("a step expects input [features] but got " + Shapes.text(x));
    }
    if (input.size() != x.size()) {
      input = Tensor.zeros(1, x.size());
    }
    System.arraycopy(x.data(), 0, input.data(), 0, x.size());
    Tensor y = steps.step(input);
    if (y.rank() != 2 || y.dim(0) != 1) {
      throw new ShapeException(
          module.title() + " should answer a step with [1, features] but gave " + Shapes.text(y));
    }
    Tensor own = Tensor.of(y.data());
    steps.advance();
    return own;
  }

  /** Goes back to the start of a sequence. */
  public void reset() {
    try {
      steps = module.steps();
    } catch (Unsteppable e) {
      throw e.in(module);
    }
  }

  /** {@return an independent stepper of the same model, which goes on from the same state} */
  public Stepper copy() {
    Stepper copy = new Stepper(module);
    copy.steps.load(steps.state());
    return copy;
  }

  /**
   * {@return copies of the tensors that the state consists of, by the paths of their modules, for
   * {@link doppio.io.SafeTensors} say; empty for a model that remembers nothing}
   */
  public Map<String, Tensor> stateDict() {
    return steps.state();
  }

  /**
   * Goes on from a state that a stepper of such a model has had: the next outputs have the same
   * bits.
   *
   * @throws IllegalArgumentException if a tensor is missing or unknown or has another shape; the
   *     message names it, and the stepper is unchanged
   */
  public void loadStateDict(Map<String, Tensor> state) {
    Stepper loaded = new Stepper(module);
    loaded.steps.load(Objects.requireNonNull(state, "state"));
    Set<String> unknown = new LinkedHashSet<>(state.keySet());
    unknown.removeAll(loaded.stateDict().keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "state does not fit " + module.title() + ": unexpected " + String.join(", ", unknown));
    }
    steps = loaded.steps;
  }

  /** The model that it answers with. */
  @Override
  public String toString() {
    return "Stepper(" + module.title() + ")";
  }
}
