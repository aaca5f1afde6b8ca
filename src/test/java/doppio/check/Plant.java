package doppio.check;

/**
 * An error in the formula of a gradient. A formula is a sum of terms; each has a place that is
 * counted from 0 by the module that has it.
 *
 * @param kind what is wrong
 * @param place in which term
 * @param only the one element where it is wrong; everywhere if negative
 */
record Plant(Kind kind, int place, int only) {
  enum Kind {
    NONE,
    SIGN,
    MISSING_TERM,
    FACTOR,
    STALE_BUFFER,
    WRONG_INDEX
  }

  static final Plant NONE = new Plant(Kind.NONE, 0, -1);

  /** What the term is multiplied by where it adds to the i-th element: 1 if it is right. */
  double c(int term, int i) {
    if (term != place || (only >= 0 && only != i)) {
      return 1;
    }
    return switch (kind) {
      case SIGN -> -1;
      case MISSING_TERM -> 0;
      case FACTOR -> 1 + 1e-3;
      default -> 1;
    };
  }

  /** The index that is read where the i-th of n is right. */
  int at(int index, int i, int n) {
    return kind == Kind.WRONG_INDEX && index == place && (only < 0 || only == i) ? (i + 1) % n : i;
  }

  /** What is read of what was remembered: this pass's, or the one's before. */
  double[] of(int memory, double[] now, double[] before) {
    boolean stale = kind == Kind.STALE_BUFFER && memory == place;
    return stale && before != null && before.length == now.length ? before : now;
  }

  /** A module with gradients to plant errors in. */
  interface Bed {
    void plant(Plant plant);

    /** The number of places where its formulas can have an error of a kind. */
    int places(Kind kind);

    /** The number of places for terms, indices and what is remembered. */
    static int count(Kind kind, int terms, int indices, int memories) {
      return switch (kind) {
        case NONE -> 0;
        case SIGN, MISSING_TERM, FACTOR -> terms;
        case WRONG_INDEX -> indices;
        case STALE_BUFFER -> memories;
      };
    }
  }
}
