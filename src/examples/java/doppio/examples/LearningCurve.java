package doppio.examples;

import doppio.train.History;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The losses and the accuracy of each epoch: the numbers that the progress bar shows. */
final class LearningCurve {
  private static final String HELD_OUT = "held out";

  private LearningCurve() {}

  /** Draws the losses and, beside them, the accuracy on what is held out. */
  static void save(History history, String accuracy, Path file) throws IOException {
    XYChart losses = chart("Loss", "mean cross-entropy");
    losses.getStyler().setYAxisMin(0.0).setYAxisDecimalPattern("0.0");
    line(losses, "train, as it learns with dropout", history.trainLoss(), Charts.BLUE);
    line(losses, HELD_OUT, history.validationLoss(), Charts.ORANGE);
    XYChart accuracies = chart("Accuracy", "% right");
    accuracies.getStyler().setYAxisMax(100.0);
    double[] percent = Arrays.stream(history.metric(accuracy)).map(a -> 100 * a).toArray();
    line(accuracies, HELD_OUT, percent, Charts.ORANGE);
    Charts.save(file, losses, accuracies);
  }

  private static XYChart chart(String title, String yTitle) {
    XYChart chart = Charts.chart(title, "epoch", yTitle);
    chart.getStyler().setXAxisMin(0.0).setMarkerSize(5);
    return chart;
  }

  private static void line(XYChart chart, String name, double[] values, Color color) {
    double[] epochs = new double[values.length];
    Arrays.setAll(epochs, i -> i + 1);
    chart
        .addSeries(name, epochs, values)
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(color)
        .setLineColor(color)
        .setLineWidth(2);
  }
}
