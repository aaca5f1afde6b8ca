package doppio.golden;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.MSE;
import doppio.nn.LastStep;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.optim.Adam;

/**
 * Two features a step: a number from [0, 1), and a mark that two steps have, one in each half of
 * the sequence. The sum of the two marked numbers is asked for. The same as adding.py among the
 * test resources, number by number.
 *
 * <p>Source: Hochreiter and Schmidhuber, "Long short-term memory" (1997).
 */
final class AddingProblem {
  private static final int STEPS = 50;
  private static final int BATCH = 32;
  private static final int HIDDEN = 32;
  private static final double RATE = 0.01;
  private static final int TEST = 1000;

  private final Generator generator;
  private final Module model;
  private final Adam optimizer;
  private final MSE loss = new MSE();
  private Tensor x;
  private Tensor y;

  /** A recurrent layer, by its size and generator. */
  interface Layer {
    Module of(int in, int hidden, Generator generator);
  }

  AddingProblem(Layer layer, long seed) {
    generator = new Generator(seed);
    model =
        new Sequential(
            layer.of(2, HIDDEN, generator), new LastStep(), new Linear(HIDDEN, 1, generator));
    optimizer = new Adam(model.parameters(), RATE);
  }

  /** The loss of each step of a training. */
  double[] train(int steps) {
    double[] losses = new double[steps];
    for (int step = 0; step < steps; step++) {
      draw(BATCH);
      optimizer.zeroGrad();
      losses[step] = loss.forward(model.forward(x), y);
      model.accumulateGradients(loss.backward());
      optimizer.step();
    }
    return losses;
  }

  /** The mean squared error on new sequences. */
  double error() {
    draw(TEST);
    return loss.forward(model.infer(x), y);
  }

  private void draw(int n) {
    double[] drawn = new double[n * (STEPS + 2)];
    generator.uniform(drawn, 0, 1);
    x = Tensor.zeros(n, STEPS, 2);
    y = Tensor.zeros(n, 1);
    int half = STEPS / 2;
    for (int i = 0; i < n; i++) {
      int at = i * (STEPS + 2);
      for (int step = 0; step < STEPS; step++) {
        x.set(drawn[at + step], i, step, 0);
      }
      int first = (int) (drawn[at + STEPS] * half);
      int second = half + (int) (drawn[at + STEPS + 1] * half);
      x.set(1, i, first, 1);
      x.set(1, i, second, 1);
      y.set(drawn[at + first] + drawn[at + second], i, 0);
    }
  }
}
