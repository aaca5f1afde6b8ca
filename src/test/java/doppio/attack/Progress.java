package doppio.attack;

import doppio.attack.Targets.Target;
import java.util.Map;

/** Methods that rightly get somewhere before they throw, and why. */
final class Progress {
  private static final Map<String, String> REASONS =
      Map.of(
          "Trainer.fit[Samples]", "what was trained before a callback throws is trained",
          "CsvReader.next[]", "the line that is refused has been read",
          "CsvReader.close[]", "it is closed");

  private Progress() {}

  static boolean isMade(Target target) {
    return REASONS.containsKey(target.toString());
  }
}
