package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.optim.SGD;
import doppio.spark.Sample;
import doppio.spark.SparkTrainer;
import doppio.spark.test.Cluster;
import doppio.train.Callback;
import doppio.train.Trainer;
import doppio.train.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures what a step on Spark costs beside its arithmetic, with two executors of one core: linear
 * layers of more and more parameters, two rows a step, each a block of its own.
 */
public final class SparkCosts {
  private static final int[] WIDTHS = {2, 100, 300, 1000, 2000};
  private static final int ROWS = 2;
  private static final int STEPS = 60;
  private static final int WARM_UP = 20;

  private SparkCosts() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    if (args.length > 0) {
      System.err.println("takes no arguments");
      System.exit(2);
    }
    System.out.println("parameters  local ms  Spark ms  bytes a step");
    try (Cluster cluster = Cluster.start(Cluster.TWO_PROCESSES)) {
      for (int width : WIDTHS) {
        System.out.println(measure(cluster, width));
      }
    }
  }

  /** What a step of a layer takes in this JVM and on Spark. */
  record Cost(int parameters, double local, double onSpark, long bytes) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%10d %9.2f %9.2f %13d", parameters, local, onSpark, bytes);
    }
  }

  /** Measures a layer of width² weights: the median of the steps, in milliseconds. */
  static Cost measure(Cluster cluster, int width) {
    Watch alone = new Watch();
    Tensor ones = Tensor.full(1, STEPS * ROWS, width);
    trainer(width, alone)
        .gradientBlocks(1)
        .fit(new Dataset(ones, Tensor.zeros(STEPS * ROWS, width)));
    Watch onSpark = new Watch();
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < STEPS * ROWS; i++) {
      samples.add(new Sample(i, Arrays.copyOf(ones.data(), width), new double[width]));
    }
    new SparkTrainer(trainer(width, onSpark), 1)
        .targetShape(width)
        .fit(cluster.context().parallelize(samples, ROWS));
    return new Cost(
        width * (width + 1),
        alone.milliseconds(),
        onSpark.milliseconds(),
        onSpark.bytes / (STEPS - WARM_UP));
  }

  private static Trainer trainer(int width, Watch watch) {
    Module model = new Linear(width, width, new Generator(1));
    return new Trainer(model, new MSE(), new SGD(model.parameters(), 1e-6))
        .batchSize(ROWS)
        .callback(watch);
  }

  /** The times of steps, and the bytes that crossed the loopback device meanwhile. */
  private static final class Watch implements Callback {
    private final List<Double> times = new ArrayList<>();
    private long last;
    private long before;
    private long bytes;

    @Override
    public void batch(Training training) {
      long now = System.nanoTime();
      if (training.step() > WARM_UP) {
        times.add((now - last) / 1e6);
      } else {
        before = received();
      }
      if (training.step() == STEPS) {
        bytes = received() - before;
      }
      last = System.nanoTime();
    }

    private double milliseconds() {
      return DigitsClassifier.median(times.stream().mapToDouble(t -> t).toArray());
    }

    /** From {@code /proc/net/dev}; 0 where there is none. */
    private static long received() {
      Path devices = Path.of("/proc/net/dev");
      try {
        return Files.exists(devices)
            ? Files.readAllLines(devices).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("lo:"))
                .mapToLong(
                    line -> Long.parseLong(line.substring(3).strip().replaceFirst(" .*", "")))
                .sum()
            : 0;
      } catch (IOException e) {
        return 0;
      }
    }
  }
}
