package doppio.soak;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.io.Dtype;
import doppio.io.Npy;
import doppio.io.SafeTensors;
import doppio.model.JavaSource;
import doppio.model.ModelFile;
import doppio.model.Onnx;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Saves files of every kind where the system takes no more than so many bytes of one. */
final class FullDiskProgram {
  private static final byte[] OLD = {1, 2, 3};

  private FullDiskProgram() {}

  /** Writes a file. */
  private interface Save {
    void to(Path file) throws IOException;
  }

  /**
   * Prints a line for each kind of file: its name, its length and how many saves were tried. The
   * arguments are an empty folder and about how many saves of a kind.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    int most = Integer.parseInt(arguments[1]);
    for (Map.Entry<String, Save> kind : kinds().entrySet()) {
      Path file = folder.resolve(kind.getKey());
      kind.getValue().to(file);
      int length = (int) Files.size(file);
      int step = Math.max(1, length / most);
      int saves = 0;
      for (int room = 0; room < length; room += step) {
        Files.write(file, OLD);
        check(kind.getValue(), file, room);
        saves++;
      }
      check(kind.getValue(), file, length - 1);
      System.out.println(kind.getKey() + " " + length + " " + (saves + 1));
      Files.delete(file);
    }
  }

  /** A save fails with the name of the file, and leaves the old file and no other. */
  private static void check(Save save, Path file, int room)
      throws IOException, InterruptedException {
    IOException failure = null;
    limit(Integer.toString(room));
    try {
      save.to(file);
    } catch (IOException e) {
      failure = e;
    } finally {
      limit("unlimited");
    }
    String where = file.getFileName() + " with room for " + room + " bytes";
    if (failure == null) {
      throw new AssertionError(where + ": no failure");
    }
    if (!failure.getMessage().contains(file.toString())) {
      throw new AssertionError(where + ": a message without the name", failure);
    }
    List<Path> left;
    try (Stream<Path> files = Files.list(file.getParent())) {
      left = files.toList();
    }
    if (!left.equals(List.of(file)) || !Arrays.equals(Files.readAllBytes(file), OLD)) {
      throw new AssertionError(where + ": left are " + left, failure);
    }
  }

  /** The most bytes that this process may write to a file from now on. */
  private static void limit(String bytes) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "prlimit",
            "--pid",
            Long.toString(ProcessHandle.current().pid()),
            "--fsize=" + bytes + ":");
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new AssertionError(command);
    }
  }

  private static Map<String, Save> kinds() {
    Generator g = new Generator(1);
    Module model = new Sequential(new Linear(13, 11, g), new ReLU(), new Linear(11, 7, g));
    Checkpoint checkpoint = new Checkpoint(model).optimizer(new Adam(model.parameters(), 0.1));
    Map<String, Save> kinds = new LinkedHashMap<>();
    kinds.put("checkpoint", checkpoint::save);
    kinds.put("model", file -> ModelFile.save(file, model));
    kinds.put("onnx", file -> Onnx.save(file, model, 13));
    kinds.put("safetensors", file -> SafeTensors.save(file, model.stateDict()));
    kinds.put(
        "safetensors of floats", file -> SafeTensors.save(file, model.stateDict(), Dtype.F32));
    kinds.put("npy", file -> Npy.save(file, RandomTensors.normal(1, 17, 19)));
    kinds.put("Net.java", file -> JavaSource.write(file.getParent(), "Net", model, 13));
    return kinds;
  }
}
