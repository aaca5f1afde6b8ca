package doppio.examples;

import doppio.Tensor;
import doppio.nn.Parameter;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import java.awt.Color;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Gradient descent and momentum from one start, at one rate, down one narrow valley: f(x, y) = (x²
 * + 40 y²) / 2.
 *
 * <p>On a quadratic both can be solved. Along an axis with curvature λ, SGD multiplies the distance
 * by 1 − ηλ a step; momentum is a damped oscillation whose size shrinks by √μ wherever (1 + μ −
 * ηλ)² &lt; 4μ. What is measured is printed beside that.
 */
public final class SgdVersusMomentum {
  private static final double[] CURVATURE = {1, 40};
  private static final double[] START = {-9, 2};
  private static final double LEARNING_RATE = 0.04;
  private static final double MOMENTUM = 0.8;
  private static final int STEPS = 100;
  private static final double[] LEVELS = {1, 5, 15, 30, 50, 80, 120};

  private SgdVersusMomentum() {}

  /** A step: the point after it, the length of the update and the value of f there. */
  private record Step(double x, double y, double update, double loss) {}

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Gradient descent and momentum from one start down one narrow valley.")
            .option("steps", "how many of each (" + STEPS + ")")
            .out()
            .parse(args);
    int steps = options.number("steps", 2, STEPS);
    List<Step> sgd = descend(steps, p -> new SGD(List.of(p), LEARNING_RATE));
    List<Step> momentum = descend(steps, p -> new Momentum(List.of(p), LEARNING_RATE, MOMENTUM));

    System.out.println("f(x, y) = (x^2 + 40 y^2) / 2 from (-9, 2), rate 0.04, momentum 0.8");
    System.out.println();
    System.out.println("step   SGD: x        y     f          momentum: x        y     f");
    for (int i = 0; i <= steps; i = i < 5 ? i + 1 : 2 * i) {
      Step a = sgd.get(i);
      Step b = momentum.get(i);
      System.out.println(
          String.format(
              Locale.ROOT,
              "%4d  %8.4f %8.4f  %.2e       %8.4f %8.4f  %.2e",
              i,
              a.x(),
              a.y(),
              a.loss(),
              b.x(),
              b.y(),
              b.loss()));
    }
    System.out.println();
    double slowest = 1 - LEARNING_RATE * CURVATURE[0];
    System.out.println("Mean factor of f a step, and what theory says it tends to:");
    report("SGD", sgd, slowest * slowest, "(1 - 0.04 * 1)^2: the flat direction is the slow one");
    report("momentum", momentum, MOMENTUM, "(sqrt 0.8)^2: all directions at one pace");
    System.out.println();
    Charts.save(
        options.folder().resolve("sgd-versus-momentum.png"),
        paths(sgd, momentum),
        lines("Size of the update", "|w after - w before|", 1, Step::update, sgd, momentum),
        lines("Loss", "f(x, y)", 0, Step::loss, sgd, momentum));
  }

  private static List<Step> descend(int steps, Function<Parameter, Optimizer> rule) {
    Parameter w = new Parameter(Tensor.of(START));
    Optimizer optimizer = rule.apply(w);
    List<Step> path = new ArrayList<>();
    path.add(new Step(START[0], START[1], 0, loss(START)));
    for (int step = 0; step < steps; step++) {
      double[] at = w.value().data();
      double[] before = at.clone();
      optimizer.zeroGrad();
      double[] gradient = w.accumulator().data();
      for (int i = 0; i < at.length; i++) {
        gradient[i] += CURVATURE[i] * at[i];
      }
      optimizer.step();
      double update = Math.sqrt(square(at[0] - before[0]) + square(at[1] - before[1]));
      path.add(new Step(at[0], at[1], update, loss(at)));
    }
    return path;
  }

  private static double loss(double[] w) {
    return (CURVATURE[0] * square(w[0]) + CURVATURE[1] * square(w[1])) / 2;
  }

  private static double square(double v) {
    return v * v;
  }

  private static void report(String name, List<Step> path, double theory, String why) {
    int steps = path.size() - 1;
    double factor = Math.pow(path.get(steps).loss() / path.get(0).loss(), 1.0 / steps);
    System.out.println(
        String.format(Locale.ROOT, "  %-9s %.4f, theory %.4f = %s", name, factor, theory, why));
  }

  private static XYChart paths(List<Step> sgd, List<Step> momentum) {
    XYChart chart = Charts.chart("Paths over lines of equal f", "x", "y");
    chart.getStyler().setXAxisMin(-10.0).setXAxisMax(10.0).setMarkerSize(5);
    chart.getStyler().setYAxisMin(-3.0).setYAxisMax(3.0);
    for (double level : LEVELS) {
      XYSeries contour = contour(chart, level);
      contour.setShowInLegend(level == LEVELS[0]);
      contour.setMarker(SeriesMarkers.NONE).setLineColor(Color.LIGHT_GRAY).setLineWidth(1);
    }
    path(chart, "SGD", sgd, Charts.BLUE);
    path(chart, "momentum", momentum, Charts.ORANGE);
    return chart;
  }

  private static void path(XYChart chart, String name, List<Step> path, Color color) {
    double[] x = path.stream().mapToDouble(Step::x).toArray();
    double[] y = path.stream().mapToDouble(Step::y).toArray();
    line(chart, name, x, y, color).setMarker(SeriesMarkers.CIRCLE);
  }

  /** The ellipse on which f has the given value. */
  private static XYSeries contour(XYChart chart, double level) {
    double[] x = new double[201];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double angle = 2 * Math.PI * i / (x.length - 1);
      x[i] = Math.sqrt(2 * level / CURVATURE[0]) * StrictMath.cos(angle);
      y[i] = Math.sqrt(2 * level / CURVATURE[1]) * StrictMath.sin(angle);
    }
    return chart.addSeries(level == LEVELS[0] ? "equal f" : "f = " + level, x, y);
  }

  /** A figure of both paths against the number of the step, on a logarithmic axis. */
  private static XYChart lines(
      String title,
      String yTitle,
      int first,
      ToDoubleFunction<Step> figure,
      List<Step> sgd,
      List<Step> momentum) {
    XYChart chart = Charts.chart(title, "step", yTitle);
    Charts.logarithmicY(chart);
    chart.getStyler().setXAxisMin(0.0).setPlotGridLinesVisible(false);
    plot(chart, "SGD", sgd, first, figure, Charts.BLUE);
    plot(chart, "momentum", momentum, first, figure, Charts.ORANGE);
    return chart;
  }

  private static void plot(
      XYChart chart,
      String name,
      List<Step> path,
      int first,
      ToDoubleFunction<Step> figure,
      Color color) {
    List<Step> shown = path.subList(first, path.size());
    double[] numbers = new double[shown.size()];
    Arrays.setAll(numbers, i -> first + i);
    double[] values = shown.stream().mapToDouble(figure).toArray();
    line(chart, name, numbers, values, color).setMarker(SeriesMarkers.NONE);
  }

  private static XYSeries line(XYChart chart, String name, double[] x, double[] y, Color color) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarkerColor(color).setLineColor(color).setLineWidth(1.5f);
    return series;
  }
}
