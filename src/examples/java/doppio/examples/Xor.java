package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Synthetic;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.nn.Tanh;
import doppio.optim.Adam;
import doppio.optim.Optimizer;
import java.util.Locale;

/** Exclusive or: solved by hand, out of reach of a linear model, and learned. */
public final class Xor {
  private static final int STEPS = 1000;
  private static final double LEARNING_RATE = 0.05;
  private static final int HIDDEN = 8;

  private Xor() {}

  /** Answers {@code --help}. */
  public static void main(String[] args) {
    Options options =
        Options.of("Exclusive or: solved by hand, out of reach of a linear model, and learned.")
            .seed()
            .parse(args);
    Generator generator = new Generator(options.number("seed", 0, 66));
    Dataset xor = Synthetic.xor();

    System.out.println("1. Weights chosen by hand");
    System.out.println("   y = max(0, a + b) - 2 max(0, a + b - 1)");
    print(byHand(), xor);

    System.out.println("2. A linear model, y = v a + w b + c, trained for " + STEPS + " steps");
    Module linear = new Sequential(new Linear(2, 1, generator));
    train(linear, xor);
    print(linear, xor);

    System.out.println("3. The same with a sigmoid on top, y = 1 / (1 + exp(-(v a + w b + c)))");
    Module squashed = new Sequential(new Linear(2, 1, generator), new Sigmoid());
    train(squashed, xor);
    print(squashed, xor);
    System.out.println("   No weights would do. Let z = v a + w b + c. Then always");
    System.out.println("   z(0,0) + z(1,1) = z(1,0) + z(0,1), but exclusive or wants both terms");
    System.out.println("   on the left below the threshold and both on the right above it.");
    System.out.println();

    System.out.println("4. A hidden layer of " + HIDDEN + " with tanh, trained alike");
    Module network =
        new Sequential(
            new Linear(2, HIDDEN, generator), new Tanh(), new Linear(HIDDEN, 1, generator));
    train(network, xor);
    print(network, xor);
  }

  private static Module byHand() {
    Parameter ones = new Parameter(Tensor.full(1, 2, 2));
    Parameter thresholds = new Parameter(Tensor.of(0, -1));
    Parameter mix = new Parameter(Tensor.of(new double[][] {{1, -2}}));
    return new Sequential(new Linear(ones, thresholds), new ReLU(), new Linear(mix, null));
  }

  private static void train(Module model, Dataset data) {
    Loss loss = new MSE();
    Optimizer optimizer = new Adam(model.parameters(), LEARNING_RATE);
    for (int step = 0; step < STEPS; step++) {
      loss.forward(model.forward(data.inputs()), data.targets());
      optimizer.zeroGrad();
      model.accumulateGradients(loss.backward());
      optimizer.step();
    }
  }

  private static void print(Module model, Dataset data) {
    Tensor output = model.infer(data.inputs());
    System.out.println("    a   b   wanted    output");
    for (int i = 0; i < data.size(); i++) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "    %.0f   %.0f   %6.0f  %8.4f",
              data.inputs().get(i, 0),
              data.inputs().get(i, 1),
              data.targets().get(i, 0),
              output.get(i, 0)));
    }
    double error = new MSE().forward(output, data.targets());
    System.out.println(String.format(Locale.ROOT, "   Mean squared error: %.2g%n", error));
  }
}
