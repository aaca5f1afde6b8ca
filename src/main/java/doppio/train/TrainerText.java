package doppio.train;

import java.util.ArrayList;
import java.util.List;

/** How a trainer prints itself. */
final class TrainerText {
  private TrainerText() {}

  /** Model, loss, optimizer, and the settings that were made. */
  static String of(Trainer t) {
    List<String> parts = new ArrayList<>();
    parts.add(t.model.children().isEmpty() ? "" + t.model : t.model.getClass().getSimpleName());
    parts.add("" + t.loss);
    parts.add("" + t.optimizer);
    parts.add("epochs " + t.epochs);
    parts.add("batch size " + t.batchSize);
    parts.add(t.shuffle == null ? "in order" : "shuffled");
    if (!(t.source instanceof WholeBatch)) {
      parts.add("gradients by " + t.source);
    }
    if (t.scheduler != null) {
      parts.add("schedule per " + (t.schedulePerStep ? "step" : "epoch"));
    }
    if (t.clipValue < Double.POSITIVE_INFINITY) {
      parts.add("clip value " + t.clipValue);
    }
    if (t.clipNorm < Double.POSITIVE_INFINITY) {
      parts.add("clip norm " + t.clipNorm);
    }
    if (t.l2 > 0) {
      parts.add("L2 " + t.l2);
    }
    if (t.validation != null) {
      parts.add("validation on " + t.validation.size() + " samples");
    }
    if (!t.metrics.isEmpty()) {
      parts.add("metrics " + t.metrics.keySet());
    }
    if (!t.callbacks.isEmpty()) {
      parts.add("callbacks " + t.callbacks);
    }
    return "Trainer(" + String.join(", ", parts) + ")";
  }
}
