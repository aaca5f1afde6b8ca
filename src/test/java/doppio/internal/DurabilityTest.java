package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.internal.disk.Crash;
import doppio.internal.disk.Disk;
import doppio.model.JavaSource;
import doppio.nn.Linear;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a disk that loses what was not forced, that is full, or that fails. */
@Tag("once")
class DurabilityTest {
  private static final String NEW = "all of the new content";

  @TempDir private Path folder;
  private Disk disk;
  private Path file;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = new Disk(folder.toRealPath());
    file = disk.file("file.bin");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCrashAtAnyPointLeavesTheOldFileOrTheNewAndAfterASaveTheNew(boolean exists)
      throws IOException {
    if (exists) {
      write("old");
    }
    disk.log();
    write(NEW);
    List<Set<String>> left = disk.log().contentsOf(file);
    String before = exists ? "old" : Crash.NO_FILE;
    assertThat(left).allSatisfy(any -> assertThat(any).isSubsetOf(before, NEW));
    assertThat(left.get(0)).containsExactly(before);
    assertThat(left.get(left.size() - 1)).containsExactly(NEW);
    // A file that is made, three writes, two that are forced, one that is renamed.
    assertThat(left).hasSize(1 + 7);
  }

  @Test
  void theDiskLosesWhatWasNotForced() throws IOException {
    disk.log();
    Path path = disk.file("careless.bin");
    Files.write(path, List.of("a"), StandardOpenOption.CREATE_NEW);
    assertThat(disk.log().contentsOf(path))
        .containsExactly(
            Set.of(Crash.NO_FILE), Set.of(Crash.NO_FILE, ""), Set.of(Crash.NO_FILE, "", "a\n"));
  }

  @Test
  void aFullDiskIsNamedWithTheFileAtAnyWrite() throws IOException {
    write("old");
    for (int free = 0; free < NEW.length(); free++) {
      disk.free(free);
      assertThatThrownBy(() -> write(NEW))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(
              file
                  + ": cannot be written (No space left on device); "
                  + free
                  + " bytes were written; its disk has 0 bytes left");
      assertThat(folder.resolve("file.bin")).hasContent("old");
      assertThat(names()).containsExactly("file.bin");
    }
    disk.free(NEW.length());
    write(NEW);
    assertThat(folder.resolve("file.bin")).hasContent(NEW);
  }

  /**
   * A writer of the JDK over a channel would lose what the disk does not take of its last piece.
   */
  @Test
  void noPartOfAJavaFileIsLostWhereTheDiskIsFull() throws IOException {
    Linear model = new Linear(3, 2, new Generator(1));
    JavaSource.write(folder, "Net", model, 3);
    String whole = Files.readString(folder.resolve("Net.java"));
    Files.writeString(folder.resolve("Net.java"), "old");
    for (int free = 0; free < whole.length(); free += 97) {
      disk.free(free);
      assertThatThrownBy(() -> JavaSource.write(disk.file("Net.java").getParent(), "Net", model, 3))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("No space left on device");
      assertThat(folder.resolve("Net.java")).hasContent("old");
    }
    disk.free(whole.length());
    JavaSource.write(disk.file("Net.java").getParent(), "Net", model, 3);
    assertThat(folder.resolve("Net.java")).hasContent(whole);
  }

  @Test
  void aQuotaIsNamedWithTheFileAndWhatTheDiskHas() {
    disk.free(4096).fault((call, path) -> failAt("force", call, "Disk quota exceeded"));
    assertThatThrownBy(() -> write(NEW))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(
            file
                + ": cannot be written (Disk quota exceeded); 22 bytes were written;"
                + " its disk has 4074 bytes left");
    disk.free(4096).fault((call, path) -> failAt("create", call, "Disk quota exceeded"));
    assertThatThrownBy(() -> write(NEW))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(
            file
                + ": cannot create a file in folder "
                + file.getParent()
                + " (Disk quota exceeded); its disk has 4096 bytes left");
  }

  @Test
  void aFailureAtAnyCallNamesTheFileOrKeepsNothingFromBeingWritten() throws IOException {
    int failed = 0;
    int count = count();
    for (int i = 0; i < count; i++) {
      disk.fault((call, path) -> {});
      write("old");
      int bad = i;
      int[] seen = {0};
      disk.fault(
          (call, path) -> {
            if (seen[0]++ == bad) {
              throw new IOException("broken");
            }
          });
      try {
        write(NEW);
        assertThat(folder.resolve("file.bin")).hasContent(NEW);
      } catch (FileSystemException e) {
        failed++;
        assertThat(e).hasMessageStartingWith(file + ": cannot ").hasMessageContaining("broken");
        assertThat(folder.resolve("file.bin")).hasContent("old");
      }
      assertThat(seen[0]).isGreaterThan(bad);
      assertThat(names()).containsExactly("file.bin");
    }
    // The new file, three writes, its force and its move; not the lock, and nothing with the
    // folder.
    assertThat(failed).isEqualTo(6);
  }

  @Test
  void aReasonIsGivenInItsOwnWordsOrNotAtAll() throws IOException {
    Map<IOException, String> words = new LinkedHashMap<>();
    words.put(new IOException("broken"), " (broken)");
    words.put(new IOException(), "");
    words.put(new FileSystemException("a", "b", "busy"), " (busy)");
    words.put(new FileSystemException("a"), "");
    words.put(new AccessDeniedException("a"), " (no permission)");
    words.put(new AccessDeniedException("a", null, "by rule"), " (by rule)");
    for (boolean exists : new boolean[] {false, true}) {
      for (Map.Entry<IOException, String> reason : words.entrySet()) {
        disk.fault(
            (call, path) -> {
              if (call.equals("move")) {
                throw reason.getKey();
              }
            });
        disk.free(1000);
        assertThatThrownBy(() -> write(""))
            .hasMessage(
                exists
                    ? file
                        + ": cannot be replaced by a new file"
                        + reason.getValue()
                        + "; if it is mounted by itself, as into a container, mount its folder"
                    : file
                        + ": cannot be created"
                        + reason.getValue()
                        + "; its disk has 1000 bytes left")
            .hasCause(reason.getKey());
      }
      disk.fault((call, path) -> {});
      write("old");
    }
  }

  @Test
  void aFolderThatIsGoneWhenTheFileIsMadeIsNamed() throws IOException {
    Path below = Files.createDirectory(folder.resolve("below"));
    Path lost = disk.file("below/file.bin");
    disk.fault(
        (call, path) -> {
          if (call.equals("create")) {
            Files.delete(below);
          }
        });
    assertThatThrownBy(() -> AtomicFile.write(lost, channel -> {}))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(lost + ": no such folder: " + lost.getParent());
  }

  private int count() throws IOException {
    int[] calls = {0};
    disk.fault((call, path) -> calls[0]++);
    write("old");
    return calls[0];
  }

  @Test
  void aFileSystemWithoutLocksTakesSaves() throws IOException {
    int[] made = {0};
    disk.fault(
        (call, path) -> {
          made[0] += call.equals("create") ? 1 : 0;
          failAt("lock", call, "No locks available");
        });
    write("old");
    write(NEW);
    assertThat(made[0]).isEqualTo(2);
    assertThat(folder.resolve("file.bin")).hasContent(NEW);
    assertThat(names()).containsExactly("file.bin");
  }

  @Test
  void oneThatIsTakenForDeadBeforeItIsLockedIsMadeAgain() throws IOException {
    int[] locks = {0};
    disk.fault(
        (call, path) -> {
          if (call.equals("lock") && locks[0]++ == 0) {
            Files.delete(folder.resolve(path.getFileName().toString()));
          }
        });
    write(NEW);
    assertThat(locks[0]).isEqualTo(2);
    assertThat(folder.resolve("file.bin")).hasContent(NEW);
    assertThat(names()).containsExactly("file.bin");
  }

  private static void failAt(String bad, String call, String message) throws IOException {
    if (call.equals(bad)) {
      throw new IOException(message);
    }
  }

  /** In three parts. */
  private void write(String content) throws IOException {
    AtomicFile.write(
        file,
        channel -> {
          byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
          for (int part = 0; part < 3; part++) {
            int from = bytes.length * part / 3;
            ByteBuffer rest = ByteBuffer.wrap(bytes, from, bytes.length * (part + 1) / 3 - from);
            while (rest.hasRemaining()) {
              channel.write(rest);
            }
          }
        });
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(p -> p.getFileName().toString()).toList();
    }
  }
}
