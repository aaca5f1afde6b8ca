package doppio.internal;

import doppio.nn.Linear;
import doppio.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a checkpoint for {@link RenamedTest}. */
final class CheckpointProgram {
  private CheckpointProgram() {}

  /** Prints the epoch that it holds. */
  public static void main(String[] arguments) throws IOException {
    System.out.println(
        new Checkpoint(new Linear(2, 3)).load(Path.of(arguments[0])).get("epoch").get());
  }
}
