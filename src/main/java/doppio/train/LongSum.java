package doppio.train;

import doppio.Tensor;
import doppio.internal.Total;
import doppio.internal.state.StateReader;
import java.util.Map;

/**
 * A sum over the batches of an epoch, however many come: a {@link Total} that can be broken off and
 * resumed to the bit. As there, a short sum is a plain chain.
 */
final class LongSum {
  private static final String LOST = "Lost";
  private static final String TERMS = "Terms";

  private double sum;
  private double lost;
  private long terms;

  /** Adds a term, and notes what the addition rounds away. */
  void add(double term) {
    double next = sum + term;
    double taken = next - sum;
    lost += (sum - (next - taken)) + (term - taken);
    sum = next;
    terms++;
  }

  void reset() {
    sum = 0;
    lost = 0;
    terms = 0;
  }

  double value() {
    return terms > Total.CHAIN && Double.isFinite(lost) ? sum + lost : sum;
  }

  void save(String key, Map<String, Tensor> state) {
    state.put(key, Tensor.full(sum));
    if (terms > 0) {
      state.put(key + LOST, Tensor.full(lost));
      state.put(key + TERMS, Tensor.full((double) terms));
    }
  }

  /** Of a file that knows the sum alone nothing was lost, as far as anybody can tell. */
  void read(String key, StateReader reader) {
    sum = reader.number(key, v -> true, "a number");
    if (reader.has(key + LOST) || reader.has(key + TERMS)) {
      lost = reader.number(key + LOST, v -> true, "a number");
      terms = reader.count(key + TERMS, Double.POSITIVE_INFINITY);
    }
  }
}
