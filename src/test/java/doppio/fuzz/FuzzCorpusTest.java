package doppio.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays the files that fuzzing began with and those that it found to take other paths. */
@Tag("once")
class FuzzCorpusTest {
  static Stream<Arguments> targets() {
    return Stream.of(
        target("Checkpoint", CheckpointFuzzer::fuzzerTestOneInput),
        target("Csv", CsvFuzzer::fuzzerTestOneInput),
        target("ModelFile", ModelFileFuzzer::fuzzerTestOneInput),
        target("Idx", IdxFuzzer::fuzzerTestOneInput),
        target("Onnx", OnnxFuzzer::fuzzerTestOneInput),
        target("Npy", NpyFuzzer::fuzzerTestOneInput),
        target("Npz", NpzFuzzer::fuzzerTestOneInput),
        target("Rows", RowsFuzzer::fuzzerTestOneInput),
        target("SafeTensors", SafeTensorsFuzzer::fuzzerTestOneInput),
        target("Table", TableFuzzer::fuzzerTestOneInput),
        target("TorchFile", TorchFileFuzzer::fuzzerTestOneInput));
  }

  private static Arguments target(String reader, Consumer<byte[]> fuzzer) {
    return Arguments.of(reader, fuzzer);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void everyFileIsReadOrRefused(String reader, Consumer<byte[]> fuzzer) throws Exception {
    List<Path> files = files(reader);
    assertThat(files).hasSizeGreaterThan(10);
    for (Path file : files) {
      try {
        fuzzer.accept(Files.readAllBytes(file));
      } catch (Throwable failure) {
        throw new AssertionError(file.toString(), failure);
      }
    }
  }

  private static List<Path> files(String reader) throws IOException, URISyntaxException {
    Path folder = Path.of(FuzzCorpusTest.class.getResource(reader).toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
