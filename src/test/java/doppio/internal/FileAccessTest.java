package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.internal.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAccessTest {
  @TempDir private Path folder;

  @Test
  void aStreamGivesEveryByteByItself() throws IOException {
    Path file = Files.write(folder.resolve("file.bin"), new byte[] {1, 0, 127, -1, -128});
    try (InputStream in = FileAccess.stream(file)) {
      for (int expected : new int[] {1, 0, 127, 255, 128, -1, -1}) {
        assertThat(in.read()).isEqualTo(expected);
      }
    }
  }

  @Test
  void whatMayNotBeReadIsNamedByItselfOrByTheFolderThatHidesIt() throws IOException {
    Disk disk = new Disk(folder.toRealPath());
    Files.createDirectories(folder.resolve("secret/below"));
    Files.writeString(folder.resolve("secret/below/file.bin"), "hidden");
    Files.writeString(folder.resolve("file.bin"), "seen");
    Path secret = disk.file("secret");
    Path hidden = disk.file("secret/below/file.bin");
    Path seen = disk.file("file.bin");
    disk.secret(secret)
        .fault(
            (call, path) -> {
              throw new AccessDeniedException(path.toString());
            });
    String why = ": no permission to look into folder " + secret;
    assertThatThrownBy(() -> FileAccess.open(hidden)).hasMessage(hidden + why);
    for (Path in : new Path[] {secret, hidden.getParent()}) {
      assertThatThrownBy(() -> FileAccess.requireFolder(in)).hasMessage(in + why);
    }
    assertThatThrownBy(() -> FileAccess.open(seen))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessage(seen + ": no permission to read it");
  }
}
