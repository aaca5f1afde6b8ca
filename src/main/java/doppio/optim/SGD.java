package doppio.optim;

import doppio.internal.Kernels;
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
    super(parameters, learningRate);
  }

  @Override
  protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
    Kernels kernels = Kernels.get();
    double[] w = parameter.value().data();
    double rate = group.learningRate();
    double coupled = group.weightDecay();
    double decoupled = group.decoupledWeightDecay();
    parameter.gradientParts(
        new Parameter.GradientPart() {
          @Override
          public void accept(double[] g, int at, int from, int length) {
            kernels.sgd(w, g, at, from, length, rate, coupled, decoupled);
          }

          @Override
          public void acceptMultiple(double factor, double[] x, int from, double[] array) {
            kernels.sgdMultiple(w, factor, x, from, rate, coupled, decoupled, array);
          }
        });
  }
}
