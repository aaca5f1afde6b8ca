package doppio.examples;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Loss and accuracy after each epoch, on the training part and on what is held out. */
final class LearningCurve {
  /** Loss (a mean) and accuracy (0 to 1) on one part of the data. */
  record Score(double loss, double accuracy) {}

  private final List<Score> train = new ArrayList<>();
  private final List<Score> heldOut = new ArrayList<>();

  /** Adds an epoch. */
  void add(Score onTrain, Score onHeldOut) {
    train.add(onTrain);
    heldOut.add(onHeldOut);
  }

  /** Draws the losses and, beside them, the accuracies. */
  void save(Path file) throws IOException {
    XYChart losses = Charts.chart("Loss", "epoch", "mean cross-entropy");
    losses.getStyler().setYAxisMin(0.0).setYAxisDecimalPattern("0.00");
    lines(losses, Score::loss);
    XYChart accuracies = Charts.chart("Accuracy", "epoch", "% right");
    accuracies.getStyler().setYAxisMax(100.0);
    lines(accuracies, score -> 100 * score.accuracy());
    Charts.save(file, losses, accuracies);
  }

  private void lines(XYChart chart, ToDoubleFunction<Score> figure) {
    line(chart, "train", train, figure, Charts.BLUE);
    line(chart, "held out", heldOut, figure, Charts.ORANGE);
  }

  private static void line(
      XYChart chart, String name, List<Score> scores, ToDoubleFunction<Score> figure, Color color) {
    double[] epochs = new double[scores.size()];
    Arrays.setAll(epochs, i -> i + 1);
    double[] values = scores.stream().mapToDouble(figure).toArray();
    chart.getStyler().setXAxisMin(0.0).setMarkerSize(5);
    chart
        .addSeries(name, epochs, values)
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(color)
        .setLineColor(color)
        .setLineWidth(2);
  }
}
