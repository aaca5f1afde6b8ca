package doppio.check;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** One check of one module at one input. */
final class ModuleCheck {
  private static final long COTANGENT_SEED = 1;

  private final Module module;
  private final Tensor input;
  private final double tolerance;
  private final String name;
  private final Map<String, Parameter> trained;

  ModuleCheck(Module module, Tensor input, double tolerance) {
    this.module = module;
    this.input = input.copy();
    this.tolerance = tolerance;
    this.name = GradientCheck.nameOf(module);
    this.trained = new LinkedHashMap<>(module.namedParameters());
    trained.values().removeIf(Parameter::isFrozen);
  }

  void run() {
    IdentityHashMap<Module, Boolean> modes = new IdentityHashMap<>();
    rememberModes(module, modes);
    try {
      module.eval();
      checkGradients();
    } finally {
      restoreModes(module, modes);
      module.zeroGrad();
    }
  }

  private void checkGradients() {
    Tensor output = module.forward(input).copy();
    requireFinite(output);
    requireSame(output, module.infer(input));

    Tensor cotangent = Tensor.zeros(output.shape());
    new Generator(COTANGENT_SEED).normal(cotangent.data(), 0, 1);
    module.zeroGrad();
    module.forward(input);
    Tensor inputGradient = module.backward(cotangent.copy()).copy();
    GradientCheck.requireShape(inputGradient, input, "input", name);
    Map<String, Tensor> gradients = gradients();
    checkAddingUp(cotangent, gradients);

    Probe probe = new Probe(() -> module.forward(input).copy().data(), cotangent.data());
    Comparison comparison = new Comparison(probe, name, tolerance);
    comparison.compare("input", input, inputGradient);
    trained.forEach((path, p) -> comparison.compare(path, p.value(), gradients.get(path)));
    comparison.finish();
  }

  private void checkAddingUp(Tensor cotangent, Map<String, Tensor> once) {
    module.zeroGrad();
    module.forward(input);
    module.accumulateGradients(cotangent.copy());
    requireGradients(once, 1, "accumulateGradients gives");
    module.forward(input);
    module.backward(cotangent.copy());
    requireGradients(once, 2, "a second backward, which has to add, gives");
  }

  private void requireGradients(Map<String, Tensor> once, int times, String what) {
    gradients()
        .forEach(
            (path, actual) -> {
              double[] expected = once.get(path).data();
              for (int i = 0; i < expected.length; i++) {
                double wanted = times * expected[i];
                if (Comparison.relativeError(wanted, actual.data()[i]) > tolerance) {
                  throw GradientCheck.failure(
                      Comparison.element(path, actual, i)
                          + " of "
                          + name
                          + ": "
                          + what
                          + " "
                          + Comparison.rounded(actual.data()[i])
                          + " but backward alone "
                          + Comparison.rounded(expected[i]));
                }
              }
            });
  }

  private Map<String, Tensor> gradients() {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    trained.forEach((path, p) -> copies.put(path, p.grad().copy()));
    return copies;
  }

  private void requireFinite(Tensor output) {
    for (int i = 0; i < output.size(); i++) {
      if (!Double.isFinite(output.data()[i])) {
        throw GradientCheck.failure(
            Comparison.element("output", output, i) + " of " + name + " is " + output.data()[i]);
      }
    }
  }

  private void requireSame(Tensor forward, Tensor infer) {
    if (!infer.sameShape(forward)) {
      throw GradientCheck.failure(
          "infer of "
              + name
              + " gives shape "
              + Arrays.toString(infer.shape())
              + " but forward in evaluation mode "
              + Arrays.toString(forward.shape()));
    }
    int i = Arrays.mismatch(forward.data(), infer.data());
    if (i >= 0) {
      throw GradientCheck.failure(
          Comparison.element("output", forward, i)
              + " of "
              + name
              + ": infer gives "
              + infer.data()[i]
              + " but forward in evaluation mode "
              + forward.data()[i]);
    }
  }

  private static void rememberModes(Module module, IdentityHashMap<Module, Boolean> modes) {
    modes.put(module, module.isTraining());
    module.children().values().forEach(child -> rememberModes(child, modes));
  }

  /** From the top down: a switch of a module switches all below it. */
  private static void restoreModes(Module module, IdentityHashMap<Module, Boolean> modes) {
    if (modes.get(module)) {
      module.train();
    } else {
      module.eval();
    }
    module.children().values().forEach(child -> restoreModes(child, modes));
  }
}
