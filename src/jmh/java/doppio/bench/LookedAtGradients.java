package doppio.bench;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.GradientClip;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
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

/**
 * A step on one sample, 784–128–64–10, tanh, squared error, in microseconds: whether somebody has
 * asked for the gradients once should not show in the later steps.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(2)
public class LookedAtGradients {
  @Param({"false", "true"})
  public boolean looked;

  private Sequential model;
  private Loss loss;
  private Optimizer optimizer;
  private Tensor x;
  private Tensor y;

  @Setup
  public void setUp() {
    Generator generator = new Generator(1);
    model =
        new Sequential(
            new Linear(784, 128, generator),
            new Tanh(),
            new Linear(128, 64, generator),
            new Tanh(),
            new Linear(64, 10, generator),
            new Tanh());
    loss = new MSE();
    optimizer = new SGD(model.parameters(), 0.01);
    x = Tensor.zeros(1, 784);
    generator.normal(x.data(), 0, 1);
    y = Tensor.full(0.5, 1, 10);
    step();
    if (looked) {
      for (Parameter parameter : model.parameters()) {
        parameter.grad();
      }
    }
  }

  @Benchmark
  public double step() {
    double value = backward();
    optimizer.step();
    return value;
  }

  /** The gradients are scaled at each step, for they are never that small. */
  @Benchmark
  public double clippedStep() {
    double value = backward();
    GradientClip.norm(model.parameters(), 1e-9);
    optimizer.step();
    return value;
  }

  /** What a step costs in which somebody looks. */
  @Benchmark
  public double lookingStep() {
    double value = backward();
    for (Parameter parameter : model.parameters()) {
      parameter.grad();
    }
    optimizer.step();
    return value;
  }

  private double backward() {
    optimizer.zeroGrad();
    double value = loss.forward(model.forward(x), y);
    model.accumulateGradients(loss.backward());
    return value;
  }
}
