package doppio.bench;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A whole training step, and one answer of the trained network, in microseconds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TrainingStep {
  /** What is trained. */
  public enum Workload {
    /** 784–128–64–10, tanh, squared error, one sample a step. */
    ONLINE(1, "784-128-64-10"),
    /** The same, 64 samples a step. */
    BATCH(64, "784-128-64-10"),
    /** 784–512–1024–512–10, ReLU, cross-entropy, momentum, 64 samples a step. */
    DEEP(64, "784-512-1024-512-10"),
    /** 2–16–1, ReLU, squared error, 200 samples a step. */
    TINY(200, "2-16-1");

    private final int batch;
    private final String sizes;

    Workload(int batch, String sizes) {
      this.batch = batch;
      this.sizes = sizes;
    }
  }

  @Param public Workload workload;

  private Sequential model;
  private Loss loss;
  private Optimizer optimizer;
  private Tensor x;
  private Tensor y;
  private Tensor one;

  @Setup
  public void setUp() {
    Generator generator = new Generator(1);
    int[] sizes =
        Arrays.stream(workload.sizes.split("-", -1)).mapToInt(Integer::parseInt).toArray();
    boolean tanh = workload == Workload.ONLINE || workload == Workload.BATCH;
    boolean deep = workload == Workload.DEEP;
    List<Module> modules = new ArrayList<>();
    for (int i = 0; i + 1 < sizes.length; i++) {
      modules.add(new Linear(sizes[i], sizes[i + 1], generator));
      if (tanh) {
        modules.add(new Tanh());
      } else if (i + 2 < sizes.length) {
        modules.add(new ReLU());
      }
    }
    model = new Sequential(modules.toArray(new Module[0]));
    loss = deep ? new CrossEntropy() : new MSE();
    optimizer =
        deep ? new Momentum(model.parameters(), 0.01, 0.5) : new SGD(model.parameters(), 0.01);
    x = Tensor.zeros(workload.batch, sizes[0]);
    generator.normal(x.data(), 0, 1);
    y = deep ? Tensor.zeros(workload.batch) : model.infer(x).fill(0.5);
    one = Tensor.zeros(1, sizes[0]);
    generator.normal(one.data(), 0, 1);
  }

  @Benchmark
  public double step() {
    optimizer.zeroGrad();
    double value = loss.forward(model.forward(x), y);
    model.accumulateGradients(loss.backward());
    optimizer.step();
    return value;
  }

  @Benchmark
  public Tensor infer() {
    return model.infer(one);
  }
}
