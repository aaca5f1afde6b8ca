package doppio.examples;

import java.awt.Color;
import java.util.Arrays;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How long each of many answers took. */
final class Latencies {
  private static final int BINS_A_DECADE = 20;

  /** Where bars stand: below one answer. */
  private static final double GROUND = 0.5;

  private static final double[] SHARES = {0.5, 0.9, 0.99, 0.999};

  private final double[] sorted;

  /** Latencies in microseconds, which are not changed. */
  Latencies(double[] micros) {
    sorted = micros.clone();
    Arrays.sort(sorted);
  }

  /** Prints within which time how many answers came. */
  void print() {
    for (double share : SHARES) {
      System.out.println(
          String.format(Locale.ROOT, "  %5.1f %% within %8.1f us", 100 * share, quantile(share)));
    }
  }

  /** Bins of equal width on a logarithmic axis, as an outline. */
  XYChart chart(String title, String what) {
    double lowest = Math.max(sorted[0], 0.01);
    int first = (int) Math.floor(BINS_A_DECADE * Math.log10(lowest));
    int last = (int) Math.floor(BINS_A_DECADE * Math.log10(sorted[sorted.length - 1]));
    double[] counts = new double[last - first + 1];
    for (double micros : sorted) {
      counts[(int) Math.floor(BINS_A_DECADE * Math.log10(Math.max(micros, lowest))) - first]++;
    }
    XYChart chart = Charts.chart(title, "microseconds", what);
    Charts.logarithmicX(chart);
    Charts.logarithmicY(chart);
    chart.getStyler().setYAxisMin(GROUND);
    bars(chart, what, first, counts);
    double top = Arrays.stream(counts).max().orElse(1);
    mark(chart, "median", quantile(0.5), top, Charts.BLACK);
    mark(chart, "99 %", quantile(0.99), top, Charts.ORANGE);
    return chart;
  }

  /** The outline of the bins, broken off where they are empty: 0 has no place on such an axis. */
  private static void bars(XYChart chart, String what, int first, double[] counts) {
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
    line(chart, what, x, y, Charts.BLUE);
  }

  private static void mark(XYChart chart, String name, double at, double top, Color color) {
    String label = String.format(Locale.ROOT, "%s: %.1f \u00b5s", name, at);
    line(chart, label, new double[] {at, at}, new double[] {GROUND, top}, color);
  }

  private static void line(XYChart chart, String name, double[] x, double[] y, Color color) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineWidth(1.5f);
  }

  private double quantile(double share) {
    return sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }
}
