package doppio.soak;

import doppio.internal.ChildJvm;
import doppio.internal.ChildJvm.Result;
import doppio.train.BackgroundJvm;
import doppio.train.SavesForever;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Processes that are killed while they save, and while they go on with a training. */
final class Kills implements Part {
  private static final int KILLS_AN_HOUR = 1000;
  private static final int SAVING_NANOS = 30_000_000;
  private static final int RESUMING_NANOS = 800_000_000;
  private static final long UNDISTURBED_NANOS = 1_200_000_000_000L;
  private static final String EPOCHS = "30";

  private final Random random = new Random(66);

  @Override
  public String name() {
    return "kills";
  }

  @Override
  public void run(Report report, double minutes) {
    int kills = (int) Math.max(5, Math.round(minutes * KILLS_AN_HOUR / 60));
    report.add(
        name(), "while saving a checkpoint", () -> inFolder(folder -> saving(kills, folder)));
    report.add(
        name(),
        "while resuming and training on",
        () -> inFolder(folder -> resuming(kills, folder)));
  }

  /** Each file is whole, and no older than the one before. */
  private Outcome saving(int kills, Path folder) throws IOException, InterruptedException {
    Path file = folder.resolve("file.safetensors");
    double last = 0;
    for (int kill = 0; kill < kills; kill++) {
      Process child = BackgroundJvm.start(SavesForever.class, file);
      try {
        BackgroundJvm.awaitOutput(child);
        LockSupport.parkNanos(random.nextInt(SAVING_NANOS));
      } finally {
        child.destroyForcibly().waitFor();
      }
      double number = SavesForever.check(file);
      if (number <= last) {
        throw new AssertionError("kill " + kill + ": " + number + " after " + last);
      }
      last = number;
    }
    return new Outcome(
        kills + " kills",
        "%.0f files saved, each whole; %d temporary files left at the end"
            .formatted(last, files(folder) - 1));
  }

  /** Trainings that are killed until they come to their end, in the bits of one that never was. */
  private Outcome resuming(int kills, Path folder) throws IOException, InterruptedException {
    int killed = 0;
    int seed = 0;
    int resumed = 0;
    while (killed < kills) {
      seed++;
      Path file = folder.resolve(seed + ".safetensors");
      String expected = uninterrupted(folder.resolve(seed + "-whole.safetensors"), seed);
      String digest = null;
      while (digest == null) {
        boolean goesOn = Files.exists(file);
        Process child = BackgroundJvm.start(ResumesProgram.class, file, seed, EPOCHS);
        try {
          BackgroundJvm.awaitOutput(child);
          // Killed often enough, it comes to its end, on a machine too busy for a step between
          // kills too.
          long nanos = killed < kills ? random.nextInt(RESUMING_NANOS) : UNDISTURBED_NANOS;
          if (child.waitFor(nanos, TimeUnit.NANOSECONDS)) {
            digest = lastLine(child);
          }
        } finally {
          child.destroyForcibly().waitFor();
        }
        if (digest == null) {
          killed++;
          resumed += goesOn ? 1 : 0;
        }
      }
      if (!digest.equals(expected)) {
        throw new AssertionError("seed " + seed + ": " + digest + " instead of " + expected);
      }
    }
    if (resumed == 0) {
      return Outcome.notRun("each kill came before there was a file");
    }
    return new Outcome(
        killed + " kills",
        "%d trainings resumed %d times, all ended in the bits of one that never stopped"
            .formatted(seed, resumed));
  }

  private static String lastLine(Process child) throws IOException {
    if (child.exitValue() != 0) {
      throw new AssertionError("ended by itself, with " + child.exitValue());
    }
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output.lines().reduce((line, next) -> next).orElseThrow();
  }

  private static String uninterrupted(Path file, int seed) {
    Result whole =
        ChildJvm.run(
            ResumesProgram.class,
            List.of("-Ddoppio.threads=1"),
            file.toString(),
            Integer.toString(seed),
            EPOCHS);
    if (whole.exit() != 0) {
      throw new AssertionError(whole);
    }
    return whole.output().get(1);
  }

  /** Works in a folder that is made for it. */
  private interface Work {
    Outcome in(Path folder) throws IOException, InterruptedException;
  }

  private static Outcome inFolder(Work work) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("soak");
    try {
      return work.in(folder);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static int files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return (int) files.count();
    }
  }
}
