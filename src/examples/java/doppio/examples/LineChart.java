package doppio.examples;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Curves over a count from 1 on, such as epochs or batches, with a logarithmic y axis. */
final class LineChart {
  /** More characters than this in all names do not fit beside each other. */
  private static final int LEGEND_WIDTH = 50;

  /** Too small to be seen. */
  private static final double NUDGE = 1e-3;

  private final XYChart chart;
  private int legend;

  /** A chart without curves. */
  LineChart(String title, String xTitle, String yTitle) {
    chart = Charts.chart(title, xTitle, yTitle);
    Charts.logarithmicY(chart);
    chart.getStyler().setXAxisMin(0.0).setMarkerSize(8);
  }

  /** Adds a curve of positive numbers; returns this chart. */
  LineChart line(String name, Color color, double... values) {
    double[] x = new double[values.length];
    Arrays.setAll(x, i -> i + 1);
    // XChart labels multiples of round numbers only where the steps differ.
    x[0] += NUDGE;
    add(name, x, values).setMarker(SeriesMarkers.NONE).setLineColor(color).setLineWidth(2);
    return this;
  }

  /** Adds points without a line, at positive heights; returns this chart. */
  LineChart points(String name, Color color, double[] x, double[] y) {
    XYSeries series = add(name, x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
    return this;
  }

  /**
   * Draws charts side by side, to a PNG file and an SVG file beside it. All have one y axis, from
   * the power of ten below the numbers to that above.
   */
  static void save(Path file, LineChart... charts) throws IOException {
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (LineChart chart : charts) {
      for (XYSeries series : chart.chart.getSeriesMap().values()) {
        for (double y : series.getYData()) {
          low = Math.min(low, y);
          high = Math.max(high, y);
        }
      }
    }
    for (LineChart chart : charts) {
      chart
          .chart
          .getStyler()
          .setYAxisMin(Math.pow(10, Math.floor(Math.log10(low))))
          .setYAxisMax(Math.pow(10, Math.ceil(Math.log10(high))));
    }
    Charts.save(file, Arrays.stream(charts).map(c -> c.chart).toArray(XYChart[]::new));
  }

  private XYSeries add(String name, double[] x, double[] y) {
    legend += name.length();
    if (legend > LEGEND_WIDTH) {
      chart.getStyler().setLegendLayout(LegendLayout.Vertical);
    }
    return chart.addSeries(name, x, y);
  }
}
