package doppio.golden;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.nn.Init;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.nn.Tanh;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The large networks that PyTorch programs train, on made-up images. */
public enum NetworkCase {
  /** 784–128–64–10, tanh after every layer, squared error, one sample a step. */
  TANH(1, 0.1, "784-128-64-10"),

  /** 784–512–1024–512–10, sigmoid between the layers, cross-entropy, momentum. */
  SIGMOID(64, 0.01, "784-512-1024-512-10"),

  /** The same with ReLU. */
  RELU(64, 0.01, "784-512-1024-512-10");

  /** The momentum of the deeper two. */
  public static final double MOMENTUM = 0.5;

  private final int batchSize;
  private final double rate;
  private final String sizes;

  NetworkCase(int batchSize, double rate, String sizes) {
    this.batchSize = batchSize;
    this.rate = rate;
    this.sizes = sizes;
  }

  private int[] widths() {
    return Arrays.stream(sizes.split("-", -1)).mapToInt(Integer::parseInt).toArray();
  }

  /** The learning rate. */
  public double rate() {
    return rate;
  }

  /** The network before training. */
  public Sequential model() {
    Generator g = new Generator(66);
    int[] widths = widths();
    List<Module> modules = new ArrayList<>();
    for (int i = 1; i < widths.length; i++) {
      Linear linear = new Linear(widths[i - 1], widths[i], g);
      modules.add(linear);
      if (this == TANH) {
        double bound = Math.sqrt(1.0 / widths[i - 1]);
        Init.uniform(linear.weight().value(), -bound, bound, g);
        Init.constant(linear.bias().value(), 0);
        modules.add(new Tanh());
      } else if (i < widths.length - 1) {
        modules.add(this == SIGMOID ? new Sigmoid() : new ReLU());
      }
    }
    return new Sequential(modules.toArray(Module[]::new));
  }

  /** The images of a step, from 0. */
  public Tensor inputs(int step) {
    Tensor inputs = Tensor.zeros(batchSize, widths()[0]);
    new Generator(1000 + step)
        .uniform(inputs.data(), this == TANH ? 0 : -0.42, this == TANH ? 1 : 2.82);
    return inputs;
  }

  /** The targets of a step, from 0: one of ten in each row, or class indices. */
  public Tensor targets(int step) {
    Generator g = new Generator(5000 + step);
    Tensor targets = this == TANH ? Tensor.zeros(batchSize, 10) : Tensor.zeros(batchSize);
    for (int i = 0; i < batchSize; i++) {
      int label = (int) (g.random32() % 10);
      if (this == TANH) {
        targets.set(1, i, label);
      } else {
        targets.set(label, i);
      }
    }
    return targets;
  }

  /** The loss before each step of a training of the model, by Doppio. */
  public double[] train(Sequential model, int steps) {
    Loss loss = this == TANH ? new MSE() : new CrossEntropy();
    Optimizer optimizer =
        this == TANH
            ? new SGD(model.parameters(), rate)
            : new Momentum(model.parameters(), rate, MOMENTUM);
    double[] losses = new double[steps];
    for (int step = 0; step < steps; step++) {
      optimizer.zeroGrad();
      losses[step] = loss.forward(model.forward(inputs(step)), targets(step));
      model.accumulateGradients(loss.backward());
      optimizer.step();
    }
    return losses;
  }
}
