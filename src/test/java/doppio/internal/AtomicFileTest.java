package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("file.bin");
  }

  @Test
  void aFileThatWasNotThereIsCreated() throws IOException {
    AtomicFile.write(file, content("new"));
    assertThat(file).hasContent("new");
    assertThat(names()).containsExactly("file.bin");
  }

  @Test
  void replacesALongerFile() throws IOException {
    Files.writeString(file, "something old");
    AtomicFile.write(file, content("new"));
    assertThat(file).hasContent("new");
    assertThat(names()).containsExactly("file.bin");
  }

  @Test
  void theOldFileIsThereUntilTheNewOneIsWhole() throws IOException {
    Files.writeString(file, "old");
    WritableByteChannel[] used = new WritableByteChannel[1];
    AtomicFile.write(
        file,
        channel -> {
          used[0] = channel;
          assertThat(channel.isOpen()).isTrue();
          content("new").writeTo(channel);
          assertThat(file).hasContent("old");
          assertThat(names()).hasSize(2).anyMatch(n -> n.matches("\\.doppio-.*\\.tmp"));
        });
    assertThat(file).hasContent("new");
    assertThat(used[0].isOpen()).isFalse();
    assertThatThrownBy(() -> content("more").writeTo(used[0]))
        .isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void aFailureLeavesTheOldFileAndNoOther() throws IOException {
    Files.writeString(file, "old");
    for (Throwable failure : List.of(new IOException("full"), new AssertionError("bug"))) {
      assertThatThrownBy(
              () ->
                  AtomicFile.write(
                      file,
                      channel -> {
                        content("half of the ne").writeTo(channel);
                        if (failure instanceof IOException e) {
                          throw e;
                        }
                        throw (Error) failure;
                      }))
          .isSameAs(failure);
      assertThat(file).hasContent("old");
      assertThat(names()).containsExactly("file.bin");
    }
  }

  @Test
  void anInterruptLeavesTheOldFileAndNoOther() throws IOException {
    Files.writeString(file, "old");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> AtomicFile.write(file, content("new")))
        .isInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("file.bin");
  }

  @Test
  void whatIsWrittenUninterruptedIsWrittenAndTheInterruptionKept() throws IOException {
    Thread.currentThread().interrupt();
    AtomicFile.writeUninterrupted(file, content("before"));
    assertThat(Thread.interrupted()).isTrue();
    int[] calls = {0};
    AtomicFile.writeUninterrupted(
        file,
        channel -> {
          if (calls[0]++ == 0) {
            Thread.currentThread().interrupt();
          }
          content("meanwhile").writeTo(channel);
        });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(calls[0]).isEqualTo(2);
    assertThat(file).hasContent("meanwhile");
    AtomicFile.writeUninterrupted(file, content("never"));
    assertThat(Thread.interrupted()).isFalse();
    assertThat(names()).containsExactly("file.bin");
  }

  @Test
  void aContentThatWasInterruptedElsewhereIsNotAskedAgain() throws IOException {
    ClosedByInterruptException elsewhere = new ClosedByInterruptException();
    assertThatThrownBy(
            () ->
                AtomicFile.writeUninterrupted(
                    file,
                    channel -> {
                      throw elsewhere;
                    }))
        .isSameAs(elsewhere);
    assertThat(names()).isEmpty();
  }

  @Test
  void aLinkThatLeadsToNothingYetStaysALink() throws IOException {
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, Path.of("second"));
    Files.createSymbolicLink(folder.resolve("second"), file);
    AtomicFile.write(link, content("new"));
    assertThat(link).isSymbolicLink().hasContent("new");
    assertThat(file).isRegularFile().hasContent("new");
    AtomicFile.write(link, content("newer"));
    assertThat(file).hasContent("newer");
    assertThat(names()).containsExactlyInAnyOrder("file.bin", "link", "second");
  }

  @Test
  void linksThatLeadInACircleAreRefused() throws IOException {
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, Path.of("other"));
    Files.createSymbolicLink(folder.resolve("other"), link);
    assertThatThrownBy(() -> AtomicFile.write(link, content("new")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(link + ": leads from one symbolic link to the next without end");
    assertThat(names()).containsExactlyInAnyOrder("link", "other");
  }

  @Test
  void aFileThatCannotBeCreatedIsNotSaidToBeMounted() throws IOException {
    Path tooLong = folder.resolve("x".repeat(300));
    assertThatThrownBy(() -> AtomicFile.write(tooLong, content("new")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageStartingWith(tooLong + ": cannot be created (")
        .hasMessageNotContaining("mounted");
    assertThat(names()).isEmpty();
  }

  @Test
  void aFolderIsRefused() throws IOException {
    Files.createDirectory(file);
    assertThatThrownBy(() -> AtomicFile.write(file, content("new")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(file + ": expected a file but found a folder");
    assertThat(names()).containsExactly("file.bin");
  }

  /** A socket in a folder of the test: one of the system's own would be lost if this failed. */
  @Test
  void whatIsNeitherFileNorFolderIsRefused() throws IOException {
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      Path device = folder.resolve("socket");
      socket.bind(UnixDomainSocketAddress.of(device));
      assertThatThrownBy(() -> AtomicFile.write(device, content("new")))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(device + ": expected a file but found a device");
      assertThat(Files.isRegularFile(device)).isFalse();
      assertThat(names()).containsExactly("socket");
    }
  }

  @Test
  void aMissingFolderIsRefused() throws IOException {
    Path lost = folder.resolve("missing").resolve("file.bin");
    assertThatThrownBy(() -> AtomicFile.write(lost, content("new")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(lost + ": no such folder: " + folder.resolve("missing"));
    assertThat(names()).isEmpty();
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws IOException {
    Files.writeString(file, "old");
    Path below = file.resolve("below.bin");
    assertThatThrownBy(() -> AtomicFile.write(below, content("new")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(below + ": expected a folder but found a file: " + file);
    assertThat(file).hasContent("old");
  }

  @Test
  void aFolderWithoutWritePermissionIsRefused() throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeTrue(!Files.isWritable(folder), "the superuser may write anywhere");
      assertThatThrownBy(() -> AtomicFile.write(file, content("new")))
          .isInstanceOf(FileSystemException.class)
          .hasMessageMatching(
              Pattern.quote(file + ": cannot create a file in folder " + folder.toRealPath())
                  + " \\(no permission\\); its disk has \\d+ bytes left");
      assertThat(file).hasContent("old");
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void aFolderThatTakesNoFilesIsRefused() {
    Path proc = Path.of("/proc");
    assumeTrue(Files.isDirectory(proc));
    Path inProc = proc.resolve("file.bin");
    assertThatThrownBy(() -> AtomicFile.write(inProc, content("new")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageMatching(
            "/proc/file.bin: cannot create a file in folder /proc.*; its disk has 0 bytes left");
  }

  @Test
  void aPathWithoutParentIsWritten() throws IOException {
    Path bare = Path.of("doppio-test-" + UUID.randomUUID() + ".bin");
    try {
      AtomicFile.write(bare, content("new"));
      assertThat(bare).hasContent("new");
    } finally {
      Files.deleteIfExists(bare);
    }
  }

  @Test
  void theLongestNameIsWritten() throws IOException {
    Path longest = folder.resolve("n".repeat(255));
    AtomicFile.write(longest, content("new"));
    assertThat(longest).hasContent("new");
  }

  @Test
  void aSymbolicLinkIsFollowed() throws IOException {
    Path target = Files.createDirectory(folder.resolve("elsewhere")).resolve("target.bin");
    Files.writeString(target, "old");
    Files.createSymbolicLink(file, target);
    AtomicFile.write(file, content("new"));
    assertThat(target).hasContent("new");
    assertThat(file).isSymbolicLink();
  }

  @Test
  void permissionsOfTheOldFileAreKept() throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    AtomicFile.write(file, content("new"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void permissionsOfANewFileAreTheUsualOnes() throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Path usual = Files.writeString(folder.resolve("usual"), "");
    AtomicFile.write(file, content("new"));
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--r--r--", "r--------", "---------"})
  void aReadOnlyFileIsRefused(String permissions) throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertThatThrownBy(() -> AtomicFile.write(file, content("new")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(file + ": is read-only, and so not replaced");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThatThrownBy(() -> AtomicFile.write(link, content("new")))
        .hasMessage(link + ": is read-only, and so not replaced");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactlyInAnyOrder("file.bin", "link");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aZipFileSystemTakesManySavesToOnePath(boolean posix) throws IOException {
    Map<String, ?> options =
        posix
            ? Map.of("create", "true", "enablePosixFileAttributes", true)
            : Map.of("create", "true");
    Path zip = folder.resolve("files.zip");
    try (FileSystem files = FileSystems.newFileSystem(zip, options)) {
      Path inside = files.getPath("/file.bin");
      for (int i = 0; i < 3; i++) {
        AtomicFile.write(inside, content("new"));
        assertThat(Files.readString(inside)).isEqualTo("new");
        assertThat(names(files.getPath("/"))).containsExactly("file.bin");
      }
      AtomicFile.write(files.getPath("relative.bin"), content("new"));
      Path lost = files.getPath("/missing/file.bin");
      assertThatThrownBy(() -> AtomicFile.write(lost, content("new")))
          .isInstanceOf(FileSystemException.class)
          .hasMessage("/missing/file.bin: no such folder: /missing");
    }
    try (FileSystem files = FileSystems.newFileSystem(zip)) {
      assertThat(names(files.getPath("/"))).containsExactlyInAnyOrder("file.bin", "relative.bin");
      assertThat(Files.readString(files.getPath("/file.bin"))).isEqualTo("new");
    }
  }

  @Test
  void ownerGroupAndPermissionsAreKeptEach() throws IOException {
    UserPrincipal owner = named("ann");
    GroupPrincipal group = named("staff");
    Map<String, ?> options = Map.of("create", "true", "enablePosixFileAttributes", true);
    try (FileSystem files = FileSystems.newFileSystem(folder.resolve("files.zip"), options)) {
      Path inside = files.getPath("/file.bin");
      AtomicFile.write(inside, content("old"));
      PosixFileAttributeView old = Files.getFileAttributeView(inside, PosixFileAttributeView.class);
      old.setPermissions(PosixFilePermissions.fromString("rw-rw----"));
      assertThat(replacedIn(inside)).isEqualTo("rw-rw----");
      old.setGroup(group);
      replacedIn(inside);
      assertThat(old.readAttributes().group()).isEqualTo(group);
      assertThat(old.readAttributes().owner()).isNotEqualTo(owner);
      old.setOwner(owner);
      assertThat(replacedIn(inside)).isEqualTo("rw-rw----");
      assertThat(old.readAttributes().owner()).isEqualTo(owner);
      assertThat(old.readAttributes().group()).isEqualTo(group);
    }
  }

  /** Its permissions then. */
  private static String replacedIn(Path file) throws IOException {
    AtomicFile.write(file, content("new"));
    assertThat(Files.readString(file)).isEqualTo("new");
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static GroupPrincipal named(String name) {
    return () -> name;
  }

  @Test
  void aFileSystemThatTakesNoFilesIsNamed() {
    Path runtime = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    Path fresh = runtime.resolve("file.bin");
    assertThatThrownBy(() -> AtomicFile.write(fresh, content("new")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("/modules/file.bin: its file system is read-only");
    Path known = runtime.resolve("java.base/java/lang/String.class");
    assertThatThrownBy(() -> AtomicFile.write(known, content("new")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(known + ": is read-only, and so not replaced");
  }

  private static AtomicFile.Content content(String text) {
    return channel -> channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> names() throws IOException {
    return names(folder);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(p -> p.getFileName().toString()).toList();
    }
  }
}
