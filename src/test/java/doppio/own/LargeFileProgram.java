package doppio.own;

import doppio.Generator;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.optim.SGD;
import doppio.train.History;
import doppio.train.Trainer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Trains from a file that is larger than the heap; prints the heap, the file and the losses. */
public final class LargeFileProgram {
  private static final int ROWS = 2_000_000;

  private LargeFileProgram() {}

  public static void main(String[] args) throws IOException {
    Path file = Files.createTempFile("large", ".doubles");
    try {
      // Sparse: zeros take no room on the disk, and the file is as long as it says.
      try (RandomAccessFile empty = new RandomAccessFile(file.toFile(), "rw")) {
        empty.setLength(ROWS * 88L);
      }
      MappedSamples samples = new MappedSamples(file);
      Linear model = new Linear(10, 1, new Generator(1));
      History history =
          new Trainer(model, new MSE(), new SGD(model.parameters(), 0.01))
              .batchSize(1000)
              .shuffle(new Generator(2))
              .fit(samples);
      System.out.println(Runtime.getRuntime().maxMemory());
      System.out.println(Files.size(file));
      System.out.println(history.last().samples());
      System.out.println(history.batchLoss()[0]);
      System.out.println(history.last().trainLoss());
    } finally {
      Files.delete(file);
    }
  }
}
