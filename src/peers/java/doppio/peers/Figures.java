package doppio.peers;

import doppio.peers.Child.Measured;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured at one workload, and its row of the table. */
final class Figures {
  /** The head of the table. */
  static final String HEAD =
      "| | | libtorch | float32 | Doppio, option | ratio | to float32 | no option | ratio |"
          + " to float32 |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

  private final String name;
  private final String what;
  private final Unit unit;
  private final int batch;
  private final Map<Contestant, List<Double>> runs = new EnumMap<>(Contestant.class);
  private double expected = Double.NaN;

  Figures(String name) {
    Workload workload = Workloads.of(name);
    this.name = name;
    what = workload.what();
    unit = workload.unit();
    batch = workload.batch();
  }

  /**
   * Takes a measurement; returns it as a line.
   *
   * @throws IllegalStateException if the contestant did something else than the first one
   */
  String add(Contestant contestant, Measured measured) {
    if (Double.isNaN(expected)) {
      expected = measured.result();
    }
    double error = Math.abs(measured.result() / expected - 1);
    if (!(error <= contestant.tolerance())) {
      throw new IllegalStateException(
          "%s: %s came to %s, the first contestant to %s"
              .formatted(name, contestant, measured.result(), expected));
    }
    runs.computeIfAbsent(contestant, c -> new ArrayList<>()).add(measured.seconds());
    return "%s, %s: %s %s".formatted(name, contestant, text(measured.seconds()), unit);
  }

  String name() {
    return name;
  }

  int batch() {
    return batch;
  }

  /** Medians, and how many times as fast as libtorch. */
  String row() {
    double theirs = seconds(Contestant.LIBTORCH);
    double float32 = seconds(Contestant.LIBTORCH_FLOAT32);
    double vector = seconds(Contestant.DOPPIO_VECTOR);
    double scalar = seconds(Contestant.DOPPIO);
    return String.format(
        Locale.ROOT,
        "| %s: %s | %s | %s | %s | %s | %.2f | %.2f | %s | %.2f | %.2f |",
        name,
        what,
        unit,
        text(theirs),
        text(float32),
        text(vector),
        theirs / vector,
        float32 / vector,
        text(scalar),
        theirs / scalar,
        float32 / scalar);
  }

  /** The median of a run's seconds. */
  double seconds(Contestant contestant) {
    double[] sorted =
        runs.get(contestant).stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private String text(double seconds) {
    double figure = unit.of(seconds, batch);
    return String.format(Locale.ROOT, figure < 100 ? "%.1f" : "%,.0f", figure);
  }
}
