package doppio.soak;

import doppio.internal.ChildJvm;
import doppio.internal.ChildJvm.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A disk that is full, after any number of bytes, for each kind of file. */
final class FullDisk implements Part {
  private static final Path LIMITS = Path.of("/usr/bin/prlimit");

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public void run(Report report, double minutes) {
    report.add(
        name(),
        "no room for more bytes of a file, from none to all but one",
        () -> full((int) Math.max(4, Math.round(minutes * 8))));
  }

  private static Outcome full(int saves) throws IOException {
    if (!Files.isExecutable(LIMITS)) {
      return Outcome.notRun("no " + LIMITS);
    }
    Path folder = Files.createTempDirectory("soak");
    Result result =
        ChildJvm.runFor(
            3600, FullDiskProgram.class, List.of(), folder.toString(), Integer.toString(saves));
    if (result.exit() != 0 || result.output().isEmpty()) {
      throw new AssertionError(result);
    }
    Files.delete(folder);
    int all =
        result.output().stream()
            .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
    return new Outcome(
        all + " saves of " + result.output().size() + " kinds",
        "each names its file, and leaves the old one and no other");
  }
}
