package doppio.attack;

import doppio.attack.Targets.Target;
import doppio.nn.Layer;
import doppio.nn.Module;
import java.util.Map;
import java.util.Set;

/** Methods that rightly get somewhere before they throw, and why. */
final class Progress {
  private static final Map<String, String> REASONS =
      Map.of(
          "Trainer.fit[", "what was trained before a callback throws is trained",
          "Trainer.trial[", "it forgets the gradients, as a step does",
          "Trainer.save[", "the training that it asks where it stands has begun",
          "CsvReader.next[", "the line that is refused has been read",
          "GradientCheck.check", "it forgets the gradients, as it says",
          "GradientSource.compute[", "what it computes are the model's gradients",
          "Pass.call[", "a part of a pass",
          "Pass.accumulate[", "a part of a pass");

  private static final Set<String> PASSES = Set.of("forward", "backward", "accumulateGradients");

  private Progress() {}

  static boolean isMade(Target target) {
    return REASONS.keySet().stream().anyMatch(target.toString()::contains) || isPass(target);
  }

  /** A pass through modules around the one that refuses, see {@link doppio.nn.Composite}. */
  private static boolean isPass(Target target) {
    return Module.class.isAssignableFrom(target.type())
        && !Layer.class.isAssignableFrom(target.type())
        && PASSES.contains(target.code().getName());
  }
}
