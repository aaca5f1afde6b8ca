package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Synthetic;
import doppio.loss.Hinge;
import doppio.nn.Init;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.SGD;
import doppio.train.Trainer;
import java.awt.Color;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Two circles, one inside the other: a line cannot part them, nor can linear layers however many,
 * but one hidden layer with ReLU does. Each network's decision boundary is drawn beside the
 * others'.
 */
public final class Circles {
  private static final int POINTS = 100;
  private static final int STEPS = 100;
  private static final double LEARNING_RATE = 0.1;
  private static final double DECAY = 0.01;
  private static final double EDGE = 4;
  private static final int COLUMNS = 4;

  /** Without activation above, with ReLU below. */
  private static final List<Trial> TRIALS =
      List.of(
          new Trial("one layer", false, List.of(2, 1)),
          new Trial("two linear layers, 16 wide", false, List.of(2, 16, 1)),
          new Trial("three linear layers, 16 wide", false, List.of(2, 16, 16, 1)),
          new Trial("hidden layer of 2, ReLU", true, List.of(2, 2, 1)),
          new Trial("hidden layer of 4, ReLU", true, List.of(2, 4, 1)),
          new Trial("hidden layer of 16, ReLU", true, List.of(2, 16, 1)),
          new Trial("hidden layer of 64, ReLU", true, List.of(2, 64, 1)),
          new Trial("two hidden of 16, ReLU", true, List.of(2, 16, 16, 1)));

  /**
   * A network: the layers' widths from input to output, and whether ReLU stands between the layers.
   */
  private record Trial(String name, boolean relu, List<Integer> widths) {}

  private Circles() {}

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Two circles, and the networks that can and cannot part them.")
            .seed()
            .out()
            .parse(args);
    int seed = options.number("seed", 0, 66);
    Dataset circles = Synthetic.circles(POINTS);

    System.out.println(
        POINTS + " points on each circle; hinge loss, SGD, " + STEPS + " steps over all points.");
    System.out.println("The loss shown includes the L2 term.");
    System.out.println();
    System.out.println("model                                   first loss  last loss  accuracy");
    List<XYChart> charts = new ArrayList<>();
    for (Trial trial : TRIALS) {
      Module model = stack(trial.relu(), seed, trial.widths());
      double[] losses = train(model, circles);
      double accuracy = accuracy(model, circles);
      System.out.println(
          String.format(
              Locale.ROOT,
              "%-38s  %10.3f  %9.3f  %6.1f %%",
              trial.name(),
              losses[0],
              losses[STEPS - 1],
              100 * accuracy));
      String title = String.format(Locale.ROOT, "%s: %.1f %%", trial.name(), 100 * accuracy);
      charts.add(draw(title, model, circles));
    }
    System.out.println();
    Picture.grid(options.folder().resolve("circles.png"), COLUMNS, charts);
  }

  /** Linear layers of the given widths, with ReLU between them or nothing. */
  private static Module stack(boolean relu, int seed, List<Integer> widths) {
    Generator generator = new Generator(seed);
    Module[] layers = new Module[relu ? 2 * widths.size() - 3 : widths.size() - 1];
    for (int i = 0; i + 1 < widths.size(); i++) {
      if (relu && i > 0) {
        layers[2 * i - 1] = new ReLU();
      }
      layers[relu ? 2 * i : i] = linear(widths.get(i), widths.get(i + 1), generator);
    }
    return new Sequential(layers);
  }

  /** A layer with weights from N(0, 1) and zero biases. */
  private static Linear linear(int in, int out, Generator generator) {
    Tensor weight = Init.normal(Tensor.zeros(out, in), 0, 1, generator);
    return new Linear(new Parameter(weight), new Parameter(Tensor.zeros(out)));
  }

  /** {@return the loss before each step} */
  private static double[] train(Module model, Dataset data) {
    // The optimizer decays the parameters by itself: the L2 term is only shown.
    return new Trainer(
            model,
            new Hinge(),
            new SGD(model.parameters(), LEARNING_RATE).decoupledWeightDecay(DECAY))
        .epochs(STEPS)
        .batchSize(data.size())
        .inOrder()
        .l2(DECAY)
        .fit(data)
        .batchLoss();
  }

  /** The part of the points whose output has the target's sign. */
  private static double accuracy(Module model, Dataset data) {
    double[] output = model.infer(data.inputs()).data();
    int right = 0;
    for (int i = 0; i < output.length; i++) {
      if (output[i] > 0 == data.targets().data()[i] > 0) {
        right++;
      }
    }
    return (double) right / output.length;
  }

  private static XYChart draw(String title, Module model, Dataset data) {
    XYChart chart = Charts.panel(title, "x", "y");
    chart
        .getStyler()
        .setXAxisMin(-EDGE)
        .setXAxisMax(EDGE)
        .setYAxisMin(-EDGE)
        .setYAxisMax(EDGE)
        .setMarkerSize(5);
    DecisionBoundary boundary = new DecisionBoundary(model, -EDGE, EDGE);
    if (!boundary.isEmpty()) {
      XYSeries line = chart.addSeries("boundary", boundary.x(), boundary.y());
      line.setMarker(SeriesMarkers.NONE).setLineColor(Charts.BLACK).setLineWidth(2);
    }
    scatter(chart, "target +1", data.slice(0, POINTS), Charts.BLUE);
    scatter(chart, "target -1", data.slice(POINTS, 2 * POINTS), Charts.ORANGE);
    return chart;
  }

  private static void scatter(XYChart chart, String name, Dataset points, Color color) {
    double[] x = new double[points.size()];
    double[] y = new double[points.size()];
    Arrays.setAll(x, i -> points.inputs().get(i, 0));
    Arrays.setAll(y, i -> points.inputs().get(i, 1));
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
  }
}
