package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.state.StateReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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

  /** Why there are none of a module that does not say how. */
  static UnsupportedOperationException missing(Module module) {
    return Unsteppable.bySilence(module);
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

  /** The steps of a module that computes each by itself. */
  private static final class Alone extends Steps {
    private final Module module;

    /** Of a layer: its last input, for the shape, and output. */
    private Tensor input;

    private Tensor output;

    Alone(Module module) {
      this.module = module;
    }

    @Override
    public Tensor step(Tensor x) {
      if (!(module instanceof Layer layer)) {
        return module.infer(x);
      }
      if (input == null || !x.sameShape(input)) {
        output = Pass.fitted(output, layer.outputShape(x.shape()));
        input = x;
      }
      layer.compute(x, output);
      return output;
    }

    @Override
    public void advance() {}

    @Override
    public Map<String, Tensor> state() {
      return Map.of();
    }

    @Override
    public void load(Map<String, Tensor> state) {
      fill(module, Map.of(), state);
    }
  }

  /** The steps of a composite: its own way through its children, each of which makes a step. */
  private static final class Through extends Steps {
    private final Composite composite;
    private final List<Call> calls = new ArrayList<>();

    /** Where the next call stands, if the children are called as in the step before. */
    private int next;

    private final Lending pass =
        new Lending() {
          @Override
          public boolean isRecording() {
            return false;
          }

          @Override
          Tensor run(Module child, Tensor x) {
            Call call = find(child);
            call.made = true;
            return call.steps.step(x);
          }

          @Override
          void add(Module child, Tensor gradOutput) {
            throw new IllegalStateException("a step has no gradients to accumulate");
          }
        };

    Through(Composite composite) {
      this.composite = composite;
      composite.members.children.forEach((name, child) -> calls.add(new Call(name, child)));
    }

    @Override
    public Tensor step(Tensor x) {
      for (int i = 0; i < calls.size(); i++) {
        calls.get(i).made = false;
      }
      next = 0;
      Pass begun = pass.begin();
      try {
        return composite.compute(begun, x);
      } catch (ShapeException e) {
        throw begun.locate(e, composite);
      }
    }

    @Override
    public void advance() {
      for (int i = 0; i < calls.size(); i++) {
        if (calls.get(i).made) {
          calls.get(i).steps.advance();
        }
      }
    }

    @Override
    public Map<String, Tensor> state() {
      Map<String, Tensor> state = new LinkedHashMap<>();
      for (Call call : calls) {
        call.steps.state().forEach((name, t) -> state.put(Members.join(call.name, name), t));
      }
      return state;
    }

    /** Leaves names that it does not know to the stepper. */
    @Override
    public void load(Map<String, Tensor> state) {
      Require.noNull("names in state", state.keySet());
      composite.members.children.forEach(
          (name, child) -> {
            while (!StateDict.below(another(name), state).isEmpty()) {
              calls.add(new Call(another(name), child));
            }
          });
      for (Call call : calls) {
        try {
          call.steps.load(StateDict.below(call.name, state));
        } catch (IllegalArgumentException e) {
          String separator = call.steps instanceof Through ? "." : ": ";
          throw new IllegalArgumentException(call.name + separator + e.getMessage(), e);
        }
      }
    }

    /** The first call of this child that is not yet part of the step. */
    private Call find(Module child) {
      for (int i = 0; i < calls.size(); i++) {
        Call call = calls.get(next);
        next = next + 1 == calls.size() ? 0 : next + 1;
        if (!call.made && Members.same(call.child, child)) {
          return call;
        }
      }
      for (Call call : calls) {
        if (Members.same(call.child, child)) {
          Call added = new Call(another(call.name), child);
          calls.add(added);
          return added;
        }
      }
      throw new IllegalStateException(
          composite.title()
              + " calls "
              + child.title()
              + ", which was not its child when the stepper was made");
    }

    /** The name of a further call of a child, {@code body(2)} for the second one. */
    private String another(String name) {
      Set<String> taken = calls.stream().map(c -> c.name).collect(Collectors.toSet());
      int number = 2;
      while (taken.contains(name + "(" + number + ")")) {
        number++;
      }
      return name + "(" + number + ")";
    }
  }

  /** One of a step's calls of a child, which has a state of its own. */
  private static final class Call {
    final String name;
    final Module child;
    final Steps steps;

    /** Whether it is part of the step that is being made. */
    boolean made;

    Call(String name, Module child) {
      this.name = name;
      this.child = child;
      steps = child.steps();
    }
  }
}
