package doppio.peers;

import doppio.examples.Charts;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How the time of a training step grows with its batch, both axes logarithmic. */
final class GrowthChart {
  private static final int WIDTH = 256;
  private static final int DEPTH = 2;
  private static final String NAMES = WIDTH + "x" + DEPTH + "x";

  private GrowthChart() {}

  /**
   * Draws the workloads of {@value #WIDTH} units and {@value #DEPTH} layers, if there are two.
   *
   * @param peak multiply-adds of a core at most, in GFLOP/s: a line that nobody passes; or 0
   */
  static void save(Path file, List<Figures> all, double peak) throws IOException {
    List<Figures> grown = all.stream().filter(f -> f.name().startsWith(NAMES)).toList();
    if (grown.size() < 2) {
      return;
    }
    XYChart chart =
        Charts.chart(
            "Training step of %d layers of %d units".formatted(DEPTH, WIDTH),
            "samples in a batch",
            "microseconds");
    Charts.logarithmicX(chart);
    Charts.logarithmicY(chart);
    add(chart, "libtorch, MKL", grown, f -> f.seconds(Contestant.LIBTORCH), Charts.ORANGE);
    add(chart, "Doppio, option", grown, f -> f.seconds(Contestant.DOPPIO_VECTOR), Charts.BLUE);
    add(chart, "Doppio", grown, f -> f.seconds(Contestant.DOPPIO), new Color(0x56b4e9));
    if (peak > 0) {
      add(chart, "limit", grown, f -> operations(f.batch()) / peak / 1e9, Color.GRAY)
          .setMarker(SeriesMarkers.NONE);
    }
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
    System.out.println("Picture: " + file);
  }

  private static XYSeries add(
      XYChart chart,
      String title,
      List<Figures> grown,
      ToDoubleFunction<Figures> seconds,
      Color color) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    grown.stream()
        .sorted(Comparator.comparingInt(Figures::batch))
        .forEach(
            f -> {
              x.add((double) f.batch());
              y.add(1e6 * seconds.applyAsDouble(f));
            });
    XYSeries series = chart.addSeries(title, x, y);
    series.setMarkerColor(color);
    series.setLineColor(color);
    return series;
  }

  /** Two for a multiply-add; three products a layer, but for the first one's input gradient. */
  private static double operations(int batch) {
    return 2.0 * batch * WIDTH * WIDTH * (3 * DEPTH - 1);
  }
}
