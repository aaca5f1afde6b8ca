package doppio.check;

import doppio.Tensor;
import doppio.internal.Observer;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
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

  /** The module in a network of its own. */
  final Module network;

  /** What the last forward pass was given. */
  private Tensor given;

  Subject(Module module, String title, Tensor input, Tensor cotangent) {
    this.module = module;
    this.title = title;
    this.input = input.copy();
    this.cotangent = cotangent.copy();
    this.state = new State(module);
    this.network = new Sequential(module);
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
    given = input.copy();
    Tensor y = module.forward(given).copy();
    Wording.requireUnwritten(given, input, "input", "forward", title);
    return y;
  }

  /**
   * The output in evaluation mode, from the state that the module is in, by way of a tensor with
   * old numbers, as in a network.
   */
  Tensor infer() {
    Tensor in = input.copy();
    Tensor y = network.infer(in);
    Wording.requireUnwritten(in, input, "input", "infer", title);
    return y;
  }

  /** Goes back from the last forward pass; the gradients add up in the parameters. */
  Gradients backward() {
    Tensor g = cotangent.copy();
    Tensor gx = module.backward(g);
    requireUnwritten(g, "backward");
    Wording.requireShape(gx, input, "input", title);
    return Gradients.of(gx, trained);
  }

  /** As {@link #backward}, where nobody asks for the input's. */
  Gradients accumulate() {
    Tensor g = cotangent.copy();
    module.accumulateGradients(g);
    requireUnwritten(g, "accumulateGradients");
    return Gradients.of(null, trained);
  }

  /** The gradients of one pass, from none before, seen by an observer. */
  Gradients gradients(Observer observer) {
    Gradients[] result = new Gradients[1];
    module.zeroGrad();
    observer.during(
        () -> {
          forward();
          result[0] = backward();
        });
    return result[0];
  }

  private void requireUnwritten(Tensor gradient, String by) {
    Wording.requireUnwritten(gradient, cotangent, "gradient", by, title);
    Wording.requireUnwritten(given, input, "input", by, title);
  }
}
