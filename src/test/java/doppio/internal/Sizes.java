package doppio.internal;

import java.util.ArrayList;
import java.util.List;

/** The dimensions of a product: n samples, in inputs, out outputs. */
record Sizes(int n, int in, int out) {
  private static final int SMALL = 17;

  /** Odd, prime, around the widths of vectors and tiles, and beyond one chain of a sum. */
  private static final int[] LARGE = {31, 33, 64, 65, 127, 257, 300, 513};

  private static final int[] BESIDE_LARGE = {1, 3, 8, 17};

  /** Every size from 0 to 17 in each dimension, and large ones. */
  static List<Sizes> all() {
    List<Sizes> all = new ArrayList<>();
    for (int n = 0; n <= SMALL; n++) {
      for (int in = 0; in <= SMALL; in++) {
        for (int out = 0; out <= SMALL; out++) {
          all.add(new Sizes(n, in, out));
        }
      }
    }
    for (int large : LARGE) {
      for (int a : BESIDE_LARGE) {
        for (int b : BESIDE_LARGE) {
          all.add(new Sizes(large, a, b));
          all.add(new Sizes(a, large, b));
          all.add(new Sizes(a, b, large));
        }
      }
    }
    for (int i = 0; i < LARGE.length; i++) {
      all.add(new Sizes(LARGE[i], LARGE[(i + 3) % LARGE.length], LARGE[(i + 5) % LARGE.length]));
    }
    // Rows of 4 KB, which compete for the same places of a cache and may be copied first.
    all.add(new Sizes(20, 512, 9));
    all.add(new Sizes(5, 1024, 40));
    // Few samples and long rows, in several blocks of outputs.
    all.add(new Sizes(6, 1030, 150));
    // One side or two are short, and the work is enough for two threads.
    all.add(new Sizes(50_021, 23, 1));
    all.add(new Sizes(3, 701, 509));
    all.add(new Sizes(1, 1201, 907));
    all.add(new Sizes(30_011, 5, 7));
    all.add(new Sizes(5003, 3, 71));
    all.add(new Sizes(5003, 71, 3));
    all.add(new Sizes(211, 19, 263));
    // Long rows of outputs, whose samples are packed in several parts.
    all.add(new Sizes(150, 31, 1100));
    return all;
  }

  /** How many {@link #all} are. */
  static final int COUNT = 18 * 18 * 18 + 8 * 16 * 3 + 8 + 11;
}
