package doppio.bench;

import doppio.internal.choice.KernelChoice;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * The three products of a linear layer at the shapes of the networks that the library is measured
 * by, for a batch and for a single sample. The counter {@code gflop} over time is GFLOP/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LinearProducts {
  /** Samples, inputs, outputs. */
  @Param({
    "64x784x512",
    "64x512x1024",
    "64x1024x512",
    "64x784x128",
    "64x128x64",
    "64x64x10",
    "1x784x128",
    "1x784x512",
    "57x333x129"
  })
  public String shape;

  private int n;
  private int in;
  private int out;
  private double[] x;
  private double[] w;
  private double[] b;
  private double[] y;
  private double[] gx;
  private double[] gw;

  /** Work done, in units of 10⁹ operations. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Work {
    public double gflop;
  }

  @Setup
  public void setUp() {
    String[] sizes = shape.split("x", -1);
    n = Integer.parseInt(sizes[0]);
    in = Integer.parseInt(sizes[1]);
    out = Integer.parseInt(sizes[2]);
    Random random = new Random(1);
    x = random.doubles((long) n * in).toArray();
    w = random.doubles((long) in * out).toArray();
    b = random.doubles(out).toArray();
    y = new double[n * out];
    gx = new double[n * in];
    gw = new double[in * out];
  }

  @Benchmark
  public double[] forward(Work work) {
    KernelChoice.kernels().linear(x, 0, w, 0, b, 0, y, 0, n, in, out);
    work.gflop += 2e-9 * n * in * out;
    return y;
  }

  @Benchmark
  public double[] inputGradient(Work work) {
    KernelChoice.kernels().linearInputGradient(y, 0, w, 0, gx, 0, n, in, out);
    work.gflop += 2e-9 * n * in * out;
    return gx;
  }

  @Benchmark
  public double[] weightGradient(Work work) {
    KernelChoice.kernels().linearWeightGradient(y, 0, x, 0, gw, 0, n, in, out, false);
    work.gflop += 2e-9 * n * in * out;
    return gw;
  }
}
