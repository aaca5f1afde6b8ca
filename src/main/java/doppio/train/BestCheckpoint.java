package doppio.train;

import doppio.Tensor;
import doppio.io.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Saves every epoch that is the best so far, and finds it again. */
final class BestCheckpoint implements Callback {
  private final Path file;
  private final Monitor monitor;

  BestCheckpoint(Path file, Monitor monitor) {
    this.file = Objects.requireNonNull(file, "file");
    this.monitor = Objects.requireNonNull(monitor, "monitor");
  }

  @Override
  public void start(Training training) {
    monitor.check("the best checkpoint", training);
    Saving.requireFolder(file);
  }

  @Override
  public void epoch(Training training) {
    BestEpoch best = training.kept(this, () -> new BestEpoch(monitor::merit, 0));
    if (best.update(training) == training.epoch()) {
      Saving.save(training, file);
    }
  }

  /** The training's best checkpoint by what is watched, if one is saved. */
  static Optional<BestCheckpoint> of(Training training, Monitor monitor) {
    return training.callbacks().stream()
        .filter(BestCheckpoint.class::isInstance)
        .map(BestCheckpoint.class::cast)
        .filter(c -> c.monitor.equals(monitor))
        .findFirst();
  }

  Path file() {
    return file;
  }

  /**
   * The state of the model after an epoch of this training, if the file has it.
   *
   * @return null if it has not
   */
  Map<String, Tensor> state(Training training, int epoch) {
    try {
      CheckpointFile found = CheckpointFile.of(SafeTensors.read(file));
      Map<String, Tensor> saved = found.take("trainer");
      double[] losses = Arrays.copyOf(training.history().trainLoss(), epoch);
      Tensor savedLosses = saved.get("history.trainLoss");
      Map<String, Tensor> model = found.model();
      boolean same = savedLosses != null && Arrays.equals(savedLosses.data(), losses);
      return same && fits(training.model().stateDict(), model) ? model : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean fits(Map<String, Tensor> expected, Map<String, Tensor> found) {
    return expected.keySet().equals(found.keySet())
        && expected.entrySet().stream()
            .allMatch(e -> e.getValue().sameShape(found.get(e.getKey())));
  }

  @Override
  public String toString() {
    return "Checkpoints.best(" + file + ", " + monitor + ")";
  }
}
