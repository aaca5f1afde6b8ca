package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.loss.CrossEntropy;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.train.Trainer;
import java.awt.Color;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One trained model answers many threads at once, without a lock or a copy, and gives each the bits
 * that one thread alone gets.
 */
public final class ServeConcurrently {
  private static final int THREADS = 8;
  private static final int REQUESTS = 50_000;
  private static final double WHITE = 16;
  private static final int BINS_A_DECADE = 20;

  /** Where bars stand: below one answer. */
  private static final double GROUND = 0.5;

  private static final double[] SHARES = {0.5, 0.9, 0.99, 0.999};

  private ServeConcurrently() {}

  /** Answers {@code --help}. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Options options =
        Options.of("One model answers many threads, and each gets the single thread's bits.")
            .option("threads", "how many ask (" + THREADS + ")")
            .option("requests", "how often each asks (" + REQUESTS + ")")
            .seed()
            .out()
            .parse(args);
    int threads = options.number("threads", 1, THREADS);
    int requests = options.number("requests", 1, REQUESTS);
    Generator generator = new Generator(options.number("seed", 0, 66));
    Dataset digits = Digits.load().scale(1 / WHITE);
    Module model = train(digits, generator);

    Tensor[] questions = new Tensor[digits.size()];
    Arrays.setAll(questions, i -> digits.slice(i, i + 1).inputs());
    double[][] expected = new double[questions.length][];
    Arrays.setAll(expected, i -> model.infer(questions[i]).data());

    serve(threads, () -> ask(model, questions, expected, requests)); // until all is compiled
    long start = System.nanoTime();
    double[] micros = serve(threads, () -> ask(model, questions, expected, requests));
    double seconds = (System.nanoTime() - start) / 1e9;
    Arrays.sort(micros);

    System.out.println(
        String.format(
            Locale.ROOT,
            "%d threads on %d processors, one model, %d answers in %.2f s: %.0f a second",
            threads,
            Runtime.getRuntime().availableProcessors(),
            micros.length,
            seconds,
            micros.length / seconds));
    System.out.println("All answers equal the single thread's to the bit.");
    for (double share : SHARES) {
      System.out.println(
          String.format(
              Locale.ROOT, "  %5.1f %% within %8.1f us", 100 * share, quantile(micros, share)));
    }
    System.out.println();
    Charts.save(options.folder().resolve("serve-concurrently.png"), histogram(micros, threads));
  }

  private static Module train(Dataset digits, Generator generator) {
    Module model =
        new Sequential(new Linear(64, 64, generator), new ReLU(), new Linear(64, 10, generator));
    new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 1e-3))
        .epochs(3)
        .shuffle(generator)
        .fit(digits);
    return model;
  }

  /** One thread's work: asks, compares, returns how long each answer took, in microseconds. */
  private static double[] ask(Module model, Tensor[] questions, double[][] expected, int requests) {
    double[] micros = new double[requests];
    for (int i = 0; i < requests; i++) {
      int question = i % questions.length;
      long start = System.nanoTime();
      Tensor answer = model.infer(questions[question]);
      micros[i] = (System.nanoTime() - start) / 1e3;
      if (!Arrays.equals(answer.data(), expected[question])) {
        throw new IllegalStateException("another answer to question " + question);
      }
    }
    return micros;
  }

  private static double[] serve(int threads, Callable<double[]> client)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<double[]>> clients = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        clients.add(client);
      }
      List<double[]> parts = new ArrayList<>();
      for (Future<double[]> part : pool.invokeAll(clients)) {
        parts.add(part.get());
      }
      return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    } finally {
      pool.shutdown();
    }
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }

  /** Bins of equal width on a logarithmic axis, as an outline. */
  private static XYChart histogram(double[] sorted, int threads) {
    double lowest = Math.max(sorted[0], 0.01);
    int first = (int) Math.floor(BINS_A_DECADE * Math.log10(lowest));
    int last = (int) Math.floor(BINS_A_DECADE * Math.log10(sorted[sorted.length - 1]));
    double[] counts = new double[last - first + 1];
    for (double micros : sorted) {
      counts[(int) Math.floor(BINS_A_DECADE * Math.log10(Math.max(micros, lowest))) - first]++;
    }
    String title = threads + " threads, one model: latency of an answer";
    XYChart chart = Charts.chart(title, "microseconds", "answers");
    Charts.logarithmicX(chart);
    Charts.logarithmicY(chart);
    chart.getStyler().setYAxisMin(GROUND);
    bars(chart, first, counts);
    double top = Arrays.stream(counts).max().orElse(1);
    mark(chart, "median", quantile(sorted, 0.5), top, Charts.BLACK);
    mark(chart, "99 %", quantile(sorted, 0.99), top, Charts.ORANGE);
    return chart;
  }

  /** The outline of the bins, broken off where they are empty: 0 has no place on such an axis. */
  private static void bars(XYChart chart, int first, double[] counts) {
    double[] x = new double[4 * counts.length];
    double[] y = new double[x.length];
    for (int bin = 0; bin < counts.length; bin++) {
      boolean begins = bin == 0 || counts[bin - 1] == 0;
      boolean ends = bin + 1 == counts.length || counts[bin + 1] == 0;
      double height = counts[bin];
      double[] heights = {begins ? GROUND : height, height, height, ends ? GROUND : height};
      for (int k = 0; k < 4; k++) {
        x[4 * bin + k] = Math.pow(10, (first + bin + k / 2) / (double) BINS_A_DECADE);
        y[4 * bin + k] = height == 0 ? Double.NaN : heights[k];
      }
    }
    line(chart, "answers", x, y, Charts.BLUE);
  }

  private static void mark(XYChart chart, String name, double at, double top, Color color) {
    String label = String.format(Locale.ROOT, "%s: %.1f \u00b5s", name, at);
    line(chart, label, new double[] {at, at}, new double[] {GROUND, top}, color);
  }

  private static void line(XYChart chart, String name, double[] x, double[] y, Color color) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineWidth(1.5f);
  }
}
