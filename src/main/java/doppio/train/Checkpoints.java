package doppio.train;

import doppio.internal.Require;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Callbacks that save a training's {@link Checkpoint} while it goes on, each time in the place of
 * the file's last one. {@link Trainer#resume} goes on from it.
 *
 * <p>A file that cannot be written ends the training with an {@link UncheckedIOException}; the old
 * file is then as it was.
 */
public final class Checkpoints {
  private Checkpoints() {}

  /** Saves after every epoch that has the lowest validation loss so far. */
  public static Callback best(Path file) {
    return best(file, Monitor.validationLoss());
  }

  /**
   * Saves after every epoch that is the best so far. The start fails with an {@link
   * IllegalStateException} if the trainer does not measure what is watched.
   */
  public static Callback best(Path file, Monitor monitor) {
    return new Best(file, monitor);
  }

  /**
   * Saves after every so many epochs, and when the training ends other than by an exception: after
   * Ctrl-C too, in the middle of an epoch.
   *
   * @throws IllegalArgumentException if {@code epochs < 1}
   */
  public static Callback everyEpochs(int epochs, Path file) {
    return new Periodic(Require.atLeast(1, "epochs", epochs), 0, file);
  }

  /**
   * Saves after every so many steps, and when the training ends other than by an exception: after
   * Ctrl-C too, in the middle of an epoch.
   *
   * @throws IllegalArgumentException if {@code steps < 1}
   */
  public static Callback everySteps(int steps, Path file) {
    return new Periodic(0, Require.atLeast(1, "steps", steps), file);
  }

  /** Every epoch that is the best so far. */
  private static final class Best implements Callback {
    private final Path file;
    private final Monitor monitor;

    Best(Path file, Monitor monitor) {
      this.file = Objects.requireNonNull(file, "file");
      this.monitor = Objects.requireNonNull(monitor, "monitor");
    }

    @Override
    public void start(Training training) {
      monitor.check("the best checkpoint", training);
    }

    @Override
    public void epoch(Training training) {
      if (monitor.best(training.history()) == training.epoch()) {
        save(training, file);
      }
    }

    @Override
    public String toString() {
      return "Checkpoints.best(" + file + ", " + monitor + ")";
    }
  }

  /** Every so many epochs or steps; 0 for never. */
  private static final class Periodic implements Callback {
    private final int epochs;
    private final int steps;
    private final Path file;
    private boolean saved;

    Periodic(int epochs, int steps, Path file) {
      this.epochs = epochs;
      this.steps = steps;
      this.file = Objects.requireNonNull(file, "file");
    }

    @Override
    public void batch(Training training) {
      saved = steps > 0 && training.step() % steps == 0;
      if (saved) {
        save(training, file);
      }
    }

    @Override
    public void epoch(Training training) {
      saved = epochs > 0 && training.epoch() % epochs == 0;
      if (saved) {
        save(training, file);
      }
    }

    @Override
    public void end(Training training) {
      if (!saved && training.outcome() != Outcome.FAILED) {
        save(training, file);
        saved = true;
      }
    }

    @Override
    public String toString() {
      return epochs > 0
          ? "Checkpoints.everyEpochs(" + epochs + ", " + file + ")"
          : "Checkpoints.everySteps(" + steps + ", " + file + ")";
    }
  }

  private static void save(Training training, Path file) {
    try {
      training.save(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
