package doppio.examples;

import doppio.Tensor;
import doppio.data.Dataset;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Square grey images with their classes, true and predicted: some samples, the worst mistakes. */
final class SampleSheet {
  private static final int COLUMNS = 8;
  private static final int ROWS = 2;
  private static final int IMAGE = 96;
  private static final int CELL_WIDTH = 144;
  private static final int CELL_HEIGHT = 146;
  private static final int TITLE_HEIGHT = 40;
  private static final int MARGIN = 16;

  private final Dataset samples;
  private final Tensor scores;
  private final String scoreName;
  private final double white;
  private final int side;
  private final int[] predicted;

  /**
   * A sheet.
   *
   * @param samples images {@code [n, side · side]} and class indices {@code [n]}
   * @param white the brightest value of a pixel
   * @param scores what the model says of them, {@code [n, classes]}: the largest one wins, and how
   *     large it is says how sure the model is
   * @param scoreName what the caption calls a score
   */
  SampleSheet(Dataset samples, double white, Tensor scores, String scoreName) {
    this.samples = samples;
    this.scores = scores;
    this.scoreName = scoreName;
    this.white = white;
    side = (int) Math.round(Math.sqrt(samples.inputs().dim(1)));
    predicted = IntStream.range(0, samples.size()).map(this::argmax).toArray();
  }

  /** The samples that are taken for another class, the most confident ones first. */
  List<Integer> mistakes() {
    return IntStream.range(0, samples.size())
        .filter(i -> predicted[i] != actual(i))
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -scores.get(i, predicted[i])))
        .collect(Collectors.toList());
  }

  /** Draws the first samples and, below them, the most confident mistakes. */
  void save(Path file) throws IOException {
    List<Integer> mistakes = mistakes();
    int shown = Math.min(COLUMNS * ROWS, mistakes.size());
    List<Integer> first = new ArrayList<>();
    for (int i = 0; i < Math.min(COLUMNS * ROWS, samples.size()); i++) {
      first.add(i);
    }
    int band = TITLE_HEIGHT + ROWS * CELL_HEIGHT;
    Picture.save(
        file,
        2 * MARGIN + COLUMNS * CELL_WIDTH,
        2 * MARGIN + 2 * band,
        graphics -> {
          band(graphics, MARGIN, "The first samples held out", first);
          band(
              graphics,
              MARGIN + band,
              mistakes.size() + " mistakes; the most confident ones:",
              mistakes.subList(0, shown));
        });
  }

  /** Draws one row: the first samples, and at its end the most confident mistakes, two at most. */
  void saveRow(Path file) throws IOException {
    List<Integer> mistakes = mistakes();
    List<Integer> wrong = mistakes.subList(0, Math.min(2, mistakes.size()));
    List<Integer> row = new ArrayList<>();
    for (int i = 0; row.size() < Math.min(COLUMNS - wrong.size(), samples.size()); i++) {
      row.add(i);
    }
    row.addAll(wrong);
    Picture.save(
        file,
        2 * MARGIN + COLUMNS * CELL_WIDTH,
        2 * MARGIN + CELL_HEIGHT,
        graphics -> cells(graphics, MARGIN, row));
  }

  private void band(Graphics2D graphics, int top, String title, List<Integer> rows) {
    graphics.setColor(Charts.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    graphics.drawString(title, MARGIN, top + TITLE_HEIGHT - 18);
    cells(graphics, top + TITLE_HEIGHT, rows);
  }

  private void cells(Graphics2D graphics, int top, List<Integer> rows) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    for (int k = 0; k < rows.size(); k++) {
      int x = MARGIN + k % COLUMNS * CELL_WIDTH;
      int y = top + k / COLUMNS * CELL_HEIGHT;
      cell(graphics, x, y, rows.get(k));
    }
  }

  private void cell(Graphics2D graphics, int left, int top, int sample) {
    int pixel = IMAGE / side;
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        double ink = samples.inputs().get(sample, row * side + column) / white;
        int grey = (int) Math.round(255 * (1 - ink));
        graphics.setColor(new Color(grey, grey, grey));
        graphics.fillRect(left + column * pixel, top + row * pixel, pixel, pixel);
      }
    }
    graphics.setColor(Color.LIGHT_GRAY);
    graphics.drawRect(left, top, side * pixel, side * pixel);
    graphics.setColor(predicted[sample] == actual(sample) ? Charts.BLUE : Charts.ORANGE);
    graphics.drawString(
        "true " + actual(sample) + ", predicted " + predicted[sample], left, top + IMAGE + 16);
    double score = scores.get(sample, predicted[sample]);
    graphics.drawString(
        String.format(Locale.ROOT, "%s %.3f", scoreName, score), left, top + IMAGE + 31);
  }

  private int actual(int sample) {
    return (int) samples.targets().get(sample);
  }

  private int argmax(int row) {
    int best = 0;
    for (int i = 1; i < scores.dim(1); i++) {
      if (scores.get(row, i) > scores.get(row, best)) {
        best = i;
      }
    }
    return best;
  }
}
