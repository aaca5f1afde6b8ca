package doppio.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doppio.internal.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files and folders that are not the process's own, or not to be written. Some of it only the
 * superuser can bring about, on Linux, where the tests run as that in a container: elsewhere those
 * are left out.
 */
@Tag("once")
class FilesOfOthersTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    permit(folder, "rwxrwxrwx");
    file = folder.resolve("file.bin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-rw-rw-", "rw-------", "rwxr-x--x", "r--rw-r--"})
  void everyPermissionOfTheOldFileIsKeptWhateverTheMask(String permissions) throws IOException {
    Files.writeString(file, "old");
    permit(file, permissions);
    assumeTrue(Files.isWritable(file));
    save(file);
    assertThat(file).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo(permissions);
  }

  @Test
  void theSuperuserLeavesAFileItsOwnerAndGroup() throws IOException {
    Files.writeString(file, "old");
    belongToNobody(file);
    save(file);
    assertThat(file).hasContent("new");
    PosixFileAttributes now = Files.readAttributes(file, PosixFileAttributes.class);
    assertThat(now.owner().getName()).isEqualTo("nobody");
    assertThat(now.group().getName()).isEqualTo("nogroup");
  }

  @Test
  void anotherUsersFileIsRefusedToWhomMayNotKeepItTheirs() throws IOException {
    Files.writeString(file, "old");
    permit(file, "rw-rw-rw-");
    assertThat(asNobody("save", file))
        .isEqualTo(
            file
                + ": belongs to root and group root, which the file in its place would not:"
                + " remove it first, or save elsewhere");
    permit(file, "rw-r--r--");
    assertThat(asNobody("save", file)).isEqualTo(file + ": is read-only, and so not replaced");
    assertThat(file).hasContent("old");
    assertThat(names(folder)).containsExactly("file.bin");
    belongToNobody(file);
    assertThat(asNobody("save", file)).isEqualTo("done");
    assertThat(file).hasContent("new");
  }

  @ParameterizedTest
  @CsvSource({"rwx------, file.bin", "rwx------, below/file.bin", "rw-rw-rw-, file.bin"})
  void aFolderWithoutPermissionIsNotMissing(String permissions, String name) throws IOException {
    Path secret = Files.createDirectory(folder.resolve("secret"));
    Path inside = secret.resolve(name);
    Files.createDirectories(inside.getParent());
    Files.writeString(inside, "old");
    permit(secret, permissions);
    String message = inside + ": no permission to look into folder " + secret;
    for (String what : List.of("save", "load", "csv", "idx")) {
      assertThat(asNobody(what, inside)).as(what).isEqualTo(message);
    }
    assertThat(asNobody("mnist", inside.getParent()))
        .isEqualTo(inside.getParent() + ": no permission to look into folder " + secret);
    assertThat(inside).hasContent("old");
  }

  @Test
  void aFileWithoutPermissionIsNamed() throws IOException {
    Files.writeString(file, "1,2");
    permit(file, "rw-------");
    for (String what : List.of("load", "csv", "idx")) {
      assertThat(asNobody(what, file)).isEqualTo(file + ": no permission to read it");
    }
  }

  @Test
  void aFolderThatMayNotBeWrittenIsNamed() throws IOException {
    permit(folder, "rwxr-xr-x");
    assertThat(asNobody("save", file))
        .matches(
            Pattern.quote(file + ": cannot create a file in folder " + folder)
                + " \\(no permission\\); its disk has \\d+ bytes left");
  }

  @Test
  void aFileThatIsMountedByItselfIsRefused() throws Exception {
    Files.writeString(file, "old");
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "old");
    assumeTrue(run("mount", "--bind", elsewhere.toString(), file.toString()) == 0);
    try {
      assertThatThrownBy(() -> save(file))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(
              file
                  + ": cannot be replaced by a new file (Device or resource busy);"
                  + " if it is mounted by itself, as into a container, mount its folder");
      assertThat(file).hasContent("old");
    } finally {
      assertThat(run("umount", file.toString())).isZero();
    }
    assertThat(names(folder)).containsExactlyInAnyOrder("file.bin", "elsewhere");
  }

  @Test
  void aDiskThatIsFullOrReadOnlyIsNamedWithWhatItHasLeft() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "none", small.toString()) == 0);
    try {
      Path inside = small.resolve("file.bin");
      save(inside);
      AtomicFile.Content endless =
          channel -> {
            while (true) {
              channel.write(ByteBuffer.allocate(1000));
            }
          };
      assertThatThrownBy(() -> AtomicFile.write(inside, endless))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(
              inside
                  + ": cannot be written (No space left on device); 61440 bytes were written;"
                  + " its disk has 0 bytes left");
      assertThat(inside).hasContent("new");
      assertThat(names(small)).containsExactly("file.bin");
      assertThat(run("mount", "-o", "remount,ro", small.toString())).isZero();
      Path other = small.resolve("other.bin");
      assertThatThrownBy(() -> save(other))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(
              other
                  + ": cannot create a file in folder "
                  + small
                  + " (Read-only file system); its disk has 61440 bytes left");
    } finally {
      assertThat(run("umount", small.toString())).isZero();
    }
  }

  private static void save(Path file) throws IOException {
    byte[] content = "new".getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, channel -> channel.write(ByteBuffer.wrap(content)));
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static void belongToNobody(Path path) throws IOException {
    assumeTrue(isSuperuser());
    UserPrincipalLookupService users = path.getFileSystem().getUserPrincipalLookupService();
    Files.setOwner(path, users.lookupPrincipalByName("nobody"));
    Files.setAttribute(path, "posix:group", users.lookupPrincipalByGroupName("nogroup"));
  }

  private static boolean isSuperuser() {
    return System.getProperty("user.name").equals("root");
  }

  /** What {@link FileProgram} writes that runs as a user with no rights. */
  private static String asNobody(String what, Path file) throws IOException {
    assumeTrue(isSuperuser());
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(FileProgram.class.getName(), what, file.toString()));
    Path output = Files.createTempFile("nobody", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int exit = process.waitFor();
      List<String> lines = Files.readAllLines(output);
      assumeTrue(exit == 0 && lines.size() == 1, lines.toString());
      return lines.get(0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      Files.delete(output);
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      // No such program.
      return -1;
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(p -> p.getFileName().toString()).toList();
    }
  }
}
