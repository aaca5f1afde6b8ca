package doppio.attack;

import doppio.attack.Targets.Target;
import doppio.nn.Layer;
import doppio.nn.Module;
import java.util.Map;
import java.util.Set;

/** What a method may rightly have changed before it throws, as a pattern of places, and why. */
final class Progress {
  private static final String ALL = "";

  /** What a loss remembers of its last forward pass. */
  private static final String OF_A_LOSS = "\\.(gradient|sum|divisor)\\b";

  private record Change(String of, String where) {}

  private static final Map<Change, String> REASONS =
      Map.of(
          new Change("Trainer.fit[", ALL),
          "what was trained before a callback throws is trained",
          new Change("Trainer.trial[", "\\.loss" + OF_A_LOSS),
          "a pass begins",
          new Change("CsvReader.next[", ALL),
          "the line that is refused has been read",
          new Change("GradientCheck.check", OF_A_LOSS),
          "it forgets the gradients, and its passes begin, as it says",
          new Change("GradientSource.compute[", ALL),
          "what it computes are the model's gradients",
          new Change("Pass.call[", ALL),
          "a part of a pass",
          new Change("Pass.accumulate[", ALL),
          "a part of a pass");

  private static final Set<String> PASSES = Set.of("forward", "backward", "accumulateGradients");

  private Progress() {}

  /** Whether a call may have changed what is found in a place. */
  static boolean isMade(Target target, String place) {
    return isPass(target)
        || REASONS.keySet().stream()
            .filter(change -> target.toString().contains(change.of()))
            .anyMatch(change -> place.matches(".*" + change.where() + ".*"));
  }

  /** A pass through modules around the one that refuses, see {@link doppio.nn.Composite}. */
  private static boolean isPass(Target target) {
    return Module.class.isAssignableFrom(target.type())
        && !Layer.class.isAssignableFrom(target.type())
        && PASSES.contains(target.code().getName());
  }
}
