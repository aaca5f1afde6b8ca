package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DataLoaderTest {
  private static Dataset counting(int n) {
    Tensor inputs = Tensor.zeros(n, 3);
    Tensor targets = Tensor.zeros(n);
    for (int i = 0; i < n; i++) {
      Arrays.fill(inputs.data(), 3 * i, 3 * i + 3, i);
      targets.set(i, i);
    }
    return new Dataset(inputs, targets);
  }

  /** One epoch as the row numbers of its batches. */
  private static String epoch(DataLoader loader) {
    return rest(loader.iterator());
  }

  private static String rest(Iterator<Batch> iterator) {
    List<List<Integer>> batches = new ArrayList<>();
    while (iterator.hasNext()) {
      batches.add(rows(iterator.next()));
    }
    return batches.toString();
  }

  private static List<Integer> rows(Batch batch) {
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      double row = batch.targets().get(i);
      assertThat(batch.inputs().get(i, 0)).isEqualTo(row);
      assertThat(batch.inputs().get(i, 2)).isEqualTo(row);
      rows.add((int) row);
    }
    return rows;
  }

  @Test
  void keepsTheOrderAndThePartialLastBatch() {
    DataLoader loader = new DataLoader(counting(7), 3);
    assertThat(epoch(loader)).isEqualTo("[[0, 1, 2], [3, 4, 5], [6]]");
    assertThat(epoch(loader)).isEqualTo("[[0, 1, 2], [3, 4, 5], [6]]");
    assertThat(loader.batches()).isEqualTo(3);
    assertThat(loader.batchSize()).isEqualTo(3);
    assertThat(loader.samples().size()).isEqualTo(7);
  }

  @Test
  void dropsThePartialLastBatchWhenTold() {
    DataLoader loader = new DataLoader(counting(7), 3).dropLast(true);
    assertThat(epoch(loader)).isEqualTo("[[0, 1, 2], [3, 4, 5]]");
    assertThat(loader.batches()).isEqualTo(2);
    assertThat(epoch(loader.dropLast(false))).isEqualTo("[[0, 1, 2], [3, 4, 5], [6]]");
  }

  @Test
  void batchesHaveTheDatasetsRank() {
    Dataset images = new Dataset(Tensor.zeros(5, 2, 4), Tensor.zeros(5, 1));
    List<Batch> batches = new ArrayList<>();
    new DataLoader(images, 3).shuffle(new Generator(0)).forEach(batches::add);
    assertThat(batches.get(0).inputs().shape()).containsExactly(3, 2, 4);
    assertThat(batches.get(1).inputs().shape()).containsExactly(2, 2, 4);
    assertThat(batches.get(1).targets().shape()).containsExactly(2, 1);
  }

  // The orders below, and the draw that follows them, come from a NumPy model of PyTorch's
  // DataLoader, RandomSampler and BatchSampler over MT19937.

  @Test
  void shufflesAsPyTorchDoesOverSeveralEpochs() {
    Generator generator = new Generator(66);
    DataLoader loader = new DataLoader(counting(7), 3).shuffle(generator);
    assertThat(epoch(loader)).isEqualTo("[[6, 2, 0], [4, 5, 3], [1]]");
    assertThat(epoch(loader)).isEqualTo("[[5, 2, 6], [0, 1, 4], [3]]");
    assertThat(epoch(loader)).isEqualTo("[[1, 0, 4], [3, 6, 2], [5]]");
    assertThat(generator.random32()).isEqualTo(114428706);
  }

  @Test
  void dropLastDrawsAsMuch() {
    Generator generator = new Generator(66);
    DataLoader loader = new DataLoader(counting(7), 3).shuffle(generator).dropLast(true);
    assertThat(epoch(loader)).isEqualTo("[[6, 2, 0], [4, 5, 3]]");
    assertThat(epoch(loader)).isEqualTo("[[5, 2, 6], [0, 1, 4]]");
    assertThat(epoch(loader)).isEqualTo("[[1, 0, 4], [3, 6, 2]]");
    assertThat(generator.random32()).isEqualTo(114428706);

    Generator other = new Generator(66);
    assertThat(epoch(new DataLoader(counting(2), 3).shuffle(other).dropLast(true))).isEqualTo("[]");
    assertThat(other.random32()).isEqualTo(1557722234);
  }

  @Test
  void wholeBatchesEndWithTheSameDraw() {
    Generator generator = new Generator(66);
    DataLoader loader = new DataLoader(counting(6), 3).shuffle(generator);
    assertThat(epoch(loader)).isEqualTo("[[5, 4, 1], [3, 0, 2]]");
    assertThat(epoch(loader)).isEqualTo("[[3, 5, 0], [4, 1, 2]]");
    assertThat(generator.random32()).isEqualTo(1282651424);
  }

  @Test
  void anEpochBrokenOffDrawsNoEnd() {
    Generator generator = new Generator(66);
    DataLoader loader = new DataLoader(counting(7), 3).shuffle(generator);
    assertThat(rows(loader.iterator().next())).containsExactly(6, 2, 0);
    assertThat(epoch(loader)).isEqualTo("[[3, 2, 6], [1, 4, 0], [5]]");
    assertThat(generator.random32()).isEqualTo(3560937818L);
  }

  @Test
  void drawsWhenPyTorchDraws() {
    Generator whole = new Generator(66);
    Iterator<Batch> iterator = new DataLoader(counting(6), 3).shuffle(whole).iterator();
    iterator.next();
    iterator.next();
    assertThat(whole.random32()).isEqualTo(1404229466);

    Generator partial = new Generator(66);
    iterator = new DataLoader(counting(7), 3).shuffle(partial).iterator();
    iterator.next();
    iterator.next();
    iterator.next();
    assertThat(partial.random32()).isEqualTo(2394953613L);
  }

  @Test
  void theRestOfAnEpochIsShownWithoutMovingOn() {
    DataLoader.Epoch epoch = new DataLoader(counting(7), 3).iterator();
    epoch.next();
    assertThat(epoch).hasToString("Epoch(1 of 3 batches)");
    for (int again = 0; again < 2; again++) {
      assertThat(epoch.rest()).containsExactly(new int[] {3, 4, 5}, new int[] {6});
    }
    assertThat(epoch.nextRows()).containsExactly(3, 4, 5);
  }

  @Test
  void theEndIsDrawnOnce() {
    Generator generator = new Generator(66);
    Iterator<Batch> iterator = new DataLoader(counting(7), 3).shuffle(generator).iterator();
    rest(iterator);
    Generator twin = new Generator(66);
    epoch(new DataLoader(counting(7), 3).shuffle(twin));
    assertThat(iterator.hasNext()).isFalse();
    assertThat(iterator.hasNext()).isFalse();
    assertThatThrownBy(iterator::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("the epoch has ended after 3 batches");
    assertThat(generator.random32()).isEqualTo(twin.random32());
  }

  @Property(tries = 200)
  void everyEpochTakesEachRowOnce(
      @ForAll @IntRange(max = 40) int n,
      @ForAll @IntRange(min = 1, max = 50) int batchSize,
      @ForAll long seed) {
    DataLoader loader = new DataLoader(counting(n), batchSize).shuffle(new Generator(seed));
    for (int epoch = 0; epoch < 2; epoch++) {
      List<Integer> rows = new ArrayList<>();
      int batches = 0;
      for (Batch batch : loader) {
        rows.addAll(rows(batch));
        batches++;
      }
      assertThat(batches).isEqualTo(loader.batches());
      assertThat(rows).hasSize(n).doesNotHaveDuplicates();
    }
  }

  @Test
  void iteratorsOfOneLoaderDoNotDisturbEachOther() {
    DataLoader loader = new DataLoader(counting(6), 2);
    Iterator<Batch> first = loader.iterator();
    assertThat(rows(first.next())).containsExactly(0, 1);
    Iterator<Batch> second = loader.iterator();
    assertThat(rows(second.next())).containsExactly(0, 1);
    loader.dropLast(true).shuffle(new Generator(1));
    assertThat(rest(first)).isEqualTo("[[2, 3], [4, 5]]");
    assertThat(rest(second)).isEqualTo("[[2, 3], [4, 5]]");

    Iterator<Batch> third = loader.iterator();
    List<Integer> rows = new ArrayList<>(rows(third.next()));
    rest(loader.iterator());
    third.forEachRemaining(batch -> rows.addAll(rows(batch)));
    assertThat(rows).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
  }

  @Test
  void aBatchHeldIsNeverOverwritten() {
    Dataset dataset = counting(4);
    Iterator<Batch> iterator = new DataLoader(dataset, 2).iterator();
    Batch first = iterator.next();
    Batch second = iterator.next();
    assertThat(rows(first)).containsExactly(0, 1);
    second.inputs().fill(9);
    first.inputs().fill(9);
    assertThat(dataset.inputs().data()).containsExactly(counting(4).inputs().data());
  }

  @Test
  void anEmptyDatasetHasNoBatches() {
    DataLoader loader = new DataLoader(counting(0), 3);
    assertThat(loader.batches()).isZero();
    assertThat(epoch(loader)).isEqualTo("[]");
    assertThat(epoch(loader.shuffle(new Generator(0)))).isEqualTo("[]");
  }

  @Test
  void refusesBadArguments() {
    for (int batchSize : new int[] {0, -3}) {
      assertThatThrownBy(() -> new DataLoader(counting(3), batchSize))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("batchSize must be at least 1, got " + batchSize);
    }
    assertThatThrownBy(() -> new DataLoader(null, 1))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("samples");
    DataLoader loader = new DataLoader(counting(3), 1);
    assertThatThrownBy(() -> loader.shuffle(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("generator");
    assertThatThrownBy(() -> new Batch(null, Tensor.zeros(1)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("inputs");
    assertThatThrownBy(() -> new Batch(Tensor.zeros(1), null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("targets");
  }
}
