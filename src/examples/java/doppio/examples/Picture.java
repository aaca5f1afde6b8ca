package doppio.examples;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;

/** Writes a drawing as a PNG file and, beside it, as an SVG file; no display is needed. */
final class Picture {
  private static final String PNG = ".png";

  private Picture() {}

  /**
   * Writes both files, and prints the path of the first.
   *
   * @param file the PNG file; the SVG file has its name with another ending
   * @param width in pixels
   * @param height in pixels
   * @param drawing what is drawn, on white ground
   */
  static void save(Path file, int width, int height, Consumer<Graphics2D> drawing)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    System.setProperty("java.awt.headless", "true");
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pixels = image.createGraphics();
    draw(pixels, width, height, drawing);
    pixels.dispose();
    ImageIO.write(image, "png", file.toFile());

    VectorGraphics2D vectors = new VectorGraphics2D();
    draw(vectors, width, height, drawing);
    Path svg = file.resolveSibling(file.getFileName().toString().replace(PNG, "") + ".svg");
    try (OutputStream out = Files.newOutputStream(svg)) {
      Processors.get("svg")
          .getDocument(vectors.getCommands(), new PageSize(width, height))
          .writeTo(out);
    }
    System.out.println("Picture: " + file + " (and .svg)");
  }

  /** Writes charts of one size in rows of so many, from left to right. */
  static void grid(Path file, int columns, List<? extends Chart<?, ?>> charts) throws IOException {
    int width = charts.get(0).getWidth();
    int height = charts.get(0).getHeight();
    int rows = (charts.size() + columns - 1) / columns;
    save(
        file,
        columns * width,
        rows * height,
        graphics -> {
          for (int i = 0; i < charts.size(); i++) {
            int x = i % columns * width;
            int y = i / columns * height;
            graphics.translate(x, y);
            charts.get(i).paint(graphics, width, height);
            graphics.translate(-x, -y);
          }
        });
  }

  private static void draw(
      Graphics2D graphics, int width, int height, Consumer<Graphics2D> drawing) {
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    drawing.accept(graphics);
  }
}
