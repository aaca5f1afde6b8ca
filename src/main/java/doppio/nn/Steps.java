package doppio.nn;

import doppio.Tensor;
import doppio.internal.state.StateReader;
import java.util.Map;

/**
 * What one module does at each step of a sequence, and what it remembers between them: the hook
 * behind a {@link Stepper}, made by {@link Module#steps}, always at the start of a sequence.
 *
 * <p>A step has two halves, so that a failure in one module leaves none of the others ahead: {@link
 * #step} computes and leaves the state as it is, and when the whole model is through, {@link
 * #advance} makes what was computed the state. Two arrays that change places do:
 *
 * <pre>{@code
 * final class RunningSum extends Layer {            // y = the sum of all steps up to this one
 *   ...
 *   protected Steps steps() {
 *     return new Steps() {
 *       private Tensor sum = Tensor.zeros(1, width);
 *       private Tensor next = Tensor.zeros(1, width);
 *
 *       public Tensor step(Tensor x) {
 *         for (int i = 0; i < width; i++) next.data()[i] = sum.data()[i] + x.data()[i];
 *         return next;
 *       }
 *       public void advance() {
 *         Tensor old = sum;
 *         sum = next;
 *         next = old;
 *       }
 *       public Map<String, Tensor> state() {
 *         return Map.of("sum", sum.copy());
 *       }
 *       public void load(Map<String, Tensor> state) {
 *         fill(RunningSum.this, Map.of("sum", sum), state);
 *       }
 *     };
 *   }
 * }
 * }</pre>
 *
 * <p>The weights may change between two steps, so that nothing made from them is kept.
 */
public abstract class Steps {
  /** For subclasses. */
  protected Steps() {}

  /**
   * The output for the next step, a sequence of one, to the bit as the module's {@code infer} has
   * it in a whole sequence. Leaves the state as it is, whether it returns or throws; it may be
   * called again without an {@link #advance} in between.
   *
   * @param x {@code [1, f]}, lent until the call ends
   * @return {@code [1, g]}, lent until the next call of one of these methods; x itself, say
   * @throws doppio.ShapeException if the module does not take such an input
   */
  public abstract Tensor step(Tensor x);

  /** Makes what the last {@link #step} has computed the state; allocates nothing, never fails. */
  public abstract void advance();

  /** {@return copies of the state's tensors by name; empty where there is none} */
  public abstract Map<String, Tensor> state();

  /**
   * Copies a state. What this was called on is thrown away if it fails, so that half of it may have
   * changed then.
   *
   * @param state what {@link #state} has given
   * @throws IllegalArgumentException unless it has exactly these names and shapes
   */
  public abstract void load(Map<String, Tensor> state);

  /** Of a module that computes each step by itself and remembers nothing. */
  public static Steps alone(Module module) {
    return new Alone(module);
  }

  /**
   * Of a composite that looks at more than one step only through its children: its own {@code
   * compute}, in which a call of a child is a step of it. A child that is called twice in a step
   * has a state for each call.
   *
   * @throws UnsupportedOperationException if a child cannot be answered step by step
   */
  public static Steps through(Composite composite) {
    return new Through(composite);
  }

  /**
   * For {@link #load}: copies values into the tensors of a module's state.
   *
   * @param mine the tensors of the state by name
   * @param given the values
   * @throws IllegalArgumentException unless the names and shapes are the same; nothing has changed
   */
  protected static void fill(Module module, Map<String, Tensor> mine, Map<String, Tensor> given) {
    StateReader reader = new StateReader(module.title(), given);
    mine.forEach((name, tensor) -> reader.tensor(name, tensor.shape()));
    reader.finish();
    mine.forEach((name, t) -> System.arraycopy(given.get(name).data(), 0, t.data(), 0, t.size()));
  }
}
