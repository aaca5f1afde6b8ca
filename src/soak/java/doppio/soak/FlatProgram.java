package doppio.soak;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.loss.CrossEntropy;
import doppio.metric.Metric;
import doppio.nn.BatchNorm2d;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.Flatten;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Window;
import doppio.optim.Adam;
import doppio.train.Callback;
import doppio.train.Checkpoints;
import doppio.train.Trainer;
import doppio.train.Training;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Trains for some seconds, and looks at itself about a hundred times meanwhile. */
final class FlatProgram {
  private static final int LOOKS = 100;

  /** In an epoch, each digit many times: a history has a few bytes for every epoch. */
  private static final int SAMPLES = 50_000;

  private static final File OPEN_FILES = new File("/proc/self/fd");

  private FlatProgram() {}

  /**
   * Prints a line for each look: steps, bytes in use after a collection, threads, open files. The
   * argument is the number of seconds.
   */
  public static void main(String[] arguments) throws IOException {
    long seconds = Long.parseLong(arguments[0]);
    Path folder = Files.createTempDirectory("soak");
    Path file = folder.resolve("checkpoint.safetensors");
    Generator generator = new Generator(66);
    Module model =
        new Sequential(
            new Conv2d(1, 8, Window.of(3).padding(1), generator),
            new BatchNorm2d(8),
            new ReLU(),
            new Flatten(),
            new Dropout(0.2, generator),
            new Linear(512, 10, generator));
    Dataset digits = Digits.load();
    Tensor images = digits.scale(1 / 16.0).inputs().reshape(digits.size(), 1, 8, 8);
    Dataset.Split parts = new Dataset(images, digits.targets()).split(0.8);
    int[] rows = new int[SAMPLES];
    Arrays.setAll(rows, i -> i % parts.train().size());
    try {
      new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 1e-3))
          .epochs(Integer.MAX_VALUE)
          .batchSize(32)
          .shuffle(generator)
          .validation(parts.heldOut())
          .metric("accuracy", Metric.accuracy())
          .callback(Checkpoints.everyEpochs(1, file))
          .callback(new Look(seconds))
          .fit(parts.train().subset(rows));
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static final class Look implements Callback {
    private final long nanos;
    private final long start = System.nanoTime();
    private int looks;

    Look(long seconds) {
      nanos = seconds * 1_000_000_000L;
    }

    @Override
    public void batch(Training training) {
      long passed = System.nanoTime() - start;
      if (passed > nanos / LOOKS * looks) {
        looks++;
        System.gc();
        System.out.printf(
            "%d %d %d %d%n",
            training.step(),
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
            ManagementFactory.getThreadMXBean().getThreadCount(),
            OPEN_FILES.exists() ? OPEN_FILES.list().length : 0);
      }
      if (passed > nanos) {
        training.stop();
      }
    }
  }
}
