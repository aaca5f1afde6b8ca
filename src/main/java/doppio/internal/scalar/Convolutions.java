package doppio.internal.scalar;

import doppio.internal.Convolution;
import doppio.internal.ConvolutionKernels;
import doppio.internal.Patches;
import doppio.internal.Scratch;
import doppio.internal.Unfolding;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * The products of a convolution: those of a linear layer over {@link Patches}, one group of
 * channels after the other. Here in plain Java, out of {@link Tiles}.
 */
public class Convolutions implements ConvolutionKernels {
  private static final int ROWS = Tiles.ROWS;

  /** Elements of transposed weights that are worked on at a time: 1 MB. */
  protected static final int WEIGHTS = 1 << 17;

  /** So few channels do not pay for a copy of their terms. */
  protected static final int FEW = 2;

  private final Countdown countdown;

  /** Whose work nobody counts. */
  protected Convolutions() {
    this(Countdown.NONE);
  }

  Convolutions(Countdown countdown) {
    this.countdown = countdown;
  }

  @Override
  public final void forward(
      Convolution c,
      double[] x,
      int x0,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      double[] y,
      int y0,
      int n) {
    long work = c.work(n);
    countdown.see(work);
    Unfolding u = Unfolding.ofInputs(c, n, shares(work));
    for (int g = 0; g < c.groups(); g++) {
      int from = g * c.groupOut();
      outputs(
          c,
          u,
          x,
          x0 + g * c.groupChannels() * c.pixels(),
          w,
          w0 + from * c.depth(),
          bias,
          b0 + from,
          y,
          y0 + from * c.positions());
    }
  }

  @Override
  public final void inputGradient(
      Convolution c, double[] gy, int gy0, double[] w, int w0, double[] gx, int gx0, int n) {
    long work = c.work(n);
    countdown.see(work);
    int shares = shares(work / c.strideHeight() / c.strideWidth());
    for (int row = 0; row < Math.min(c.strideHeight(), c.height()); row++) {
      for (int column = 0; column < Math.min(c.strideWidth(), c.width()); column++) {
        Unfolding u = Unfolding.ofOutputs(c, row, column, n, shares);
        for (int g = 0; g < c.groups(); g++) {
          int from = g * c.groupOut();
          inputs(
              c,
              u,
              gy,
              gy0 + from * c.positions(),
              w,
              w0 + from * c.depth(),
              gx,
              gx0 + g * c.groupChannels() * c.pixels());
        }
      }
    }
  }

  @Override
  public final void weightGradient(
      Convolution c,
      double[] gy,
      int gy0,
      double[] x,
      int x0,
      double[] gw,
      int gw0,
      int n,
      boolean add) {
    if (n == 0) {
      if (!add) {
        Arrays.fill(gw, gw0, gw0 + c.out() * c.depth(), 0);
      }
      return;
    }
    countdown.see(c.work(n));
    Unfolding u = Unfolding.ofInputs(c, n, 1);
    for (int g = 0; g < c.groups(); g++) {
      int from = g * c.groupOut();
      weights(
          c,
          u,
          gy,
          gy0 + from * c.positions(),
          x,
          x0 + g * c.groupChannels() * c.pixels(),
          gw,
          gw0 + from * c.depth(),
          add);
    }
  }

  @Override
  public final void biasGradient(
      Convolution c, double[] gy, int gy0, double[] gb, int gb0, int n, boolean add) {
    int positions = c.positions();
    if (!add) {
      Arrays.fill(gb, gb0, gb0 + c.out(), 0);
    }
    for (int image = 0; image < n; image++) {
      int at = gy0 + image * c.out() * positions;
      for (int o = 0; o < c.out(); o += ROWS, at += ROWS * positions) {
        Planes.addSums(gy, at, positions, Math.min(ROWS, c.out() - o), gb, gb0 + o);
      }
    }
  }

  /** The outputs of one group. */
  protected void outputs(
      Convolution c,
      Unfolding u,
      double[] x,
      int x0,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      double[] y,
      int y0) {
    eachBlock(
        u,
        c.groupOut(),
        x,
        x0,
        (patches, scratch) ->
            Planes.outputs(
                patches, u.depth(), w, w0, bias, b0, c.groupOut(), y, y0, c.positions(), scratch));
  }

  /** The gradients of those inputs of one group that the unfolding is for. */
  protected void inputs(
      Convolution c, Unfolding u, double[] gy, int gy0, double[] w, int w0, double[] gx, int gx0) {
    Scratch packed = Scratch.take();
    int depth = u.depth();
    int most = Math.max(ROWS, WEIGHTS / Math.max(depth, 1));
    double[] terms = packed.panels(Math.min(most, c.groupChannels()) * depth);
    boolean runs = c.groupChannels() <= FEW && u.hasRuns(Planes.RUN);
    for (int c0 = 0; c0 < c.groupChannels(); c0 += most) {
      int channels = Math.min(most, c.groupChannels() - c0);
      int at = gx0 + c0 * c.pixels();
      u.weights(w, w0, c, c0, c0 + channels, terms);
      eachBlock(
          u,
          channels,
          gy,
          gy0,
          (patches, scratch) -> {
            if (runs) {
              Planes.sumsOfRuns(patches, depth, terms, channels, gx, at, c.pixels());
            } else {
              Planes.sums(patches, depth, terms, channels, gx, at, c.pixels(), scratch);
            }
          });
    }
    packed.give();
  }

  /** The gradient of the weights of one group. */
  protected void weights(
      Convolution c,
      Unfolding u,
      double[] gy,
      int gy0,
      double[] x,
      int x0,
      double[] gw,
      int gw0,
      boolean add) {
    int depth = c.depth();
    long work = u.work(c.groupOut());
    int columns = part(depth, Tiles.WIDTH, 32, shares(work));
    int blocks = (depth - 1) / columns + 1;
    int rows = part(c.groupOut(), 256, ROWS, (shares(work) - 1) / blocks + 1);
    Parallel.run(
        blocks * ((c.groupOut() - 1) / rows + 1),
        work,
        (from, to) -> {
          for (int part = from; part < to; part++) {
            int k0 = part % blocks * columns;
            int o0 = part / blocks * rows;
            Correlation.add(
                u,
                gy,
                gy0 + o0 * c.positions(),
                c.positions(),
                Math.min(rows, c.groupOut() - o0),
                x,
                x0,
                k0,
                Math.min(columns, depth - k0),
                gw,
                gw0 + o0 * depth + k0,
                depth,
                add);
          }
        });
  }

  /** What is done with the patches of a block, which threads share. */
  @FunctionalInterface
  protected interface Block {
    /** Does it, with scratch that nobody else has. */
    void run(Patches patches, Scratch scratch);
  }

  /** Loads the patches of each block of a source, for so many planes of results. */
  protected static void eachBlock(Unfolding u, int planes, double[] source, int s0, Block work) {
    Parallel.run(
        u.blocks(),
        u.work(planes),
        (from, to) -> {
          Scratch scratch = Scratch.take();
          for (int block = from; block < to; block++) {
            scratch.patches.load(u, source, s0, block, false);
            work.run(scratch.patches, scratch);
          }
          scratch.give();
        });
  }

  /**
   * A size in parts as equal as can be: at least so many parts, unless they were smaller than
   * {@code least}, and none larger than {@code most}.
   */
  protected static int part(int size, int most, int least, int parts) {
    int count = Math.max((size - 1) / most + 1, Math.min(parts, size / least));
    return (size - 1) / count + 1;
  }

  /** In how many parts work that size is worth to be shared. */
  protected static int shares(long work) {
    return Parallel.alone(work) ? 1 : Parallel.THREADS;
  }
}
