package doppio.bench;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.MSE;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.TransformerEncoderLayer;
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
 * A training step of two encoder layers, in microseconds: 64 numbers a step, 4 heads, 256 between
 * the linear layers, no dropout, 32 steps, 32 sequences; and an answer for one sequence.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EncoderStep {
  private static final int DIM = 64;

  @Param({"false", "true"})
  public boolean causal;

  private Sequential model;
  private MSE loss;
  private SGD optimizer;
  private Tensor x;
  private Tensor y;
  private Tensor one;

  @Setup
  public void setUp() {
    Generator generator = new Generator(1);
    model = new Sequential(layer(generator), layer(generator));
    loss = new MSE();
    optimizer = new SGD(model.parameters(), 0.01);
    x = normal(generator, 32, 32, DIM);
    y = normal(generator, 32, 32, DIM);
    one = normal(generator, 32, DIM);
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

  private TransformerEncoderLayer layer(Generator generator) {
    return new TransformerEncoderLayer(DIM, 4, 4 * DIM, 0, new ReLU(), false, causal, generator);
  }

  private static Tensor normal(Generator generator, int... shape) {
    Tensor t = Tensor.zeros(shape);
    generator.normal(t.data(), 0, 1);
    return t;
  }
}
