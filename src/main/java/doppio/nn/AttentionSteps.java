package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.Attention;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** What a causal {@link SelfAttention} remembers: the keys and values of the steps up to now. */
final class AttentionSteps extends Steps {
  private static final int FIRST_ROOM = 16;

  private final Module layer;
  private final int dim;
  private final int width;
  private final BiConsumer<Tensor, Tensor> projection;
  private final Steps out;

  /** Queries, keys and values of one step, and what attention makes of them. */
  private final Tensor projected;

  private final Tensor mixed;
  private final Attention attention;

  /** {@code [heads, room, width]}; the place behind the last is the next step's. */
  private double[] keys;

  private double[] values;
  private int room = FIRST_ROOM;
  private int count;

  /**
   * From the start of a sequence.
   *
   * @param layer what messages name
   * @param projection writes an input's query, key and value, or refuses the input
   * @param out what the heads' outputs go through
   */
  AttentionSteps(
      Module layer, int dim, int heads, BiConsumer<Tensor, Tensor> projection, Module out) {
    this.layer = layer;
    this.dim = dim;
    width = dim / heads;
    this.projection = projection;
    this.out = Steps.alone(out);
    projected = Tensor.zeros(1, 3 * dim);
    mixed = Tensor.zeros(1, dim);
    attention = new Attention(1, heads, width, true, projected.data());
    keys = new double[room * dim];
    values = new double[room * dim];
  }

  @Override
  public Tensor step(Tensor x) {
    projection.accept(x, projected);
    makeRoom();
    put(projected.data(), dim, keys);
    put(projected.data(), 2 * dim, values);
    attention.next(keys, values, room, count + 1, mixed.data());
    return out.step(mixed);
  }

  @Override
  public void advance() {
    count++;
    out.advance();
  }

  @Override
  public Map<String, Tensor> state() {
    return state(rows(keys), rows(values));
  }

  /** In an order of its own, which a {@code Map.of} has not: files are equal, and messages. */
  private static Map<String, Tensor> state(Tensor keys, Tensor values) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("keys", keys);
    state.put("values", values);
    return state;
  }

  @Override
  public void load(Map<String, Tensor> state) {
    Tensor given = state.get("keys");
    int steps = given == null || given.rank() != 2 ? 0 : given.dim(0);
    Tensor k = Tensor.zeros(steps, dim);
    Tensor v = Tensor.zeros(steps, dim);
    fill(layer, state(k, v), state);
    for (count = 0; count < steps; count++) {
      makeRoom();
      put(k.data(), count * dim, keys);
      put(v.data(), count * dim, values);
    }
  }

  private void makeRoom() {
    if (count == room) {
      keys = roomier(keys);
      values = roomier(values);
      room *= 2;
    }
  }

  /** Puts the heads of the next step in their places. */
  private void put(double[] row, int from, double[] to) {
    for (int c = 0; c < dim; c += width) {
      System.arraycopy(row, from + c, to, c * room + count * width, width);
    }
  }

  /** {@code [count, dim]}, as they were put in. */
  private Tensor rows(double[] from) {
    Tensor rows = Tensor.zeros(count, dim);
    for (int step = 0; step < count; step++) {
      for (int c = 0; c < dim; c += width) {
        System.arraycopy(from, c * room + step * width, rows.data(), step * dim + c, width);
      }
    }
    return rows;
  }

  private double[] roomier(double[] old) {
    double[] more = new double[2 * old.length];
    for (int c = 0; c < dim; c += width) {
      System.arraycopy(old, c * room, more, 2 * c * room, room * width);
    }
    return more;
  }
}
