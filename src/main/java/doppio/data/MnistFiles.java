package doppio.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folder that MNIST's files lie in, and their names and spellings. */
final class MnistFiles {
  private static final int CHUNK = 1 << 16;

  /** Where torchvision puts the files, beneath the folder that it is given. */
  private static final List<String> BENEATH =
      List.of("raw", "MNIST/raw", "FashionMNIST/raw", "KMNIST/raw");

  private final Path folder;

  private MnistFiles(Path folder) {
    this.folder = folder;
  }

  static String images(String part) {
    return part + "-images-idx3-ubyte";
  }

  static String labels(String part) {
    return part + "-labels-idx1-ubyte";
  }

  /** The folder or the one beneath it that has any of the files; the folder itself if none has. */
  static MnistFiles in(Path folder) throws IOException {
    if (hasFiles(folder)) {
      return new MnistFiles(folder);
    }
    Path found = null;
    for (String beneath : BENEATH) {
      Path candidate = folder.resolve(beneath);
      if (hasFiles(candidate)) {
        if (found != null) {
          throw new IOException(
              folder + ": expected one data set but both " + found + " and " + candidate + " are");
        }
        found = candidate;
      }
    }
    return new MnistFiles(found == null ? folder : found);
  }

  private static boolean hasFiles(Path folder) {
    return Stream.of("train", "t10k")
        .flatMap(part -> Stream.of(images(part), labels(part)))
        .anyMatch(name -> !spellings(folder, name).isEmpty());
  }

  /** The file of that name, or null. */
  Path find(String name) throws IOException {
    List<Path> files = spellings(folder, name);
    for (Path other : files) {
      if (!sameContent(files.get(0), other)) {
        throw new IOException(
            files.get(0)
                + " and "
                + other
                + " should hold the same but differ: remove the one that is wrong");
      }
    }
    return files.isEmpty() ? null : files.get(0);
  }

  private static List<Path> spellings(Path folder, String name) {
    String dotted = name.replace("-idx", ".idx");
    return Stream.of(name, name + ".gz", dotted, dotted + ".gz")
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .collect(Collectors.toUnmodifiableList());
  }

  /** Compares what is unpacked. */
  private static boolean sameContent(Path first, Path second) throws IOException {
    if (first.equals(second)) {
      return true;
    }
    try (InputStream a = Gunzip.open(first);
        InputStream b = Gunzip.open(second)) {
      byte[] next;
      do {
        next = a.readNBytes(CHUNK);
        if (!Arrays.equals(next, b.readNBytes(CHUNK))) {
          return false;
        }
      } while (next.length == CHUNK);
      return true;
    } catch (FileSystemException | ClosedByInterruptException e) {
      // Names the file already.
      throw e;
    } catch (IOException e) {
      throw new IOException(first + " or " + second + ": " + e.getMessage(), e);
    }
  }

  /** The error that of a pair only the other file is there. */
  NoSuchFileException missing(String name, Path other) {
    return new NoSuchFileException(
        folder.resolve(name).toString(),
        null,
        "missing, plain or .gz, although " + other.getFileName() + " is there");
  }
}
