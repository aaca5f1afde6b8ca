package doppio.bench;

import doppio.internal.choice.KernelChoice;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Element-wise kernels on 8,192 numbers: nanoseconds for each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Activations.SIZE)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Activations {
  static final int SIZE = 8192;

  private final double[] x = new Random(1).doubles(SIZE, -4, 4).toArray();
  private final double[] g = new Random(2).doubles(SIZE, -1, 1).toArray();
  private final double[] y = new double[SIZE];

  @Benchmark
  public double[] relu() {
    KernelChoice.kernels().relu(x, 0, y, 0, x.length);
    return y;
  }

  @Benchmark
  public double[] reluGradient() {
    KernelChoice.kernels().reluGradient(x, 0, g, 0, y, 0, x.length);
    return y;
  }

  @Benchmark
  public double[] tanh() {
    KernelChoice.kernels().tanh(x, 0, y, 0, x.length);
    return y;
  }

  @Benchmark
  public double[] tanhGradient() {
    KernelChoice.kernels().tanhGradient(x, 0, g, 0, y, 0, x.length);
    return y;
  }

  @Benchmark
  public double[] sigmoid() {
    KernelChoice.kernels().sigmoid(x, 0, y, 0, x.length);
    return y;
  }

  @Benchmark
  public double[] softmaxOfEight() {
    KernelChoice.kernels().softmax(x, 0, y, 0, x.length / 8, 8);
    return y;
  }
}
