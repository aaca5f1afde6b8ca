package doppio.bench;

import doppio.internal.Convolution;
import doppio.internal.ConvolutionKernels;
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
 * The three products of a convolution, 3 × 3 with padding 1, at the shapes of the networks that the
 * library is measured by, for a batch and for a single image. The counter {@code gflop} over time
 * is GFLOP/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ConvolutionProducts {
  /** Images, channels, height and width, outputs. */
  @Param({"64x1x28x16", "64x16x14x32", "32x32x28x32", "1x1x28x16", "1x16x14x32", "16x3x56x32"})
  public String shape;

  private int n;
  private Convolution convolution;
  private ConvolutionKernels kernels;
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
    int in = Integer.parseInt(sizes[1]);
    int side = Integer.parseInt(sizes[2]);
    int out = Integer.parseInt(sizes[3]);
    convolution = new Convolution(in, side, side, out, 1, 3, 3, 1, 1, 1, 1, 1, 1, side, side);
    kernels = KernelChoice.kernels().convolutions();
    Random random = new Random(1);
    x = random.doubles((long) n * in * side * side).toArray();
    w = random.doubles((long) out * in * 9).toArray();
    b = random.doubles(out).toArray();
    y = new double[n * out * side * side];
    gx = new double[x.length];
    gw = new double[w.length];
  }

  @Benchmark
  public double[] forward(Work work) {
    kernels.forward(convolution, x, 0, w, 0, b, 0, y, 0, n);
    work.gflop += 2e-9 * convolution.work(n);
    return y;
  }

  @Benchmark
  public double[] inputGradient(Work work) {
    kernels.inputGradient(convolution, y, 0, w, 0, gx, 0, n);
    work.gflop += 2e-9 * convolution.work(n);
    return gx;
  }

  @Benchmark
  public double[] weightGradient(Work work) {
    kernels.weightGradient(convolution, y, 0, x, 0, gw, 0, n, false);
    work.gflop += 2e-9 * convolution.work(n);
    return gw;
  }
}
