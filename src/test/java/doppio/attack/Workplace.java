package doppio.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A folder of files of every format that the library reads, small ones, and places to write to. */
final class Workplace {
  private static final int MOST_BYTES = 4096;
  private static final int OF_EACH_FORMAT = 3;

  private final Path folder;
  private final List<byte[]> contents = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();

  /** Fills an empty folder from the corpora of the fuzzers. */
  Workplace(Path folder, Path corpora) throws IOException {
    this.folder = folder;
    try (Stream<Path> readers = Files.list(corpora)) {
      for (Path reader : readers.sorted().toList()) {
        take(reader);
      }
    }
    Files.createDirectory(folder.resolve("folder"));
    Files.createFile(folder.resolve("empty"));
  }

  private void take(Path reader) throws IOException {
    try (Stream<Path> corpus = Files.list(reader)) {
      List<Path> small =
          corpus.sorted().filter(file -> file.toFile().length() <= MOST_BYTES).toList();
      for (Path file : small.subList(0, Math.min(OF_EACH_FORMAT, small.size()))) {
        Path copy = folder.resolve(reader.getFileName() + "-" + file.getFileName());
        contents.add(Files.readAllBytes(file));
        files.add(Files.copy(file, copy));
      }
    }
  }

  byte[] bytes(Random random) {
    return contents.get(random.nextInt(contents.size())).clone();
  }

  /** A file to read, or sometimes one that is not there yet. */
  Path file(Random random) {
    int i = random.nextInt(files.size() + 4);
    return i < files.size() ? files.get(i) : folder.resolve("new-" + random.nextInt(100));
  }

  /** Places where there is no file to read, and mostly none to write. */
  List<Path> badPlaces() {
    return List.of(
        Path.of(""),
        Path.of("bare"),
        folder.resolve("folder"),
        folder.resolve("empty"),
        folder.resolve("empty/below-a-file"),
        folder.resolve("no/such/folder/file"),
        folder.resolve("x".repeat(300)),
        folder.resolve("folder/../folder/./."));
  }
}
