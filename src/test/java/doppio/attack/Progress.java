package doppio.attack;

import doppio.attack.Targets.Target;
import java.util.Map;

/** Methods that rightly get somewhere before they throw, and why. */
final class Progress {
  private static final Map<String, String> REASONS =
      Map.of(
          "Trainer.fit[", "what was trained before a callback throws is trained",
          "CsvReader.next[", "the line that is refused has been read",
          "GradientCheck.check", "it forgets the gradients, as it says",
          "GradientSource.compute[", "what it computes are the model's gradients",
          ".forward[Tensor]", "the layers before the one that refuses have had their pass",
          ".backward[Tensor]", "the layers behind the one that fails have their gradients",
          ".accumulateGradients[", "the layers behind the one that fails have their gradients",
          "Pass.call[", "a part of a pass",
          "Pass.accumulate[", "a part of a pass");

  private Progress() {}

  static boolean isMade(Target target) {
    return REASONS.keySet().stream().anyMatch(target.toString()::contains);
  }
}
