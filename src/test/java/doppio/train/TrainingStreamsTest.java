package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.optim.Momentum;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingStreamsTest {
  @TempDir private Path folder;

  private final Dataset data = new Dataset(Tensor.full(1, 6, 2), Tensor.full(3, 6, 1));

  private static Trainer trainer(Linear model, int epochs) {
    return new Trainer(model, new MSE(), new Momentum(model.parameters(), 0.01, 0.9))
        .epochs(epochs)
        .batchSize(4)
        .shuffle(new Generator(4));
  }

  @Test
  void aTrainingGoesOnFromAStreamAsFromAFile() throws IOException {
    Linear whole = new Linear(2, 1, new Generator(1));
    trainer(whole, 4).fit(data);
    Trainer first = trainer(new Linear(2, 1, new Generator(1)), 2);
    first.fit(data);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    first.save(out);
    Linear resumed = new Linear(2, 1, new Generator(5));
    trainer(resumed, 4).resume(new ByteArrayInputStream(out.toByteArray())).fit(data);
    assertThat(resumed.weight().value().data()).isEqualTo(whole.weight().value().data());
    assertThat(resumed.bias().value().data()).isEqualTo(whole.bias().value().data());
  }

  @Test
  void aHistoryIsTheSameInAStreamAsInAFile() throws IOException {
    History history = trainer(new Linear(2, 1, new Generator(1)), 3).fit(data);
    Path file = folder.resolve("history.csv");
    ByteArrayOutputStream epochs = new ByteArrayOutputStream();
    history.saveEpochs(file);
    history.saveEpochs(epochs);
    assertThat(epochs.toByteArray()).isEqualTo(Files.readAllBytes(file)).isNotEmpty();
    ByteArrayOutputStream batches = new ByteArrayOutputStream();
    history.saveBatches(file);
    history.saveBatches(batches);
    assertThat(batches.toByteArray()).isEqualTo(Files.readAllBytes(file)).isNotEmpty();
  }
}
