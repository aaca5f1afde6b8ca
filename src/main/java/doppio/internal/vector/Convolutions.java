package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.OuterTiles.ROWS;
import static doppio.internal.vector.Packing.WIDTH;

import doppio.internal.Convolution;
import doppio.internal.Scratch;
import doppio.internal.Unfolding;
import doppio.internal.threads.Parallel;

/** The products of a convolution out of {@link OuterTiles}. */
final class Convolutions extends doppio.internal.scalar.Convolutions {
  /** Columns of a weight's gradient whose terms are copied at a time. */
  private static final int COLUMNS = 512 / WIDTH * WIDTH;

  /** As many outputs. */
  private static final int OUTPUTS = 256;

  @Override
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
    int depth = u.depth();
    if (depth == PartTiles.NINE && u.hasRuns(LANES)) {
      eachBlock(
          u,
          c.groupOut(),
          x,
          x0,
          (patches, scratch) ->
              Planes.nine(patches, w, w0, bias, b0, c.groupOut(), y, y0, c.positions()));
      return;
    }
    Scratch packed = Scratch.take();
    int most = whole(WEIGHTS / depth, ROWS);
    for (int o0 = 0; o0 < c.groupOut(); o0 += most) {
      int first = o0;
      int planes = Math.min(most, c.groupOut() - o0);
      double[] rows = packed.others(Packing.packed(planes, depth));
      Packing.byResidue(w, w0 + o0 * depth, planes, depth, ROWS, OuterTiles.PITCH, rows);
      int to0 = y0 + o0 * c.positions();
      eachBlock(
          u,
          planes,
          x,
          x0,
          (patches, scratch) ->
              Planes.outputs(
                  patches, depth, rows, bias, b0 + first, planes, y, to0, c.positions(), scratch));
    }
    packed.give();
  }

  @Override
  protected void inputs(
      Convolution c, Unfolding u, double[] gy, int gy0, double[] w, int w0, double[] gx, int gx0) {
    Scratch packed = Scratch.take();
    int depth = u.depth();
    int channels = c.groupChannels();
    if (channels <= FEW && u.hasRuns(LANES)) {
      double[] rows = packed.panels(channels * depth);
      u.weights(w, w0, c, 0, channels, rows);
      eachBlock(
          u,
          channels,
          gy,
          gy0,
          (patches, scratch) ->
              Planes.sumsOfRuns(patches, depth, rows, channels, gx, gx0, c.pixels()));
      packed.give();
      return;
    }
    int most = whole(WEIGHTS / Math.max(depth, 1), ROWS);
    double[] terms = packed.panels(Math.min(most, c.groupChannels()) * depth);
    for (int c0 = 0; c0 < c.groupChannels(); c0 += most) {
      int planes = Math.min(most, c.groupChannels() - c0);
      u.weights(w, w0, c, c0, c0 + planes, terms);
      double[] rows = Packing.packRows(terms, 0, planes, depth, packed);
      int to0 = gx0 + c0 * c.pixels();
      eachBlock(
          u,
          planes,
          gy,
          gy0,
          (patches, scratch) ->
              Planes.sums(patches, depth, rows, planes, gx, to0, c.pixels(), scratch));
    }
    packed.give();
  }

  @Override
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
    int columns = whole(part(depth, COLUMNS, WIDTH, shares(work)), WIDTH);
    int blocks = (depth - 1) / columns + 1;
    int planes = whole(part(c.groupOut(), OUTPUTS, ROWS, (shares(work) - 1) / blocks + 1), ROWS);
    Parallel.run(
        blocks * ((c.groupOut() - 1) / planes + 1),
        work,
        (from, to) -> {
          for (int part = from; part < to; part++) {
            int k0 = part % blocks * columns;
            int o0 = part / blocks * planes;
            Correlation.add(
                c,
                u,
                gy,
                gy0 + o0 * c.positions(),
                Math.min(planes, c.groupOut() - o0),
                x,
                x0,
                k0,
                Math.min(columns, depth - k0),
                gw,
                gw0 + o0 * depth,
                add);
          }
        });
  }

  /** The next multiple. */
  private static int whole(int size, int of) {
    return Math.max(1, (size + of - 1) / of) * of;
  }
}
