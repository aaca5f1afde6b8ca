package doppio.optim;

import doppio.internal.Kernels;
import doppio.internal.SgdStep;
import doppio.internal.choice.KernelChoice;
import doppio.nn.Parameter;
import java.util.List;

/**
 * Gradient descent: w ← w − η(g + λw) − δw, with learning rate η, weight decay λ and decoupled
 * weight decay δ.
 *
 * <p>Remembers nothing from step to step.
 *
 * <p>Source: {@code torch.optim.SGD}.
 */
public final class SGD extends Optimizer {
  /**
   * Gradient descent on the given parameters.
   *
   * @throws IllegalArgumentException if the list is empty, or the rate negative or not finite
   */
  public SGD(List<Parameter> parameters, double learningRate) {
    super(parameters, learningRate, DecayMode.IN_THE_RULE);
  }

  /**
   * The formula above for one parameter; the loop is {@code sgd} in internal/scalar/OptimizerRules.
   */
  @Override
  protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
    SgdStep step = new SgdStep(group.learningRate(), group.lambda(), group.delta());
    Kernels kernels = KernelChoice.kernels();
    double[] w = parameter.value().data();
    parameter.gradientParts(
        new Parameter.GradientPart() {
          @Override
          public void accept(double[] g, int at, int from, int length) {
            kernels.sgd(step, w, g, at, from, length);
          }

          @Override
          public void acceptMultiple(double factor, double[] x, int from, double[] array) {
            kernels.sgdMultiple(step, w, factor, x, from, array);
          }

          @Override
          public boolean skipsZeros() {
            return !step.decays();
          }
        });
  }
}
