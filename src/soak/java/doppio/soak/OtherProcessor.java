package doppio.soak;

import doppio.soak.Bits.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The bits of aarch64, by a JVM for it that an emulator runs: {@code -Dsoak.aarch64=HOME}. */
final class OtherProcessor implements Part {
  @Override
  public String name() {
    return "aarch64";
  }

  @Override
  public void run(Report report, double minutes) {
    report.add(
        name(),
        "under an emulator, 1 and 2 threads: training, files, draws",
        OtherProcessor::imitated);
  }

  private static Outcome imitated() throws Exception {
    String home = System.getProperty("soak.aarch64", "");
    if (home.isEmpty()) {
      return Outcome.notRun("no emulator given");
    }
    if (!Files.isExecutable(Path.of(home, "bin/java"))) {
      throw new IllegalArgumentException("no bin/java in -Dsoak.aarch64=" + home);
    }
    List<Child> children = new ArrayList<>();
    for (int threads : new int[] {1, 2}) {
      children.addAll(Bits.both(Path.of(home), threads));
    }
    return Bits.compare(children, Bits.HALF);
  }
}
