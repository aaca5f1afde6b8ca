package doppio.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the library's speed with libtorch's: the same weights, data and steps, one process for
 * each contestant and workload, turn by turn.
 */
final class Peers {
  private Peers() {}

  /**
   * Prints each measurement, a table of medians in the end, and draws growth; see {@link Settings}.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Settings settings = Settings.parse(args);
    Map<String, Figures> all = new LinkedHashMap<>();
    settings.workloads().forEach(name -> all.put(name, new Figures(name)));
    for (int round = 0; round < settings.rounds(); round++) {
      for (Map.Entry<String, Figures> one : all.entrySet()) {
        for (Contestant contestant : Contestant.values()) {
          Child.Measured measured = Child.run(contestant, one.getKey(), settings);
          System.out.println(one.getValue().add(contestant, measured));
        }
      }
    }
    System.out.println();
    System.out.println(Figures.HEAD);
    all.values().forEach(figures -> System.out.println(figures.row()));
    GrowthChart.save(Path.of("target", "growth.png"), List.copyOf(all.values()), settings.peak());
  }
}
