package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it saves leaves a file that can be read, the old or the new. */
@Tag("jvm")
class CheckpointKillTest {
  private static final int KILLS = Integer.getInteger("doppio.kills", 10);
  private static final int LONGEST_NANOS = 30_000_000;

  @TempDir private Path folder;

  @Test
  void aKillAtAnyMomentLeavesAReadableFile() throws IOException, InterruptedException {
    Path file = folder.resolve("file.safetensors");
    Random random = new Random(66);
    double last = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process child = BackgroundJvm.start(SavesForever.class, file);
      try {
        BackgroundJvm.awaitOutput(child);
        LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
      } finally {
        child.destroyForcibly().waitFor();
      }
      double number = SavesForever.check(file);
      assertThat(number).isGreaterThan(last);
      last = number;
      // Its own, perhaps: its first save has cleared that of the one before.
      assertThat(temporaries()).isLessThanOrEqualTo(1);
    }
    SavesForever.saveOnce(file);
    assertThat(temporaries()).isZero();
    assertThat(SavesForever.check(file)).isEqualTo(last + 1);
  }

  private long temporaries() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith(".doppio-")).count();
    }
  }
}
