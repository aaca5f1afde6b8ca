package doppio.internal.layer;

import doppio.internal.Kernels;
import doppio.internal.Scratch;
import doppio.internal.choice.KernelChoice;
import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * Scaled dot-product attention, head by head: y = P v with the weights P = softmax(q kᵀ / √w),
 * where each step of a sequence asks all its steps or, if causal, those up to itself.
 *
 * <p>In a row of {@code qkv}, one step, the queries of all heads come first, then the keys, then
 * the values, each head's w numbers side by side; its gradient is like it. A row of y has the heads
 * side by side.
 *
 * <p><b>Order of sums.</b> A score is a sum over w and an output one over the keys, from the first
 * on, both as {@link Kernels#linearInputGradient} has them; the maximum of a row and the sum of its
 * exponentials are over its own keys. So a row depends on its number alone, not on how many steps
 * come after it or how many are computed together.
 *
 * <p><b>Blocks.</b> The scores of a block of queries are there at a time. In a causal block the
 * first queries have keys that they must not see: their scores are −∞ and their weights, without a
 * computation, 0. Times 0 a finite number adds nothing; where a head has others its queries are
 * computed one by one, and then there is nothing to multiply by 0.
 */
public final class Attention {
  /** Divides {@link doppio.internal.Sums#TERMS}: the last chain of a query ends in its block. */
  private static final int BLOCK = 64;

  private final int steps;
  private final int heads;
  private final int width;
  private final Heads layout;
  private final boolean causal;
  private final double[] qkv;
  private double[] weights;
  private boolean[] kept;
  private double share;

  /**
   * Attention over sequences of so many steps.
   *
   * @param width the numbers of a head
   * @param qkv queries, keys and values, {@code [n, steps, 3 · heads · width]}
   */
  public Attention(int steps, int heads, int width, boolean causal, double[] qkv) {
    this.steps = steps;
    this.heads = heads;
    this.width = width;
    this.causal = causal;
    this.qkv = qkv;
    layout = new Heads(steps, heads, width);
  }

  /** The elements of the largest array that sequences of so many steps need. */
  public static double elements(int steps, int width) {
    return (double) steps * Math.max(8 * width, 3 * BLOCK);
  }

  /**
   * Leaves P in an array for the way back, which would compute it again otherwise.
   *
   * @param weights as many as {@code [n, heads, steps, steps]}, in an order of its own
   */
  public void keep(double[] weights) {
    this.weights = weights;
  }

  /**
   * Drops weights.
   *
   * @param kept which are not dropped, {@code [n, heads, steps, steps]}
   * @param share by what those are divided
   */
  public void drop(boolean[] kept, double share) {
    this.kept = kept;
    this.share = share;
  }

  /** Writes the outputs y {@code [n, steps, heads · width]}. */
  public void forward(int n, double[] y) {
    Parallel.run(
        n * heads,
        n * work(),
        (from, to) -> {
          Scratch scratch = Scratch.take();
          for (int head = from; head < to; head++) {
            forward(head, y, scratch);
          }
          scratch.give();
        });
  }

  /** Writes the gradient gqkv, of the shape of qkv, for the one of y. */
  public void backward(int n, double[] gy, double[] gqkv) {
    Parallel.run(
        n * heads,
        2L * n * work(),
        (from, to) -> {
          Scratch scratch = Scratch.take();
          for (int head = from; head < to; head++) {
            backward(head, gy, gqkv, scratch);
          }
          scratch.give();
        });
  }

  /**
   * The output y of the only step in qkv, which asks keys and values that are remembered, its own
   * among them: the last row that {@link #forward} gives for all those steps, to the bit.
   *
   * @param room for how many steps there is room in {@code [heads, room, width]}
   * @param count how many there are
   */
  public void next(double[] keys, double[] values, int room, int count, double[] y) {
    Kernels kernels = KernelChoice.kernels();
    Scratch scratch = Scratch.take();
    double[] a = scratch.others(2 * width);
    double[] p = scratch.panels(count);
    for (int head = 0; head < heads; head++) {
      int at = head * room * width;
      layout.gather(qkv, head, 3, 0, scale(), a, 0);
      kernels.linearInputGradient(keys, at, a, 0, p, 0, count, 1, width);
      kernels.softmax(p, 0, p, 0, 1, count);
      kernels.linearInputGradient(p, 0, values, at, a, width, 1, width, count);
      layout.scatter(a, width, 1, y, head, 1, 0);
    }
    scratch.give();
  }

  private void forward(int head, double[] y, Scratch scratch) {
    int size = steps * width;
    double[] a = scratch.others(4 * size);
    int v = size;
    int kt = 2 * size;
    int out = 3 * size;
    layout.gather(qkv, head, 3, 0, scale(), a, 0);
    layout.gather(qkv, head, 3, 2, 1, a, v);
    layout.transpose(qkv, head, 1, a, kt);
    int block = block(a, v, size);
    int area = block * steps;
    double[] p = scratch.panels(2 * area);
    int keys = steps;
    for (int end = steps, first; end > 0; end = first) {
      first = (end - 1) / block * block;
      int before = keys;
      keys = causal ? end : steps;
      layout.shorten(a, kt, before, keys);
      double[] w = isKept(block) ? weights : p;
      int w0 = isKept(block) ? place(head, first) : 0;
      weights(a, first, end, kt, keys, w, w0);
      if (kept != null) {
        drop(head, first, end, keys, w, w0, p, area);
        w = p;
        w0 = area;
      }
      KernelChoice.kernels()
          .linearInputGradient(w, w0, a, v, a, out + first * width, end - first, width, keys);
    }
    layout.scatter(a, out, 1, y, head, 1, 0);
  }

  private void backward(int head, double[] gy, double[] gqkv, Scratch scratch) {
    Kernels kernels = KernelChoice.kernels();
    int size = steps * width;
    double[] a = scratch.others(8 * size);
    int k = size;
    int g = 2 * size;
    int vt = 3 * size;
    int kt = 4 * size;
    int gq = 5 * size;
    int gk = 6 * size;
    int gv = 7 * size;
    layout.gather(qkv, head, 3, 0, scale(), a, 0);
    layout.gather(qkv, head, 3, 1, 1, a, k);
    layout.gather(gy, head, 1, 0, 1, a, g);
    layout.transpose(qkv, head, 2, a, vt);
    layout.transpose(qkv, head, 1, a, kt);
    int block = block(a, 0, 4 * size);
    int area = block * steps;
    double[] p = scratch.panels(3 * area);
    int keys = steps;
    for (int end = steps, first; end > 0; end = first) {
      first = (end - 1) / block * block;
      int rows = end - first;
      int row = first * width;
      boolean add = end < steps;
      int before = keys;
      keys = causal ? end : steps;
      layout.shorten(a, vt, before, keys);
      layout.shorten(a, kt, before, keys);
      double[] w = isKept(block) ? weights : p;
      int w0 = isKept(block) ? place(head, first) : 0;
      if (!isKept(block)) {
        weights(a, first, end, kt, keys, w, w0);
      }
      kernels.linearInputGradient(a, g + row, a, vt, p, area, rows, keys, width);
      if (kept == null) {
        kernels.linearWeightGradient(w, w0, a, g + row, a, gv, rows, width, keys, add);
      } else {
        drop(head, first, end, keys, w, w0, p, 2 * area);
        kernels.linearWeightGradient(p, 2 * area, a, g + row, a, gv, rows, width, keys, add);
        drop(head, first, end, keys, p, area, p, area);
      }
      hide(p, area, first, end, keys, 0);
      kernels.softmaxGradient(w, w0, p, area, p, area, rows, keys);
      // Where the sum in it is no finite number, they are NaN.
      hide(p, area, first, end, keys, 0);
      kernels.linearInputGradient(p, area, a, k, a, gq + row, rows, width, keys);
      kernels.linearWeightGradient(p, area, a, row, a, gk, rows, width, keys, add);
    }
    layout.scatter(a, gq, scale(), gqkv, head, 3, 0);
    layout.scatter(a, gk, 1, gqkv, head, 3, 1);
    layout.scatter(a, gv, 1, gqkv, head, 3, 2);
  }

  /** w[r,j] = the weight that the query {@code first} + r gives the key j. */
  private void weights(double[] a, int first, int end, int kt, int keys, double[] w, int w0) {
    Kernels kernels = KernelChoice.kernels();
    int rows = end - first;
    kernels.linearInputGradient(a, first * width, a, kt, w, w0, rows, keys, width);
    hide(w, w0, first, end, keys, Double.NEGATIVE_INFINITY);
    kernels.softmax(w, w0, w, w0, rows, keys);
    // In a row without a finite score they are NaN.
    hide(w, w0, first, end, keys, 0);
  }

  /** Overwrites what belongs to keys that come after their query. */
  private void hide(double[] w, int w0, int first, int end, int keys, double value) {
    for (int row = first, at = w0; causal && row < end; row++, at += keys) {
      Arrays.fill(w, at + row + 1, at + keys, value);
    }
  }

  /** to[r,j] = w[r,j] / share where the weight is kept, else 0. */
  private void drop(
      int head, int first, int end, int keys, double[] w, int w0, double[] to, int to0) {
    for (int row = first, r = 0; row < end; row++, r += keys) {
      int at = place(head, row);
      for (int j = 0; j < keys; j++) {
        to[to0 + r + j] = kept[at + j] ? w[w0 + r + j] / share : 0;
      }
    }
  }

  /** How many queries to compute at a time: one where a product with 0 may be no 0. */
  private int block(double[] a, int from, int length) {
    boolean finite = true;
    for (int i = from; causal && i < from + length; i++) {
      finite &= Math.abs(a[i]) <= Double.MAX_VALUE;
    }
    return finite ? Math.min(BLOCK, steps) : 1;
  }

  /** Whether the way back finds the weights of such blocks: not those of single queries. */
  private boolean isKept(int block) {
    return weights != null && block == Math.min(BLOCK, steps);
  }

  /** Where the weights of a query begin. */
  private int place(int head, int row) {
    return (head * steps + row) * steps;
  }

  private double scale() {
    return 1 / Math.sqrt(width);
  }

  /** Multiply-adds of a sequence. */
  private long work() {
    return (long) heads * steps * steps * (2L * width + Cost.EXP);
  }
}
