package doppio.nn;

import java.util.List;
import java.util.Set;

/** What a message adds where the names of a state show what it is, or what wrapped the model. */
final class NameHint {
  private static final String CHECKPOINT =
      "; the names are those of a checkpoint, which Checkpoint.loadModel(file, model) reads";

  /** What PyTorch's DataParallel, its compiler and Lightning put before each name. */
  private static final List<String> PREFIXES = List.of("module.", "_orig_mod.", "model.");

  /** What the names of a checkpoint's model began with in version 0.1.0. */
  private static final String MODEL = "model.";

  private NameHint() {}

  /** The end of the message, empty where there is nothing to add. */
  static String of(Set<String> mine, Set<String> given) {
    if (isCheckpoint(mine, given)) {
      return CHECKPOINT;
    }
    for (String prefix : PREFIXES) {
      boolean isWrapped =
          !given.isEmpty()
              && given.stream().allMatch(name -> name.startsWith(prefix))
              && mine.stream().noneMatch(name -> name.startsWith(prefix));
      if (isWrapped) {
        String call = "TorchFile.withoutPrefix(state, \"" + prefix + "\")";
        return "; every name given begins with " + prefix + ", which " + call + " takes away";
      }
    }
    return "";
  }

  /** By the names beside the model's: in files of today with a dot, in older ones without. */
  private static boolean isCheckpoint(Set<String> mine, Set<String> given) {
    return given.stream().anyMatch(name -> name.startsWith("."))
        || (given.contains("frozen.parameters") && !mine.contains("frozen.parameters"))
        || (given.stream().anyMatch(name -> !name.startsWith(MODEL))
            && mine.stream().allMatch(n -> !given.contains(n) && given.contains(MODEL + n)));
  }
}
