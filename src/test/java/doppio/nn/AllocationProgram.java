package doppio.nn;

import com.sun.management.ThreadMXBean;
import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.loss.BCEWithLogits;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.loss.NLL;
import doppio.optim.Adam;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import doppio.own.Skip;
import java.lang.management.ManagementFactory;

/** Measures what a step of training allocates, for {@link AllocationTest}. */
final class AllocationProgram {
  private static final int STEPS = 20;

  /**
   * The total of so many windows of steps counts, one after the other: what is allocated once in
   * 2,000 steps is in it.
   */
  private static final int WINDOWS = 100;

  /**
   * The same of a large batch and of other layers, where 300 steps take as long; and of the vector
   * kernels, whose vectors are objects until all is compiled.
   */
  private static final int WINDOWS_OF_OTHERS = 15;

  /**
   * Objects that do not escape are gone when all is compiled, which takes so many steps at most.
   */
  private static final int MOST_STEPS = 40_000;

  /** A large batch has more loops in a step, for which it is compiled sooner. */
  private static final int MOST_STEPS_OF_LARGE = 4000;

  private static final String KERNELS = System.getProperty("doppio.kernels");
  private static final ThreadMXBean JVM = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static final String[] NETWORKS = {
    "784-128-64-10", "64-128-10", "composites", "normalised", "images", "sequences", "attention"
  };

  private AllocationProgram() {}

  /**
   * Prints a line for every network, batch size and optimizer: by how many bytes it exceeds, and by
   * how many it may.
   */
  public static void main(String[] arguments) {
    for (String network : NETWORKS) {
      for (int batch : new int[] {1, 64}) {
        for (String optimizer : new String[] {"SGD", "Momentum", "Adam", "infer"}) {
          String title = network + " batch " + batch + " " + optimizer;
          System.out.println(title + ": " + measure(new Step(network, batch, optimizer), batch));
        }
      }
    }
  }

  private static String measure(Step step, int batch) {
    long allowed = step.allowed();
    boolean isQuick = batch == 1 && step.isPlain && KERNELS.equals("scalar");
    long[] window = new long[isQuick ? WINDOWS : WINDOWS_OF_OTHERS];
    long total = 0;
    long least = Long.MAX_VALUE;
    int rounds = (batch == 1 ? MOST_STEPS : MOST_STEPS_OF_LARGE) / STEPS;
    for (int round = 0; round < rounds && least > allowed; round++) {
      int place = round % window.length;
      total -= window[place];
      window[place] = beyondReturned(step);
      total += window[place];
      if (round >= window.length - 1) {
        least = Math.min(least, total / ((long) STEPS * window.length));
      }
    }
    return least + " of " + allowed;
  }

  /** In a window of steps, less what they returned. */
  private static long beyondReturned(Step step) {
    long start = allocated();
    for (int i = 0; i < STEPS; i++) {
      step.run();
    }
    long middle = allocated();
    for (int i = 0; i < STEPS; i++) {
      step.copyReturned();
    }
    long end = allocated();
    return (middle - start) - (end - middle);
  }

  private static long allocated() {
    return JVM.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** A network in training, on one batch. */
  private static final class Step {
    private final Module network;
    private final Loss loss;
    private final Optimizer optimizer;
    private final Tensor x;
    private final Tensor target;
    private final boolean infers;
    private final boolean isPlain;

    /** The output and its gradient, which are the caller's own. */
    final Tensor[] returned = new Tensor[2];

    /**
     * A few small objects for each parameter: settings of the step and what hands parts on. Other
     * layers have more loops than are compiled in so many steps; one tensor forgotten in a batch of
     * 64 has more than all of this.
     */
    long allowed() {
      return 640 + (isPlain ? 128L : 320L) * network.parameters().size();
    }

    Step(String name, int batch, String rule) {
      Generator generator = new Generator(1);
      infers = rule.equals("infer");
      isPlain = Character.isDigit(name.charAt(0));
      if (name.equals("composites")) {
        network =
            new Sequential(
                new Linear(64, 96, generator),
                new Skip(new Sequential(new Linear(96, 96, generator), new Tanh())),
                new Residual(new Linear(96, 96, generator)),
                new Concat(new Linear(96, 30, generator), new ReLU()),
                new Linear(126, 10, generator));
        loss = new CrossEntropy();
        x = RandomTensors.normal(2, batch, 64);
        target = Tensor.zeros(batch);
      } else if (name.equals("normalised")) {
        network =
            new Sequential(
                new Linear(64, 96, generator),
                new GELU(),
                new LayerNorm(96),
                new SiLU(),
                new Linear(96, 96, generator),
                new ELU(),
                new Softplus(),
                new Linear(96, 10, generator),
                new LogSoftmax());
        loss = new NLL();
        x = RandomTensors.normal(2, batch, 64);
        target = Tensor.zeros(batch);
      } else if (name.equals("images")) {
        network =
            new Sequential(
                new BatchNorm2d(2),
                GELU.tanh(),
                new MaxPool2d(2),
                new AvgPool2d(Window.of(3).padding(1).stride(1)),
                new Flatten(),
                new Linear(32, 10, generator));
        loss = new BCEWithLogits();
        x = RandomTensors.normal(2, batch, 2, 8, 8);
        target = Tensor.zeros(batch, 10);
      } else if (name.equals("sequences")) {
        network =
            new Sequential(
                new CausalConv1d(5, 8, 3, 2, generator),
                new LSTM(8, 12, generator),
                new GRU(12, 10, generator),
                new Concat(new LastStep(), new MeanOverSteps()),
                new Linear(20, 3, generator));
        loss = new CrossEntropy();
        x = RandomTensors.normal(2, batch, 6, 5);
        target = Tensor.zeros(batch);
      } else if (name.equals("attention")) {
        network =
            new Sequential(
                new PositionalEncoding(8),
                new TransformerEncoderLayer(8, 2, 16, 0, new ReLU(), true, true, generator),
                new SelfAttention(8, 4, 0.1, false, generator),
                new Linear(8, 10, generator));
        loss = new CrossEntropy();
        x = RandomTensors.normal(2, batch, 16, 8);
        target = Tensor.zeros(batch, 16);
      } else if (name.equals("64-128-10")) {
        network =
            new Sequential(
                new Linear(64, 128, generator), new ReLU(), new Linear(128, 10, generator));
        loss = new CrossEntropy();
        x = RandomTensors.normal(2, batch, 64);
        target = Tensor.zeros(batch);
      } else {
        network =
            new Sequential(
                new Linear(784, 128, generator),
                new Tanh(),
                new Linear(128, 64, generator),
                new Tanh(),
                new Linear(64, 10, generator),
                new Tanh());
        loss = new MSE();
        x = RandomTensors.normal(2, batch, 784);
        target = RandomTensors.normal(3, batch, 10);
      }
      optimizer =
          switch (rule) {
            case "SGD" -> new SGD(network.parameters(), 0.01);
            case "Momentum" -> new Momentum(network.parameters(), 0.01, 0.9);
            default -> new Adam(network.parameters(), 0.001);
          };
    }

    void copyReturned() {
      returned[0] = returned[0].copy();
      if (!infers) {
        returned[1] = returned[1].copy();
      }
    }

    void run() {
      if (infers) {
        returned[0] = network.infer(x);
        return;
      }
      optimizer.zeroGrad();
      returned[0] = network.forward(x);
      loss.forward(returned[0], target);
      returned[1] = loss.backward();
      network.accumulateGradients(returned[1]);
      optimizer.step();
    }
  }
}
