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

  /** Where in the band each term of the first result lies. */
  public int[] terms = {};

  /** How far from there those of each result lie. */
  public int[] results = {};

  /** Where each result stands among all, in the first plane of the images. */
  public int[] places = {};

  /** The number of results. */
  public int count;

  private int height;
  private int width;

  Patches() {}

  /** Loads a block of images from a0 on, plane by plane. */
  public void load(Unfolding u, double[] a, int a0, int block) {
    int image = u.image(block);
    int images = Math.min(u.images, u.n - image);
    int row = u.row(block);
    int rows = Math.min(u.rows, u.down.count() - row);
    height = u.down.extent(rows);
    width = u.right.extent(u.right.count());
    int size = u.planes * height * width;
    band = fitted(band, images * size);
    for (int i = 0; i < images; i++) {
      int source = a0 + (image + i) * u.imageStride;
      copy(u, a, source, u.down.first() + row * u.down.step(), i * size);
    }
    number(u, image, images, row, rows);
  }

  /** Copies rows of all planes of an image, from row y on. */
  private void copy(Unfolding u, double[] a, int source, int y0, int at) {
    int first = u.right.first();
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
        System.arraycopy(a, line + first + from, band, to0 + from, to - from);
        Arrays.fill(band, to0 + to, to0 + width, 0);
      }
    }
  }

  private void number(Unfolding u, int image, int images, int row, int rows) {
    Axis down = u.down;
    Axis right = u.right;
    terms = fitted(terms, u.depth());
    int k = 0;
    for (int plane = 0; plane < u.planes; plane++) {
      for (int i = 0; i < down.taps(); i++) {
        int line = (plane * height + down.tapFirst() + i * down.tapStep()) * width;
        for (int j = 0; j < right.taps(); j++) {
          terms[k++] = line + right.tapFirst() + j * right.tapStep();
        }
      }
    }
    count = images * rows * right.count();
    results = fitted(results, count);
    places = fitted(places, count);
    int p = 0;
    for (int i = 0; i < images; i++) {
      for (int r = 0; r < rows; r++) {
        int at = (i * u.planes * height + r * down.step()) * width;
        int line = down.placeFirst() + (row + r) * down.placeStep();
        int place = (image + i) * u.placeImage + line * u.placeRow + right.placeFirst();
        for (int c = 0; c < right.count(); c++, p++) {
          results[p] = at + c * right.step();
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
