package doppio.examples;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Charts in one style, drawn to PNG files; no display is needed. */
final class Charts {
  static final Color BLUE = new Color(0x00, 0x72, 0xb2);
  static final Color ORANGE = new Color(0xd5, 0x5e, 0x00);
  static final Color BLACK = new Color(0x20, 0x20, 0x20);

  private static final int WIDTH = 560;
  private static final int HEIGHT = 620;

  private Charts() {}

  /** A chart without series, its legend below the plot. */
  static XYChart chart(String title, String xTitle, String yTitle) {
    System.setProperty("java.awt.headless", "true");
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    chart
        .getStyler()
        .setChartBackgroundColor(Color.WHITE)
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setLegendPadding(14)
        .setLegendBorderColor(Color.WHITE);
    return chart;
  }

  /** Writes charts side by side to a PNG file, and prints its path. */
  static void save(Path file, XYChart... charts) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    BitmapEncoder.saveBitmap(List.of(charts), 1, charts.length, file.toString(), BitmapFormat.PNG);
    System.out.println("Picture: " + file);
  }
}
