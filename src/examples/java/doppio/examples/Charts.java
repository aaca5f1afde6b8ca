package doppio.examples;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Charts in one style, drawn to PNG and SVG files; no display is needed. */
public final class Charts {
  public static final Color BLUE = new Color(0x00, 0x72, 0xb2);
  public static final Color ORANGE = new Color(0xd5, 0x5e, 0x00);
  static final Color BLACK = new Color(0x20, 0x20, 0x20);

  /** Or the labels of a logarithmic axis are written in two ways, 1000 and 1E4. */
  private static final String PLAIN = "#,##0.#########";

  private static final int WIDTH = 560;
  private static final int HEIGHT = 620;
  private static final int PANEL_WIDTH = 330;
  private static final int PANEL_HEIGHT = 380;

  private Charts() {}

  /** A chart without series, its legend below the plot. */
  public static XYChart chart(String title, String xTitle, String yTitle) {
    return chart(WIDTH, HEIGHT, title, xTitle, yTitle);
  }

  private static XYChart chart(int width, int height, String title, String xTitle, String yTitle) {
    System.setProperty("java.awt.headless", "true");
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
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
    chart.getStyler().setAxisTickPadding(8);
    return chart;
  }

  /** A smaller chart, one of many in a {@link Picture#grid}. */
  static XYChart panel(String title, String xTitle, String yTitle) {
    XYChart chart = chart(PANEL_WIDTH, PANEL_HEIGHT, title, xTitle, yTitle);
    chart
        .getStyler()
        .setChartTitleFont(font(Font.BOLD, 13))
        .setLegendFont(font(Font.PLAIN, 11))
        .setLegendPadding(6)
        .setLegendSeriesLineLength(16);
    chart
        .getStyler()
        .setAxisTitleFont(font(Font.PLAIN, 11))
        .setAxisTickLabelsFont(font(Font.PLAIN, 11));
    return chart;
  }

  /** Makes the x axis logarithmic. */
  public static void logarithmicX(XYChart chart) {
    chart.getStyler().setXAxisLogarithmic(true).setXAxisDecimalPattern(PLAIN);
  }

  /** Makes the y axis logarithmic. */
  public static void logarithmicY(XYChart chart) {
    chart.getStyler().setYAxisLogarithmic(true).setYAxisDecimalPattern(PLAIN);
  }

  private static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }

  /** Writes charts side by side to a PNG file, and an SVG file beside it; prints the path. */
  static void save(Path file, XYChart... charts) throws IOException {
    Picture.grid(file, charts.length, List.of(charts));
  }
}
