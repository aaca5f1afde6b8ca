package doppio.train;

import doppio.internal.Require;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Callbacks that save a training's {@link Checkpoint} while it goes on. {@link
 * Trainer#resume(java.nio.file.Path)} goes on from it.
 *
 * <p>A file that could not be written, because its folder is missing say, is refused when the
 * training starts, and one that cannot be written ends it, with an {@link UncheckedIOException};
 * the old file is then as it was.
 */
public final class Checkpoints {
  private Checkpoints() {}

  /** Saves after every epoch that has the lowest validation loss so far. */
  public static Callback best(Path file) {
    return best(file, Monitor.validationLoss());
  }

  /**
   * Saves after every epoch that is the best so far, in the place of the one before. The start
   * fails with an {@link IllegalStateException} if the trainer does not measure what is watched.
   */
  public static Callback best(Path file, Monitor monitor) {
    return new BestCheckpoint(file, monitor);
  }

  /**
   * Saves after every so many epochs, and when the training ends other than by an exception: after
   * Ctrl-C too, in the middle of an epoch. Each time in the place of the file's last one.
   *
   * @throws IllegalArgumentException if {@code epochs < 1}
   */
  public static Callback everyEpochs(int epochs, Path file) {
    return new Periodic(Require.atLeast(1, "epochs", epochs), 0, file);
  }

  /**
   * Saves after every so many steps, and when the training ends other than by an exception: after
   * Ctrl-C too, in the middle of an epoch. Each time in the place of the file's last one.
   *
   * @throws IllegalArgumentException if {@code steps < 1}
   */
  public static Callback everySteps(int steps, Path file) {
    return new Periodic(0, Require.atLeast(1, "steps", steps), file);
  }

  /**
   * Saves after every epoch, and when the training ends other than by an exception, and keeps the
   * last files: for {@code digits.safetensors} the state after epoch 12 is {@code
   * digits-12.safetensors}, and so is one in the middle of that epoch. Together with {@link #best}
   * it keeps the last ones and the best.
   *
   * @param count how many files stay; an older one is deleted when a newer one has been written
   * @throws IllegalArgumentException if {@code count < 1}
   */
  public static Callback last(int count, Path file) {
    return new Last(Require.atLeast(1, "count", count), file);
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
    public void start(Training training) {
      Saving.requireFolder(file);
      saved = false;
    }

    @Override
    public void batch(Training training) {
      saved = steps > 0 && training.step() % steps == 0;
      if (saved) {
        Saving.save(training, file);
      }
    }

    @Override
    public void epoch(Training training) {
      saved = epochs > 0 && training.epoch() % epochs == 0;
      if (saved) {
        Saving.save(training, file);
      }
    }

    @Override
    public void end(Training training) {
      if (!saved && training.outcome() != Outcome.FAILED) {
        Saving.save(training, file);
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

  /** The last few epochs, each in a file of its own. */
  private static final class Last implements Callback {
    private final int count;
    private final Path file;

    Last(int count, Path file) {
      this.count = count;
      this.file = Objects.requireNonNull(file, "file");
    }

    @Override
    public void start(Training training) {
      // The file of this name itself is none of those that are written.
      Saving.requireFolder(Files.isRegularFile(file) ? numbered(training.epoch() + 1) : file);
    }

    @Override
    public void epoch(Training training) {
      keep(training, training.epoch());
    }

    @Override
    public void end(Training training) {
      if (training.batch() > 0 && training.outcome() != Outcome.FAILED) {
        keep(training, training.epoch() + 1);
      }
    }

    private void keep(Training training, int epoch) {
      Saving.save(training, numbered(epoch));
      try {
        boolean unused = Files.deleteIfExists(numbered(epoch - count));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Path numbered(int epoch) {
      String name = file.getFileName().toString();
      int dot = name.lastIndexOf('.');
      int end = dot > 0 ? dot : name.length();
      return file.resolveSibling(name.substring(0, end) + "-" + epoch + name.substring(end));
    }

    @Override
    public String toString() {
      return "Checkpoints.last(" + count + ", " + file + ")";
    }
  }
}
