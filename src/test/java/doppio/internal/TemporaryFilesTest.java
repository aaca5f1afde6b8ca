package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.train.BackgroundJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What killed processes have left is removed, and nothing else. */
class TemporaryFilesTest {
  private static final int UUID_SIZE = 36;

  @TempDir private Path folder;
  private Path file;
  private Path other;

  @BeforeEach
  void nameFiles() {
    file = folder.resolve("file.bin");
    other = folder.resolve("file.bin2");
  }

  @Test
  @Tag("jvm")
  void theNextSaveOfAFileClearsWhatAKilledOneHasLeftAndNoOther()
      throws IOException, InterruptedException {
    Process first = BackgroundJvm.start(WritesFile.class, file, "hold");
    Process second = BackgroundJvm.start(WritesFile.class, other, "hold");
    try {
      BackgroundJvm.awaitOutput(first);
      BackgroundJvm.awaitOutput(second);
      AtomicFile.write(file, content("first"));
      assertThat(temporaries()).as("of processes that live").hasSize(2);
    } finally {
      first.destroyForcibly().waitFor();
      second.destroyForcibly().waitFor();
    }
    assertThat(temporaries()).hasSize(2);
    AtomicFile.write(file, content("second"));
    assertThat(temporaries()).as("of the other file").hasSize(1);
    assertThat(folder.resolve(temporaries().get(0))).hasContent("child");
    assertThat(other).doesNotExist();
    AtomicFile.write(other, content("third"));
    assertThat(temporaries()).isEmpty();
    assertThat(file).hasContent("second");
    assertThat(other).hasContent("third");
  }

  @Test
  @Tag("jvm")
  void oneThatThisProcessWritesStaysWhoeverElseWritesTheFile() throws IOException {
    AtomicFile.write(
        file,
        channel -> {
          List<String> own = temporaries();
          AtomicFile.write(file, content("inner"));
          assertThat(file).hasContent("inner");
          assertThat(ChildJvm.run(WritesFile.class, List.of(), file.toString(), "go on").exit())
              .isZero();
          assertThat(file).hasContent("child");
          assertThat(temporaries()).isEqualTo(own).hasSize(1);
          content("outer").writeTo(channel);
        });
    assertThat(file).hasContent("outer");
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void whatIsNoFileOrHasAnotherNameStays() throws IOException {
    String[] name = {""};
    AtomicFile.write(file, channel -> name[0] = temporaries().get(0));
    Path outside = Files.writeString(folder.resolve("outside"), "mine");
    Files.createSymbolicLink(folder.resolve(name[0].replace(".tmp", "1.tmp")), outside);
    Files.createDirectory(folder.resolve(name[0].replace(".tmp", "2.tmp")));
    Files.writeString(folder.resolve(".doppio-4eb7.tmp"), "of an older version");
    AtomicFile.write(file, content("new"));
    assertThat(temporaries()).hasSize(3);
    assertThat(outside).hasContent("mine");
    Files.writeString(folder.resolve(name[0]), "left behind");
    AtomicFile.write(file, content("new"));
    assertThat(temporaries()).hasSize(3).doesNotContain(name[0]);
  }

  @Test
  void eachFileHasTemporaryOnesOfItsOwn() throws IOException {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      AtomicFile.write(
          folder.resolve("file" + i),
          channel -> {
            String name = temporaries().get(0);
            names.add(name.substring(0, name.length() - (UUID_SIZE + ".tmp".length())));
          });
    }
    assertThat(names).hasSize(100);
  }

  private static AtomicFile.Content content(String text) {
    return channel -> channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> temporaries() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(p -> p.getFileName().toString())
          .filter(name -> name.matches("\\.doppio-.*\\.tmp"))
          .toList();
    }
  }
}
