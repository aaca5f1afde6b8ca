package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Synthetic;
import doppio.loss.Hinge;
import doppio.loss.L2;
import doppio.loss.Loss;
import doppio.nn.Init;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import java.awt.Color;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Two circles, one inside the other: a line cannot part them, one hidden layer with ReLU does. */
public final class Circles {
  private static final int POINTS = 100;
  private static final int STEPS = 100;
  private static final double LEARNING_RATE = 0.1;
  private static final double DECAY = 0.01;
  private static final double EDGE = 4;

  private Circles() {}

  /** Takes {@code --seed} and {@code --out}. */
  public static void main(String[] args) throws IOException {
    Options options = Options.parse(args, "seed", "out");
    int seed = options.number("seed", 0, 66);
    Dataset circles = Synthetic.circles(POINTS);

    System.out.println(
        POINTS + " points on each circle; hinge loss, SGD, " + STEPS + " steps over all points.");
    System.out.println("The loss shown includes the L2 term.");
    System.out.println();
    System.out.println("model                                   first loss  last loss  accuracy");
    Module linear = linear(2, 1, new Generator(seed));
    train("linear", linear, circles);
    train("two linear layers, no activation", stack(false, seed, 2, 16, 1), circles);
    Module network = stack(true, seed, 2, 16, 1);
    train("hidden layer of 16 with ReLU", network, circles);
    train("hidden layer of 4 with ReLU", stack(true, seed, 2, 4, 1), circles);
    train("hidden layer of 64 with ReLU", stack(true, seed, 2, 64, 1), circles);
    train("two hidden layers of 16 with ReLU", stack(true, seed, 2, 16, 16, 1), circles);
    System.out.println();

    Charts.save(
        options.folder().resolve("circles.png"),
        draw("Linear model", linear, circles),
        draw("Hidden layer of 16 with ReLU", network, circles));
  }

  /** Linear layers of the given widths, with ReLU between them or nothing. */
  private static Module stack(boolean relu, int seed, int... widths) {
    Generator generator = new Generator(seed);
    Module[] layers = new Module[relu ? 2 * widths.length - 3 : widths.length - 1];
    for (int i = 0; i + 1 < widths.length; i++) {
      if (relu && i > 0) {
        layers[2 * i - 1] = new ReLU();
      }
      layers[relu ? 2 * i : i] = linear(widths[i], widths[i + 1], generator);
    }
    return new Sequential(layers);
  }

  /** A layer with weights from N(0, 1) and zero biases. */
  private static Linear linear(int in, int out, Generator generator) {
    Tensor weight = Init.normal(Tensor.zeros(out, in), 0, 1, generator);
    return new Linear(new Parameter(weight), new Parameter(Tensor.zeros(out)));
  }

  private static void train(String name, Module model, Dataset data) {
    Loss loss = new Hinge();
    Optimizer optimizer = new SGD(model.parameters(), LEARNING_RATE).decoupledWeightDecay(DECAY);
    double first = 0;
    double last = 0;
    for (int step = 0; step < STEPS; step++) {
      last = loss.forward(model.forward(data.inputs()), data.targets());
      // The optimizer decays the parameters by itself: the term is only shown.
      last += L2.penalty(DECAY, model.parameters());
      first = step == 0 ? last : first;
      optimizer.zeroGrad();
      model.accumulateGradients(loss.backward());
      optimizer.step();
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "%-38s  %10.3f  %9.3f  %6.1f %%",
            name,
            first,
            last,
            100 * accuracy(model, data)));
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

  private static XYChart draw(String name, Module model, Dataset data) {
    String title =
        String.format(Locale.ROOT, "%s: %.1f %% right", name, 100 * accuracy(model, data));
    XYChart chart = Charts.chart(title, "x", "y");
    chart
        .getStyler()
        .setXAxisMin(-EDGE)
        .setXAxisMax(EDGE)
        .setYAxisMin(-EDGE)
        .setYAxisMax(EDGE)
        .setMarkerSize(7);
    DecisionBoundary boundary = new DecisionBoundary(model, -EDGE, EDGE);
    if (!boundary.isEmpty()) {
      XYSeries line = chart.addSeries("decision boundary", boundary.x(), boundary.y());
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
