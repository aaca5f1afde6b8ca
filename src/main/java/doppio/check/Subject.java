package doppio.check;

import doppio.Tensor;
import doppio.internal.Observer;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One module at one input, for one gradient with respect to its output. Every pass begins from the
 * same buffers and states of generators, and fails if it writes to what it is given.
 */
final class Subject {
  final Module module;

  /** How messages name the module: its class, and where it sits. */
  final String title;

  /** The point: the probe moves it. */
  final Tensor input;

  /** The gradient with respect to the output, g in s = Σ g·y. */
  final Tensor cotangent;

  /** The parameters that are differentiated, by path. */
  final Map<String, Parameter> trained;

  final State state;

  Subject(Module module, String title, Tensor input, Tensor cotangent) {
    this.module = module;
    this.title = title;
    this.input = input.copy();
    this.cotangent = cotangent.copy();
    this.state = new State(module);
    this.trained = new LinkedHashMap<>(module.namedParameters());
    trained.values().removeIf(Parameter::isFrozen);
  }

  /** The outputs at the present point, in an array of their own. */
  double[] outputs() {
    state.restore();
    return module.forward(input).copy().data();
  }

  /** The output. */
  Tensor forward() {
    state.restore();
    Tensor in = input.copy();
    Tensor y = module.forward(in).copy();
    Wording.requireUnwritten(in, input, "input", "forward", title);
    return y;
  }

  /** The output in evaluation mode, from the state that the module is in. */
  Tensor infer() {
    Tensor in = input.copy();
    Tensor y = module.infer(in).copy();
    Wording.requireUnwritten(in, input, "input", "infer", title);
    return y;
  }

  /** Goes back from the last forward pass; the gradients add up in the parameters. */
  Gradients backward() {
    Tensor g = cotangent.copy();
    Tensor gx = module.backward(g);
    Wording.requireUnwritten(g, cotangent, "gradient", "backward", title);
    Wording.requireShape(gx, input, "input", title);
    return Gradients.of(gx, trained);
  }

  /** As {@link #backward}, where nobody asks for the input's. */
  Gradients accumulate() {
    Tensor g = cotangent.copy();
    module.accumulateGradients(g);
    Wording.requireUnwritten(g, cotangent, "gradient", "accumulateGradients", title);
    return Gradients.of(null, trained);
  }

  /** The gradients of one pass, from none before, seen by an observer. */
  Gradients gradients(Observer observer) {
    Gradients[] result = new Gradients[1];
    module.zeroGrad();
    state.restore();
    Tensor in = input.copy();
    observer.during(
        () -> {
          module.forward(in);
          result[0] = backward();
        });
    Wording.requireUnwritten(in, input, "input", "backward", title);
    return result[0];
  }
}
