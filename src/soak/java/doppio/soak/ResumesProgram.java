package doppio.soak;

import doppio.Generator;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.loss.CrossEntropy;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.train.Checkpoints;
import doppio.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A training that saves after each step, and goes on where its file says. */
final class ResumesProgram {
  private static final int SAMPLES = 40;

  private ResumesProgram() {}

  /**
   * Prints a line before it reads the file, if there is one, and at the end a digest of all
   * parameters. The arguments are the file, a seed and the number of epochs.
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Generator generator = new Generator(Long.parseLong(arguments[1]));
    Module model =
        new Sequential(
            new Linear(64, 24, generator),
            new ReLU(),
            new Dropout(0.2, generator),
            new Linear(24, 10, generator));
    Trainer trainer =
        new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 1e-2))
            .epochs(Integer.parseInt(arguments[2]))
            .batchSize(8)
            .shuffle(generator)
            .callback(Checkpoints.everySteps(1, file));
    Dataset data = Digits.load().slice(0, SAMPLES).scale(1 / 16.0);
    System.out.println("resumes");
    if (Files.exists(file)) {
      trainer.resume(file);
    }
    trainer.fit(data);
    System.out.println(Digest.of(List.copyOf(model.stateDict().values())));
  }
}
