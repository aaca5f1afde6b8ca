package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Csv;
import doppio.data.Dataset;
import doppio.data.Windows;
import doppio.loss.MSE;
import doppio.nn.CausalConv1d;
import doppio.nn.Flatten;
import doppio.nn.GRU;
import doppio.nn.LastStep;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Adam;
import doppio.optim.Schedule;
import doppio.train.Trainer;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Next year's number of sunspots from those of two cycles, 22 years: a recurrent network and a
 * causal convolution beside what needs neither, last year's number and a linear autoregression.
 *
 * <p>The first 80 % of the years are trained on, the rest is forecast, a year ahead each. Nothing
 * is chosen by the years held out: the settings stood before, and of several seeds the median is
 * shown with the range.
 */
public final class Sunspots {
  private static final Path FOLDER = Path.of("src/examples/resources");
  private static final int LAGS = 22;
  private static final int WIDTH = 16;
  private static final double TRAINING_PART = 0.8;
  private static final int EPOCHS = 100;
  private static final int SEEDS = 5;

  /** The vertical axis of both pictures. */
  private static final double LOWEST = -10;

  private static final double HIGHEST = 200;

  /** Too small to be seen. */
  private static final double NUDGE = 1e-3;

  private static final String ROW = "  %-32s %-22s %s";

  private final double[] years;
  private final double mean;
  private final double deviation;
  private final Windows.Split parts;
  private final Dataset heldOut;

  /** What was forecast for the years held out, and how far off that was. */
  private static final class Forecast {
    final double[] values;
    final double absolute;
    final double rootMeanSquare;

    Forecast(double[] values, double[] truth) {
      this.values = values;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < values.length; i++) {
        double error = values[i] - truth[i];
        sum += Math.abs(error);
        squares += error * error;
      }
      absolute = sum / values.length;
      rootMeanSquare = Math.sqrt(squares / values.length);
    }
  }

  private Sunspots(Tensor table) {
    int n = table.dim(0);
    years = new double[n];
    double[] series = new double[n];
    for (int i = 0; i < n; i++) {
      years[i] = table.get(i, 0);
      series[i] = table.get(i, 1);
    }
    // By the years of the training part alone.
    double[] seen = Arrays.copyOf(series, (int) Math.round(TRAINING_PART * n));
    mean = Arrays.stream(seen).average().orElse(0);
    deviation =
        Math.sqrt(Arrays.stream(seen).map(x -> (x - mean) * (x - mean)).average().orElse(1));
    Arrays.setAll(series, i -> (series[i] - mean) / deviation);
    parts = Windows.of(series, LAGS, 1).split(TRAINING_PART);
    heldOut = parts.heldOut().dataset();
  }

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Forecasts the sunspots of the next year.")
            .option("data", "a folder with sunspots.csv (" + FOLDER + ")")
            .option("epochs", "how often the networks see all years (" + EPOCHS + ")")
            .option("seeds", "how many runs each network has (" + SEEDS + ")")
            .seed()
            .out()
            .parse(args);
    int epochs = options.number("epochs", 1, EPOCHS);
    int seeds = options.number("seeds", 1, SEEDS);
    int seed = options.number("seed", 0, 66);
    Path file = options.folder("data", FOLDER).resolve("sunspots.csv");
    Sunspots example = new Sunspots(Csv.read(file, Csv.Options.DEFAULT.withHeader()));

    List<Forecast> naive = List.of(example.lastYear());
    // A convex problem, to its end: the least squares of one seed are those of all.
    List<Forecast> linear = example.runs(Sunspots::autoregression, 10 * epochs, 1, seed);
    List<Forecast> recurrent = example.runs(Sunspots::recurrent, epochs, seeds, seed);
    List<Forecast> convolution = example.runs(Sunspots::convolution, epochs, seeds, seed);
    System.out.println(example);
    System.out.println(
        String.format(ROW, "error in sunspots:", "mean absolute", "root mean square"));
    print("last year's number", naive);
    print("linear autoregression, " + LAGS + " lags", linear);
    print("GRU(1, " + WIDTH + ")", recurrent);
    print("three causal convolutions", convolution);
    System.out.println();
    Charts.save(
        options.folder().resolve("sunspots.png"),
        example.chart("A recurrent network", recurrent.get(seeds / 2), Charts.BLUE),
        example.chart("Causal convolutions", convolution.get(seeds / 2), Charts.ORANGE));
  }

  private static Module autoregression(Generator g) {
    return new Sequential(new Flatten(), new Linear(LAGS, 1, g));
  }

  private static Module recurrent(Generator g) {
    return new Sequential(new GRU(1, WIDTH, g), new LastStep(), new Linear(WIDTH, 1, g));
  }

  /** Three steps of a kernel, at distances 1, 3 and 9: the last output sees 27 years. */
  private static Module convolution(Generator g) {
    return new Sequential(
        new CausalConv1d(1, WIDTH, 3, 1, g),
        new Tanh(),
        new CausalConv1d(WIDTH, WIDTH, 3, 3, g),
        new Tanh(),
        new CausalConv1d(WIDTH, WIDTH, 3, 9, g),
        new Tanh(),
        new LastStep(),
        new Linear(WIDTH, 1, g));
  }

  /** A run for each seed, from the smallest error to the largest. */
  private List<Forecast> runs(
      Function<Generator, Module> network, int epochs, int seeds, int firstSeed) {
    List<Forecast> runs = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      Generator generator = new Generator(firstSeed + i);
      Module model = network.apply(generator);
      new Trainer(model, new MSE(), new Adam(model.parameters(), 5e-3))
          .epochs(epochs)
          .batchSize(16)
          .shuffle(generator)
          .schedulePerEpoch(Schedule.cosine(epochs))
          .fit(parts.train());
      runs.add(forecast(model.infer(heldOut.inputs()).data()));
    }
    runs.sort(Comparator.comparingDouble(f -> f.rootMeanSquare));
    return runs;
  }

  private Forecast lastYear() {
    double[] last = new double[heldOut.size()];
    Arrays.setAll(last, i -> heldOut.inputs().get(i, LAGS - 1, 0));
    return forecast(last);
  }

  private Forecast forecast(double[] standardized) {
    return new Forecast(sunspots(standardized), sunspots(heldOut.targets().data()));
  }

  private double[] sunspots(double[] standardized) {
    return Arrays.stream(standardized).map(x -> mean + deviation * x).toArray();
  }

  private static void print(String name, List<Forecast> runs) {
    System.out.println(
        String.format(
            ROW,
            name,
            text(runs.stream().mapToDouble(f -> f.absolute).sorted().toArray()),
            text(runs.stream().mapToDouble(f -> f.rootMeanSquare).sorted().toArray())));
  }

  /** The median, and the range of more than one. */
  private static String text(double[] sorted) {
    String median = String.format(Locale.ROOT, "%.1f", sorted[sorted.length / 2]);
    return sorted.length == 1
        ? median
        : String.format(
            Locale.ROOT, "%s (%.1f to %.1f)", median, sorted[0], sorted[sorted.length - 1]);
  }

  private XYChart chart(String title, Forecast forecast, Color color) {
    XYChart chart = Charts.chart(title, "year", "sunspots");
    chart.getStyler().setXAxisDecimalPattern("0").setYAxisDecimalPattern("0");
    chart.getStyler().setYAxisMin(LOWEST).setYAxisMax(HIGHEST);
    double[] x = Arrays.copyOfRange(years, years.length - heldOut.size(), years.length);
    // XChart labels multiples of round numbers only where the steps differ.
    x[0] += NUDGE;
    line(chart, "counted", x, sunspots(heldOut.targets().data()), Charts.BLACK);
    line(chart, "forecast a year before", x, forecast.values, color);
    return chart;
  }

  private static void line(XYChart chart, String name, double[] x, double[] y, Color color) {
    chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE).setLineColor(color).setLineWidth(2);
  }

  /** The years of both parts. */
  @Override
  public String toString() {
    int held = years.length - heldOut.size();
    return String.format(
        Locale.ROOT,
        "trained on %.0f to %.0f, held out %.0f to %.0f",
        years[0],
        years[held - 1],
        years[held],
        years[years.length - 1]);
  }
}
