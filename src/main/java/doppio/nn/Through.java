package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The steps of a composite: its own way through its children, each of which makes a step. */
final class Through extends Steps {
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
    composite.members.children.forEach(
        (name, child) -> {
          while (!below(another(name), state).isEmpty()) {
            calls.add(new Call(another(name), child));
          }
        });
    for (Call call : calls) {
      try {
        call.steps.load(below(call.name, state));
      } catch (IllegalArgumentException e) {
        String separator = call.steps instanceof Through ? "." : ": ";
        throw new IllegalArgumentException(call.name + separator + e.getMessage(), e);
      }
    }
  }

  /** The entries whose names begin with a path, without it. */
  private static Map<String, Tensor> below(String path, Map<String, Tensor> state) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    String prefix = path + ".";
    state.forEach(
        (name, t) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), t);
          }
        });
    return part;
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
    int number = 2;
    String wanted = name + "(2)";
    while (has(wanted)) {
      wanted = name + "(" + ++number + ")";
    }
    return wanted;
  }

  private boolean has(String name) {
    for (Call call : calls) {
      if (call.name.equals(name)) {
        return true;
      }
    }
    return false;
  }
}
