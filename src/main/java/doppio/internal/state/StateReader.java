package doppio.internal.state;

import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoublePredicate;

/**
 * Takes a map of named tensors apart. What does not fit is collected, so that one exception names
 * all of it before anything is changed.
 */
public final class StateReader {
  /** Whole numbers up to here are exact in a double. */
  private static final double MAX_COUNT = 0x1p53;

  private final String complaint;
  private final Map<String, Tensor> unread;
  private final StringBuilder problems = new StringBuilder();

  /**
   * A reader of the given state.
   *
   * @param owner whose state it should be, for the message
   */
  public StateReader(String owner, Map<String, Tensor> state) {
    this("state", owner, state);
  }

  /**
   * The same of a state that has a name of its own.
   *
   * @param kind what the message calls it
   */
  public StateReader(String kind, String owner, Map<String, Tensor> state) {
    complaint = kind + " does not fit " + owner + ": ";
    Require.noNull("names in state", Objects.requireNonNull(state, "state").keySet());
    unread = new LinkedHashMap<>(state);
    unread.values().removeIf(Objects::isNull);
  }

  /** Whether there is such a key, not yet read. */
  public boolean has(String key) {
    return unread.containsKey(key);
  }

  /** The tensor of the given shape, or one of zeros where it is missing or has another shape. */
  public Tensor tensor(String key, int... shape) {
    Tensor given = unread.remove(key);
    if (given == null) {
      problem("missing " + key);
      return Tensor.zeros(shape);
    }
    if (!Arrays.equals(given.shape(), shape)) {
      problem(Shapes.mismatch(key + " expects", shape, given.shape()));
      return Tensor.zeros(shape);
    }
    return given;
  }

  /** The vector of any length, empty where it is missing or of another rank. */
  public double[] vector(String key) {
    Tensor given = unread.get(key);
    int length = given != null && given.rank() == 1 ? given.dim(0) : 0;
    return tensor(key, length).data();
  }

  /**
   * The single number, of rank 0; 0 if it is missing or does not fit.
   *
   * @param expected what fits, for the message
   */
  public double number(String key, DoublePredicate fits, String expected) {
    boolean given = has(key) && unread.get(key).rank() == 0;
    double value = tensor(key).data()[0];
    if (given && !fits.test(value)) {
      problem(key + " expects " + expected + " but got " + value);
      return 0;
    }
    return value;
  }

  /** A whole number from 0 to a limit, as {@link #number}. */
  public long count(String key, double limit) {
    double max = Math.min(limit, MAX_COUNT);
    return (long)
        number(
            key,
            v -> v >= 0 && v <= max && v == Math.rint(v),
            "a whole number from 0 to " + (long) max);
  }

  /** Notes something else that does not fit. */
  public void problem(String text) {
    problems.append(problems.length() == 0 ? "" : "; ").append(text);
  }

  /**
   * Ends the reading.
   *
   * @throws IllegalArgumentException if something did not fit, or a key has not been read
   */
  public void finish() {
    finish("");
  }

  /**
   * The same with a hint.
   *
   * @param hint what stands behind the complaints
   */
  public void finish(String hint) {
    for (String key : unread.keySet()) {
      problem("unexpected " + key);
    }
    if (problems.length() > 0) {
      throw new IllegalArgumentException(complaint + problems + hint);
    }
  }
}
