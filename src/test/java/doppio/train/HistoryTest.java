package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.internal.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  @TempDir private Path folder;
  private final History history = new History(List.of("accuracy", "top 2"), 4096);

  private void twoEpochsAndABatch() {
    double[] losses = {1, 0.5, 0.25, 0.125, 0.1};
    for (int step = 0; step < losses.length; step++) {
      history.addBatch(step, losses[step]);
    }
    history.add(
        new EpochResult(
            1, 0.75, Double.NaN, Map.of("accuracy", 0.5, "top 2", 1.0), 0.1, 0.5, 64, 2));
    history.add(
        new EpochResult(2, 0.1875, 1e-5, Map.of("top 2", 1.0, "accuracy", 0.75), 0.05, 2, 64, 2));
  }

  @Test
  void columnsAreByEpoch() {
    twoEpochsAndABatch();
    assertThat(history.size()).isEqualTo(2);
    assertThat(history.trainLoss()).containsExactly(0.75, 0.1875);
    assertThat(history.validationLoss()).containsExactly(Double.NaN, 1e-5);
    assertThat(history.metric("accuracy")).containsExactly(0.5, 0.75);
    assertThat(history.learningRate()).containsExactly(0.1, 0.05);
    assertThat(history.seconds()).containsExactly(0.5, 2);
    assertThat(history.samplesPerSecond()).containsExactly(128, 32);
    assertThat(history.batchLoss()).containsExactly(1, 0.5, 0.25, 0.125, 0.1);
    assertThat(history.last()).isSameAs(history.epochs().get(1));
    assertThatThrownBy(() -> history.metric("R²"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no metric R²; there are [accuracy, top 2]");
    assertThat(history)
        .hasToString(
            "History of 2 epochs, the last one: loss 0.1875, validation loss 1.000e-05,"
                + history.last().metrics().entrySet().stream()
                    .map(e -> " " + e.getKey() + " " + EpochText.number(e.getValue()))
                    .collect(Collectors.joining(","))
                + "; 32 samples/s");
  }

  @Test
  void epochsAreSavedAsCsv() throws IOException {
    twoEpochsAndABatch();
    Path file = folder.resolve("epochs.csv");
    Files.writeString(file, "old");
    history.saveEpochs(file);
    assertThat(written(history::saveEpochs)).isEqualTo(Files.readString(file));
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "epoch,train_loss,validation_loss,accuracy,top 2,learning_rate,seconds,"
                + "samples_per_second",
            "1,0.75,NaN,0.5,1.0,0.1,0.5,128.0",
            "2,0.1875,1.0E-5,0.75,1.0,0.05,2.0,32.0");
  }

  /** What is written to a stream that holds back all that is not flushed. */
  private static String written(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writing.to(new BufferedOutputStream(bytes, 1 << 16));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private interface Writing {
    void to(OutputStream out) throws IOException;
  }

  @Test
  void lossesThatWereReadAreTheHistorysAndStayWithinItsLimit() {
    history.set(new EpochResult[0], new double[] {3, 2, 1}, 4, 12);
    assertThat(history.batchLoss()).containsExactly(3, 2, 1);
    assertThat(history.batchStride()).isEqualTo(4);
    History limited = new History(List.of(), 2);
    limited.set(new EpochResult[0], new double[] {0, 1, 2, 3, 4}, 1, 5);
    assertThat(limited.batchLoss()).containsExactly(0, 4);
    assertThat(limited.batchStride()).isEqualTo(4);
    assertThat(limited.limit()).isEqualTo(2);
  }

  @Test
  void whereTheFirstLossesWereNotKeptThoseAfterThemAreNotEither() {
    history.set(new EpochResult[0], new double[0], 1, 5);
    history.addBatch(5, 1);
    assertThat(history.batchLoss()).isEmpty();
    assertThat(history.limit()).isZero();
  }

  @Test
  void anEpochPrintsWhatWasMeasured() {
    twoEpochsAndABatch();
    assertThat(history.epochs().get(0).toString())
        .startsWith("epoch 1: loss 0.7500, ")
        .doesNotContain("validation")
        .endsWith("; 128 samples/s");
  }

  @Test
  void batchesAreSavedAsCsv() throws IOException {
    twoEpochsAndABatch();
    Path file = folder.resolve("batches.csv");
    history.saveBatches(file);
    assertThat(written(history::saveBatches)).isEqualTo(Files.readString(file));
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "step,epoch,batch,loss",
            "1,1,1,1.0",
            "2,1,2,0.5",
            "3,2,1,0.25",
            "4,2,2,0.125",
            "5,3,1,0.1");
  }

  @Test
  void anEmptyHistorySaysSoAndSavesAHeader() throws IOException {
    assertThat(history).hasToString("History of no epoch");
    assertThatThrownBy(history::last)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no epoch is done yet");
    Path file = folder.resolve("batches.csv");
    history.saveBatches(file);
    assertThat(file).hasContent("step,epoch,batch,loss\n");
  }

  @Test
  void manyBatchesAreKeptInTheirOrder() {
    for (int i = 0; i < 1000; i++) {
      history.addBatch(i, i);
    }
    assertThat(history.batchLoss()).hasSize(1000).contains(0, 64, 999).isSorted();
  }

  @Test
  void beyondTheLimitEveryPowerOfTwoIsKept() {
    for (int limit : new int[] {1, 2, 3, 7, 64, 100}) {
      for (int steps : new int[] {0, 1, 5, 64, 65, 127, 1000}) {
        History thinned = new History(List.of(), limit);
        for (int i = 0; i < steps; i++) {
          thinned.addBatch(i, i);
        }
        double[] kept = thinned.batchLoss();
        long stride = thinned.batchStride();
        assertThat(kept.length).isLessThanOrEqualTo(limit);
        assertThat(kept.length).isEqualTo((int) ((steps + stride - 1) / stride));
        assertThat(stride == 1 || 4L * limit > steps / stride * 2).isTrue();
        for (int i = 0; i < kept.length; i++) {
          assertThat(kept[i]).isEqualTo((double) (i * stride));
        }
        assertThat(stride == 1).isEqualTo(steps <= limit);
      }
    }
  }

  @Test
  void anEmptyOneThatWasReadGrows() {
    history.set(new EpochResult[0], new double[0], 1, 0);
    for (int i = 0; i < 100; i++) {
      history.addBatch(i, i);
    }
    assertThat(history.batchLoss()).hasSize(100).isSorted();
  }

  @Test
  void aLimitOfZeroKeepsNone() {
    History none = new History(List.of(), 0);
    none.addBatch(0, 1);
    none.addBatch(1, 1);
    assertThat(none.batchLoss()).isEmpty();
  }

  @Test
  void thinnedLossesAreWrittenWithTheirSteps() throws IOException {
    History thinned = new History(List.of(), 2);
    for (int i = 0; i < 7; i++) {
      thinned.addBatch(i, i);
    }
    thinned.add(new EpochResult(1, 0, 0, Map.of(), 0.1, 1, 8, 3));
    Path file = folder.resolve("thinned.csv");
    thinned.saveBatches(file);
    assertThat(file).hasContent("step,epoch,batch,loss\n1,1,1,0.0\n5,2,2,4.0\n");
  }

  @Test
  void filesAreReplacedAsAWhole() {
    Path lost = folder.resolve("missing").resolve("epochs.csv");
    assertThatThrownBy(() -> history.saveEpochs(lost))
        .as(AtomicFile.class.getName())
        .hasMessage(lost + ": no such folder: " + folder.resolve("missing"));
  }
}
