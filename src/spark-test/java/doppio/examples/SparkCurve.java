package doppio.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The formula of the page on Spark, with constants that were measured: the time of an epoch over
 * the number of executors.
 */
final class SparkCurve {
  private static final int EXECUTORS = 8;
  private static final int BYTES = 8;
  private static final double MILLIS = 1e-3;

  private final int steps;
  private final int blocks;
  private final int parameters;

  /** Seconds: of a block on one core, of laying out an epoch, of a step without numbers. */
  private final double block;

  private final double layOut;
  private final double job;

  /** How fast numbers go out and come back, in bytes a second. */
  private final double speed;

  /**
   * The formula for a training.
   *
   * @param small what a step costs in which next to nothing is moved
   * @param large the same where moving is all; two blocks on two executors, as in the small one
   */
  SparkCurve(
      int steps,
      int blocks,
      int parameters,
      double block,
      double layOut,
      SparkCosts.Cost small,
      SparkCosts.Cost large) {
    this.steps = steps;
    this.blocks = blocks;
    this.parameters = parameters;
    this.block = block;
    this.layOut = layOut;
    job = small.onSpark() * MILLIS;
    double moving = (large.onSpark() - small.onSpark() - large.local()) * MILLIS;
    speed = (double) BYTES * large.parameters() * (2 + 2) / moving;
  }

  /** The seconds of an epoch. */
  private double epoch(int executors) {
    double work = Math.ceil((double) blocks / executors) * block;
    double moved = (double) BYTES * parameters * (blocks + executors);
    return layOut + steps * (job + work + moved / speed);
  }

  /** Draws the curve and what was measured with 1, 2, … executors. */
  void draw(Path file, double[] measured) throws IOException {
    XYChart chart = Charts.chart("An epoch on Spark", "executors of one core", "seconds");
    double[] x = new double[EXECUTORS];
    double[] y = new double[EXECUTORS];
    for (int i = 0; i < EXECUTORS; i++) {
      x[i] = i + 1;
      y[i] = epoch(i + 1);
    }
    chart.addSeries("formula", x, y).setMarker(SeriesMarkers.NONE).setLineColor(Charts.ORANGE);
    double[] executors = new double[measured.length];
    for (int i = 0; i < executors.length; i++) {
      executors[i] = i + 1;
    }
    chart
        .addSeries("measured", executors, measured)
        .setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(Charts.BLUE);
    chart.getStyler().setYAxisMin(0.0).setXAxisMin(0.0).setMarkerSize(10);
    Charts.save(file, chart);
  }

  /** The constants, and what the formula gives for one executor and for two. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Steps %d, blocks %d, parameters %d: a block %.1f ms, a step's job %.1f ms,"
            + " laying out an epoch %.0f ms, numbers %.0f MB/s; by the formula %.2f and %.2f s an"
            + " epoch.",
        steps,
        blocks,
        parameters,
        block * 1e3,
        job * 1e3,
        layOut * 1e3,
        speed / 1e6,
        epoch(1),
        epoch(2));
  }
}
