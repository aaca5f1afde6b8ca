package doppio.examples;

import doppio.Tensor;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Images side by side, in rows under titles: digits, filters, feature maps. Zero is white, positive
 * numbers go to black and negative ones to orange.
 */
final class ImageSheet {
  private static final int COLUMNS = 8;
  private static final int TILE = 112;
  private static final int GAP = 12;
  private static final int TITLE_HEIGHT = 34;
  private static final int CAPTION_HEIGHT = 20;
  private static final int MARGIN = 16;

  private final List<Band> bands = new ArrayList<>();

  private record Band(String title, List<Tile> tiles, boolean captions) {
    private int cellHeight() {
      return TILE + GAP + (captions ? CAPTION_HEIGHT : 0);
    }

    private int height() {
      return TITLE_HEIGHT + (tiles.size() + COLUMNS - 1) / COLUMNS * cellHeight();
    }
  }

  private record Tile(String caption, Tensor image, double largest) {}

  /** Begins a row of images with captions. */
  ImageSheet row(String title) {
    bands.add(new Band(title, new ArrayList<>(), true));
    return this;
  }

  /**
   * Adds an image to the row.
   *
   * @param image {@code [h, w]}; its own largest number is black, or its smallest one orange
   */
  ImageSheet image(String caption, Tensor image) {
    bands.get(bands.size() - 1).tiles.add(new Tile(caption, image, largest(image)));
    return this;
  }

  /**
   * Adds rows with each channel of an image, on one scale.
   *
   * @param channels {@code [c, h, w]}
   */
  ImageSheet channels(String title, Tensor channels) {
    double largest = largest(channels);
    int size = channels.dim(1) * channels.dim(2);
    List<Tile> tiles = new ArrayList<>();
    for (int c = 0; c < channels.dim(0); c++) {
      double[] pixels = Arrays.copyOfRange(channels.data(), c * size, (c + 1) * size);
      Tensor channel = Tensor.wrap(pixels, channels.dim(1), channels.dim(2));
      tiles.add(new Tile("", channel, largest));
    }
    bands.add(new Band(title, tiles, false));
    return this;
  }

  /** Draws all rows, one below the other. */
  void save(Path file) throws IOException {
    int columns =
        bands.stream().mapToInt(band -> Math.min(COLUMNS, band.tiles.size())).max().orElse(1);
    Picture.save(
        file,
        2 * MARGIN + columns * (TILE + GAP) - GAP,
        2 * MARGIN + bands.stream().mapToInt(Band::height).sum(),
        graphics -> {
          int top = MARGIN;
          for (Band band : bands) {
            draw(graphics, top, band);
            top += band.height();
          }
        });
  }

  private static void draw(Graphics2D graphics, int top, Band band) {
    graphics.setColor(Charts.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    graphics.drawString(band.title, MARGIN, top + TITLE_HEIGHT - 16);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    for (int i = 0; i < band.tiles.size(); i++) {
      int x = MARGIN + i % COLUMNS * (TILE + GAP);
      int y = top + TITLE_HEIGHT + i / COLUMNS * band.cellHeight();
      draw(graphics, x, y, band.tiles.get(i));
    }
  }

  private static void draw(Graphics2D graphics, int left, int top, Tile tile) {
    int height = tile.image.dim(0);
    int width = tile.image.dim(1);
    int pixel = TILE / Math.max(height, width);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        graphics.setColor(color(tile.image.get(row, column) / tile.largest));
        graphics.fillRect(left + column * pixel, top + row * pixel, pixel, pixel);
      }
    }
    graphics.setColor(Color.LIGHT_GRAY);
    graphics.drawRect(left, top, width * pixel, height * pixel);
    graphics.setColor(Charts.BLACK);
    graphics.drawString(tile.caption, left, top + TILE + 16);
  }

  /** The colour of a number from -1 to 1. */
  private static Color color(double value) {
    Color full = value < 0 ? Charts.ORANGE : Color.BLACK;
    double share = Math.abs(value);
    return new Color(
        between(full.getRed(), share),
        between(full.getGreen(), share),
        between(full.getBlue(), share));
  }

  private static int between(int full, double share) {
    return (int) Math.round(255 + share * (full - 255));
  }

  /** The largest absolute value; 1 where all are 0, for something divides by it. */
  private static double largest(Tensor values) {
    double largest = Arrays.stream(values.data()).map(Math::abs).max().orElse(0);
    return largest == 0 ? 1 : largest;
  }
}
