package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.nn.Init;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Sequential;

/**
 * How to prove the gradient of a layer of your own, and what a wrong one earns.
 *
 * <p>The layer is Swish, y = x / (1 + exp(−βx)), with a β that is learned. Here {@link
 * GradientCheck} is called by a program; in a project of yours the same line is a test.
 */
public final class GradientChecking {
  private GradientChecking() {}

  /** Answers {@code --help}. */
  public static void main(String[] args) {
    Options options =
        Options.of("How to prove the gradient of a layer of your own, and what a wrong one earns.")
            .seed()
            .parse(args);
    Generator generator = new Generator(options.number("seed", 0, 66));
    Tensor input = Init.normal(Tensor.zeros(4, 3), 0, 1, generator);

    check("Swish", new Swish(), input);
    check("Swish in a network", network(new Swish(), generator), input);
    check("A Swish without the product rule", new HalfSwish(), input);
    check("The same in a network", network(new HalfSwish(), generator), input);
    check("A Swish that forgets its parameter", new ForgetfulSwish(), input);
  }

  private static Module network(Layer activation, Generator generator) {
    return new Sequential(new Linear(3, 5, generator), activation, new Linear(5, 2, generator));
  }

  private static void check(String name, Module module, Tensor input) {
    System.out.println(name + ":");
    try {
      GradientCheck.check(module, input);
      System.out.println("  every gradient agrees with the numeric one");
    } catch (AssertionError e) {
      System.out.println("  " + e.getMessage().replace("\n", "\n  "));
    }
    System.out.println();
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /** y = x σ(βx): ∂y/∂x = σ + βx σ (1 − σ), ∂y/∂β = x² σ (1 − σ), with σ = σ(βx). */
  private static class Swish extends Layer {
    final Parameter beta = parameter("beta", new Parameter(Tensor.of(1.5)));

    @Override
    protected void compute(Tensor x, Tensor y) {
      double b = beta.value().get(0);
      for (int i = 0; i < x.size(); i++) {
        y.data()[i] = x.data()[i] * sigmoid(b * x.data()[i]);
      }
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double b = beta.value().get(0);
      for (int i = 0; i < x.size(); i++) {
        double s = sigmoid(b * x.data()[i]);
        gx.data()[i] = gy.data()[i] * (s + b * x.data()[i] * s * (1 - s));
      }
    }

    @Override
    protected void parameterGradients(Tensor x, Tensor gy) {
      double b = beta.value().get(0);
      double[] gb = beta.accumulator().data();
      for (int i = 0; i < x.size(); i++) {
        double s = sigmoid(b * x.data()[i]);
        gb[0] += gy.data()[i] * x.data()[i] * x.data()[i] * s * (1 - s);
      }
    }
  }

  /** Wrong on purpose: takes σ for a constant. */
  private static final class HalfSwish extends Swish {
    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      double b = beta.value().get(0);
      for (int i = 0; i < x.size(); i++) {
        gx.data()[i] = gy.data()[i] * sigmoid(b * x.data()[i]);
      }
    }
  }

  /** Wrong on purpose: no gradient reaches β. */
  private static final class ForgetfulSwish extends Swish {
    @Override
    protected void parameterGradients(Tensor x, Tensor gy) {}
  }
}
