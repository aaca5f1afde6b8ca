package doppio.loss;

import doppio.nn.Parts;
import java.util.Locale;

/** How a loss makes one number of those of its elements or samples. */
public enum Reduction {
  /** Their mean: the sum divided by their number, or by the sum of their weights. */
  MEAN,
  /** Their sum. */
  SUM;

  /** The setting's name in a description, and in PyTorch. */
  static final String SETTING = "reduction";

  /** What a sum over {@code count} terms is divided by. */
  double divisor(int count) {
    return this == MEAN ? count : 1;
  }

  /** As a description has it: PyTorch's word. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that a description names. */
  static Reduction of(Parts parts) {
    String text = parts.text(SETTING);
    for (Reduction reduction : values()) {
      if (reduction.text().equals(text)) {
        return reduction;
      }
    }
    throw new IllegalArgumentException("reduction must be mean or sum, got " + text);
  }
}
