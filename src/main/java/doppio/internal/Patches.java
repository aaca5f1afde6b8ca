package doppio.internal;

import java.util.Arrays;

/**
 * What the results of one block of an {@link Unfolding} meet, as a matrix that is never written
 * down: term k of result p is {@code band[terms[k] + results[p]]}. The band is a copy of the part
 * of the images with its padding.
 */
public final class Patches {
  /** The copy. */
  public double[] band = {};

  /**
   * Where in the band each term of the first result lies; where the planes are interleaved, in the
   * order of (i, j, plane) instead of (plane, i, j).
   */
  public int[] terms = {};

  /** How far from there those of each result lie. */
  public int[] results = {};

  /** Where each result stands among all, in the first plane of the images. */
  public int[] places = {};

  /** The number of results. */
  public int count;

  private int height;
  private int width;

  /** The first column of the images that the band has, which may lie outside. */
  private int first;

  Patches() {}

  /**
   * Loads a block of images from a0 on.
   *
   * @param interleaved whether the planes lie side by side, element by element, or one after the
   *     other
   */
  public void load(Unfolding u, double[] a, int a0, int block, boolean interleaved) {
    int image = u.image(block);
    int images = Math.min(u.images, u.n - image);
    int row = u.row(block);
    int rows = Math.min(u.rows, u.down.count() - row);
    int column = u.column(block);
    int columns = Math.min(u.columns, u.right.count() - column);
    height = u.down.extent(rows);
    width = u.right.extent(columns);
    first = u.right.first() + column * u.right.step();
    int size = u.planes * height * width;
    band = fitted(band, images * size);
    for (int i = 0; i < images; i++) {
      int source = a0 + (image + i) * u.imageStride;
      int y = u.down.first() + row * u.down.step();
      if (interleaved) {
        interleave(u, a, source, y, i * size);
      } else {
        copy(u, a, source, y, i * size);
      }
    }
    number(u, image, images, row, rows, column, columns, interleaved);
  }

  /** Copies rows of all planes of an image, from row y on. */
  private void copy(Unfolding u, double[] a, int source, int y0, int at) {
    int from = Math.max(0, Math.min(width, -first));
    int to = Math.max(from, Math.min(width, u.right.size() - first));
    int to0 = at;
    for (int plane = 0; plane < u.planes; plane++) {
      for (int y = y0; y < y0 + height; y++, to0 += width) {
        if (y < 0 || y >= u.down.size()) {
          Arrays.fill(band, to0, to0 + width, 0);
          continue;
        }
        Arrays.fill(band, to0, to0 + from, 0);
        int line = source + (plane * u.down.size() + y) * u.right.size();
        if (from < to) {
          System.arraycopy(a, line + first + from, band, to0 + from, to - from);
        }
        Arrays.fill(band, to0 + to, to0 + width, 0);
      }
    }
  }

  /** The same with the planes side by side, four at a time. */
  private void interleave(Unfolding u, double[] a, int source, int y0, int at) {
    int planes = u.planes;
    int from = Math.max(0, Math.min(width, -first));
    int to = Math.max(from, Math.min(width, u.right.size() - first));
    int size = u.down.size() * u.right.size();
    Arrays.fill(band, at, at + height * width * planes, 0);
    for (int r = 0; r < height; r++) {
      int y = y0 + r;
      if (y < 0 || y >= u.down.size()) {
        continue;
      }
      int plane = 0;
      for (; plane + 3 < planes; plane += 4) {
        int line = source + plane * size + y * u.right.size() + first;
        for (int x = from, b = at + (r * width + from) * planes + plane; x < to; x++, b += planes) {
          band[b] = a[line + x];
          band[b + 1] = a[line + size + x];
          band[b + 2] = a[line + 2 * size + x];
          band[b + 3] = a[line + 3 * size + x];
        }
      }
      for (; plane < planes; plane++) {
        int line = source + plane * size + y * u.right.size() + first;
        for (int x = from, b = at + (r * width + from) * planes + plane; x < to; x++, b += planes) {
          band[b] = a[line + x];
        }
      }
    }
  }

  private void number(
      Unfolding u,
      int image,
      int images,
      int row,
      int rows,
      int column,
      int columns,
      boolean interleaved) {
    int columnStep = interleaved ? u.planes : 1;
    int planeStep = interleaved ? 1 : height * width;
    Axis down = u.down;
    Axis right = u.right;
    terms = fitted(terms, u.depth());
    int taps = down.taps() * right.taps();
    for (int i = 0, tap = 0; i < down.taps(); i++) {
      int line = (down.tapFirst() + i * down.tapStep()) * width;
      for (int j = 0; j < right.taps(); j++, tap++) {
        int at = (line + right.tapFirst() + j * right.tapStep()) * columnStep;
        for (int plane = 0; plane < u.planes; plane++) {
          int k = interleaved ? tap * u.planes + plane : plane * taps + tap;
          terms[k] = at + plane * planeStep;
        }
      }
    }
    count = images * rows * columns;
    results = fitted(results, count);
    places = fitted(places, count);
    int p = 0;
    for (int i = 0; i < images; i++) {
      for (int r = 0; r < rows; r++) {
        int at = (i * u.planes * height + r * down.step() * columnStep) * width;
        int line = down.placeFirst() + (row + r) * down.placeStep();
        int start = right.placeFirst() + column * right.placeStep();
        int place = (image + i) * u.placeImage + line * u.placeRow + start;
        for (int c = 0; c < columns; c++, p++) {
          results[p] = at + c * right.step() * columnStep;
          places[p] = place + c * right.placeStep();
        }
      }
    }
  }

  /** Collects what stands in an image's plane at the places of some results. */
  public void take(double[] a, int a0, int from, int size, double[] to, int at) {
    for (int p = 0; p < size; p++) {
      to[at + p] = a[a0 + places[from + p]];
    }
  }

  /** How many results from p on lie side by side, their terms too; of a stride they may not. */
  public int run(int p) {
    int run = 1;
    while (p + run < count
        && results[p + run] == results[p] + run
        && places[p + run] == places[p] + run) {
      run++;
    }
    return run;
  }

  /** Whether some neighbouring results stand side by side. */
  public boolean adjoin(int from, int to) {
    return places[to - 1] - places[from] == to - 1 - from;
  }

  private static double[] fitted(double[] old, int size) {
    return old.length < size ? new double[size] : old;
  }

  private static int[] fitted(int[] old, int size) {
    return old.length < size ? new int[size] : old;
  }
}
