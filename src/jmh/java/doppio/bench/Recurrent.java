package doppio.bench;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.MSE;
import doppio.nn.GRU;
import doppio.nn.LSTM;
import doppio.nn.Module;
import doppio.nn.RNN;
import doppio.nn.Stepper;
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

/** A training step, 32 → 128, over 50 steps of 32 sequences, and what answers cost, in µs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Recurrent {
  private static final int IN = 32;
  private static final int HIDDEN = 128;

  @Param({"LSTM", "GRU", "RNN"})
  public String layer;

  private Module model;
  private MSE loss;
  private SGD optimizer;
  private Tensor x;
  private Tensor y;
  private Stepper stepper;
  private Tensor one;

  @Setup
  public void setUp() {
    Generator generator = new Generator(1);
    model =
        switch (layer) {
          case "RNN" -> new RNN(IN, HIDDEN, generator);
          case "GRU" -> new GRU(IN, HIDDEN, generator);
          default -> new LSTM(IN, HIDDEN, generator);
        };
    loss = new MSE();
    optimizer = new SGD(model.parameters(), 0.01);
    x = Tensor.zeros(32, 50, IN);
    generator.normal(x.data(), 0, 1);
    y = Tensor.zeros(32, 50, HIDDEN);
    stepper = model.stepper();
    one = Tensor.zeros(IN);
    generator.normal(one.data(), 0, 1);
  }

  @Benchmark
  public double trainingStep() {
    optimizer.zeroGrad();
    double value = loss.forward(model.forward(x), y);
    model.accumulateGradients(loss.backward());
    optimizer.step();
    return value;
  }

  @Benchmark
  public Tensor infer() {
    return model.infer(x);
  }

  @Benchmark
  public Tensor step() {
    return stepper.step(one);
  }
}
