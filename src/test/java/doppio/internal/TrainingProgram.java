package doppio.internal;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.choice.KernelChoice;
import doppio.internal.scalar.Enough;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.loss.Reduction;
import doppio.nn.CausalConv1d;
import doppio.nn.Concat;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.Flatten;
import doppio.nn.GRU;
import doppio.nn.LSTM;
import doppio.nn.LastStep;
import doppio.nn.Linear;
import doppio.nn.MeanOverSteps;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.RNN;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.nn.Tanh;
import doppio.nn.Window;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Trains a network for {@link SameBitsTest} and prints what became of it. Halfway it is time to
 * choose the kernels, where that is left to the library.
 */
public final class TrainingProgram {
  private static final int CLASSES = 11;

  private TrainingProgram() {}

  /**
   * Prints three lines: the class of the kernels, whether the loss fell, and the digest of all
   * parameters. The arguments are the width of the widest layer's input, the largest batch and the
   * number of steps; a single one is for interpreters, and leaves sequences and images out. A
   * fourth one is the file for a {@link BitTrace}.
   */
  public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
    int wide = Integer.parseInt(arguments[0]);
    int largest = Integer.parseInt(arguments[1]);
    int steps = Integer.parseInt(arguments[2]);
    try (BitTrace trace = arguments.length > 3 ? new BitTrace(Path.of(arguments[3])) : null) {
      train(wide, largest, steps, trace);
    }
  }

  private static void train(int wide, int largest, int steps, BitTrace trace)
      throws NoSuchAlgorithmException {
    int[] batches = {7, 1, 1, 7, 64, 1, 7, 1, 7, 1};
    Generator generator = new Generator(7);
    Sequential network =
        new Sequential(
            new Linear(23, wide, generator),
            new Tanh(),
            new Linear(wide, wide + 100, generator),
            new ReLU(),
            new Dropout(0.2, generator),
            new Linear(wide + 100, 53, generator),
            new Sigmoid(),
            new Linear(53, 3, generator),
            new Tanh(),
            new Linear(3, CLASSES, generator));
    Optimizer optimizer = new Momentum(network.parameters(), 3e-4, 0.9).nesterov(true);
    optimizer.weightDecay(1e-4);
    CrossEntropy loss = new CrossEntropy(Reduction.SUM);
    Tensor all = RandomTensors.normal(99, largest, 23);
    Tensor probe = rows(all, 0, 16);
    double before = loss.forward(network.infer(probe), targets(probe));
    for (int step = 0; step < steps; step++) {
      if (step == steps / 2) {
        Enough.seen(KernelChoice.kernels());
      }
      int n = step == steps / 2 ? largest : Math.min(largest, batches[step % batches.length]);
      Tensor x = rows(all, step, n);
      step(network, optimizer, loss, x, targets(x), trace);
    }
    double after = loss.forward(network.infer(probe), targets(probe));
    System.out.println(KernelChoice.kernels().getClass().getSimpleName());
    System.out.println(after < before ? "learned" : "loss went from " + before + " to " + after);
    List<Parameter> parameters = network.parameters();
    if (steps > 1) {
      parameters.addAll(sequences(generator, trace).parameters());
      parameters.addAll(images(generator, trace).parameters());
    }
    System.out.println(digest(parameters));
  }

  /** A network for sequences after a few steps; its products are large enough for threads. */
  private static Module sequences(Generator generator, BitTrace trace) {
    Module network =
        new Sequential(
            new CausalConv1d(5, 7, 3, 2, generator),
            new LSTM(7, 101, 2, true, generator),
            new GRU(202, 31, generator),
            new RNN(31, 13, generator),
            new Concat(new LastStep(), new MeanOverSteps()),
            new Linear(26, CLASSES, generator));
    Optimizer optimizer = new Momentum(network.parameters(), 1e-2, 0.9);
    CrossEntropy loss = new CrossEntropy();
    for (int n : new int[] {64, 1, 67}) {
      Tensor x = RandomTensors.normal(n, n, 9, 5);
      step(network, optimizer, loss, x, Tensor.zeros(n), trace);
    }
    return network;
  }

  /** A network for images after a few steps, of odd sizes. */
  private static Module images(Generator generator, BitTrace trace) {
    Module network =
        new Sequential(
            new Conv2d(3, 11, 3, generator),
            new ReLU(),
            new Conv2d(11, 13, Window.of(3).stride(2).padding(1), generator),
            new ReLU(),
            new Flatten(),
            new Linear(13 * 6 * 7, CLASSES, generator));
    Optimizer optimizer = new Momentum(network.parameters(), 1e-2, 0.9);
    CrossEntropy loss = new CrossEntropy();
    for (int n : new int[] {17, 1, 64}) {
      Tensor x = RandomTensors.normal(n, n, 3, 13, 15);
      step(network, optimizer, loss, x, Tensor.zeros(n), trace);
    }
    return network;
  }

  private static void step(
      Module network, Optimizer optimizer, Loss loss, Tensor x, Tensor targets, BitTrace trace) {
    Runnable step =
        () -> {
          optimizer.zeroGrad();
          loss.forward(network.forward(x), targets);
          network.accumulateGradients(loss.backward());
          optimizer.step();
        };
    if (trace == null) {
      step.run();
    } else {
      trace.step(network, x.dim(0), step);
    }
  }

  /** Some rows, others at each step. */
  private static Tensor rows(Tensor all, int step, int n) {
    int width = all.dim(1);
    int from = step * 13 % (all.dim(0) - n + 1) * width;
    return Tensor.wrap(Arrays.copyOfRange(all.data(), from, from + n * width), n, width);
  }

  /** Which of the first elements is the largest. */
  private static Tensor targets(Tensor x) {
    Tensor targets = Tensor.zeros(x.dim(0));
    for (int n = 0; n < x.dim(0); n++) {
      int largest = 0;
      for (int i = 1; i < CLASSES; i++) {
        largest = x.get(n, i) > x.get(n, largest) ? i : largest;
      }
      targets.set(largest, n);
    }
    return targets;
  }

  private static String digest(List<Parameter> parameters) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Parameter parameter : parameters) {
      double[] values = parameter.value().data();
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
      for (double value : values) {
        bytes.putLong(Double.doubleToLongBits(value));
      }
      digest.update(bytes.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
