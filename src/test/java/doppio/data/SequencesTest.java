package doppio.data;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Sequences of different lengths in batches of equal length. */
class SequencesTest {
  /** Sequence i has a length and, as its only numbers, i. */
  private static Sequences numbered(int... lengths) {
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      inputs.add(Tensor.full(i, lengths[i], 2));
      targets.add(Tensor.full(i));
    }
    return new Sequences(inputs, targets);
  }

  private static int[] lengths(long seed, int n) {
    Generator generator = new Generator(seed);
    return IntStream.range(0, n).map(i -> 1 + (int) (generator.random32() % 4)).toArray();
  }

  private static List<int[]> epoch(DataLoader loader, int[] lengths) {
    List<int[]> batches = new ArrayList<>();
    for (Batch batch : loader) {
      int[] rows = Arrays.stream(batch.targets().data()).mapToInt(x -> (int) x).toArray();
      assertThat(batch.inputs().shape()).containsExactly(rows.length, lengths[rows[0]], 2);
      for (int i = 0; i < rows.length; i++) {
        assertThat(lengths[rows[i]]).isEqualTo(batch.inputs().dim(1));
        assertThat(batch.inputs().get(i, 0, 1)).isEqualTo(rows[i]);
        assertThat(batch.inputs().get(i, batch.inputs().dim(1) - 1, 0)).isEqualTo(rows[i]);
      }
      batches.add(rows);
    }
    assertThat(batches).hasSize(loader.batches());
    return batches;
  }

  @Property
  void everySequenceComesOnceAnEpochInABatchOfItsLength(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll @IntRange(min = 1, max = 9) int batchSize,
      @ForAll boolean shuffled) {
    int[] lengths = lengths(seed, n);
    DataLoader loader = new DataLoader(numbered(lengths), batchSize);
    if (shuffled) {
      loader.shuffle(new Generator(seed));
    }
    List<int[]> batches = epoch(loader, lengths);
    assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, n).toArray());
    assertThat(batches).allMatch(rows -> rows.length <= batchSize);
    long whole = batches.stream().filter(rows -> rows.length == batchSize).count();
    assertThat(epoch(loader.dropLast(true), lengths))
        .hasSize((int) whole)
        .allMatch(rows -> rows.length == batchSize);
  }

  @Test
  void inOrderABatchComesWhereItsFirstSequenceStands() {
    List<int[]> batches =
        epoch(new DataLoader(numbered(3, 1, 3, 1, 1, 2), 2), new int[] {3, 1, 3, 1, 1, 2});
    assertThat(batches.stream().map(Arrays::toString))
        .containsExactly("[0, 2]", "[1, 3]", "[4]", "[5]");
  }

  @Test
  void shuffledWithinALengthAndBetweenLengths() {
    int[] lengths = IntStream.range(0, 60).map(i -> 1 + i % 3).toArray();
    DataLoader loader = new DataLoader(numbered(lengths), 4).shuffle(new Generator(1));
    Set<Set<Integer>> together = new HashSet<>();
    Set<Integer> firstLengths = new HashSet<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      List<int[]> batches = epoch(loader, lengths);
      firstLengths.add(lengths[batches.get(0)[0]]);
      for (int[] rows : batches) {
        together.add(new TreeSet<>(Arrays.stream(rows).boxed().toList()));
      }
    }
    assertThat(firstLengths).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(together).hasSizeGreaterThan(280);
  }

  @Test
  void anEpochBrokenOffDrawsNoEndHoweverSmallItsBatches() {
    Generator generator = new Generator(1);
    new DataLoader(numbered(1, 2, 3), 2).shuffle(generator).iterator().next();
    Generator twin = new Generator(1);
    twin.random64();
    twin.permutation(3);
    assertThat(generator.state()).isEqualTo(twin.state());
  }

  @Test
  void theSameSeedGivesTheSameEpochs() {
    int[] lengths = lengths(1, 40);
    DataLoader a = new DataLoader(numbered(lengths), 4).shuffle(new Generator(1));
    DataLoader b = new DataLoader(numbered(lengths), 4).shuffle(new Generator(1));
    for (int i = 0; i < 3; i++) {
      assertThat(epoch(a, lengths).stream().map(Arrays::toString))
          .containsExactlyElementsOf(epoch(b, lengths).stream().map(Arrays::toString).toList());
    }
  }

  @Test
  void targetsMayBelongToSteps() {
    Sequences sequences =
        new Sequences(
            List.of(Tensor.zeros(2, 3), Tensor.zeros(4, 3), Tensor.zeros(2, 3)),
            List.of(Tensor.of(1, 2), Tensor.of(3, 4, 5, 6), Tensor.of(7, 8)));
    assertThat(sequences.inputShape()).containsExactly(-1, 3);
    assertThat(sequences.targetShape()).containsExactly(-1);
    assertSame(sequences.batch(2, 0).targets(), Tensor.of(new double[][] {{7, 8}, {1, 2}}));
    assertThat(sequences.batch().inputs().shape()).containsExactly(0, 2, 3);
    assertThat(sequences).hasToString("Sequences(3 of shape [-1, 3], targets [-1])");
    assertThat(new DataLoader(sequences, 5).batches()).isEqualTo(2);
  }

  @Test
  void aLengthThatAllHaveIsInTheShape() {
    assertThat(numbered(3, 3).inputShape()).containsExactly(3, 2);
    assertThat(numbered(3, 4).inputShape()).containsExactly(-1, 2);
  }

  @Test
  void rowsThatThereAreNotAndBatchesWithoutRoomAreRefused() {
    Sequences sequences = numbered(2, 2);
    Batch room = sequences.batch(0);
    for (int bad : new int[] {-1, 2}) {
      String message = "no row " + bad + " in a data set of 2";
      assertThatThrownBy(() -> sequences.group(bad)).hasMessage(message);
      assertThatThrownBy(() -> sequences.batch(bad)).hasMessage(message);
      assertThatThrownBy(() -> sequences.read(new int[] {0, bad}, room)).hasMessage(message);
    }
    assertShapeException(
        () -> sequences.read(new int[] {1, 0}, room),
        "a batch of 2 rows expects inputs of 8 numbers and targets of 2 but got [1, 2, 2] and [1]");
    assertThat(room.inputs().data()).containsOnly(0);
    assertThatThrownBy(() -> new Sequences(List.of(room.inputs()), Arrays.asList((Tensor) null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("element 0 of targets");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Tensor x = Tensor.zeros(2, 3);
    Tensor y = Tensor.zeros();
    assertShapeException(
        () -> new Sequences(List.of(x, Tensor.zeros(0, 3)), List.of(y, y)),
        "sequence 1 has no steps: [0, 3]");
    assertShapeException(
        () -> new Sequences(List.of(Tensor.zeros()), List.of(y)), "sequence 0 has no steps: []");
    assertShapeException(
        () -> new Sequences(List.of(x, Tensor.zeros(4, 2)), List.of(y, y)),
        "sequence 1 has shape [4, 2] and the first one [2, 3]: only their first dimensions may"
            + " differ");
    assertShapeException(
        () -> new Sequences(List.of(x, x), List.of(y, x)),
        "the target of sequence 1 has shape [2, 3] and the first one []: only their first"
            + " dimensions may differ");
    assertThatThrownBy(() -> new Sequences(List.of(x), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected as many sequences, from one on, as targets but got 1 and 0");
    assertThatThrownBy(() -> new Sequences(List.of(), List.of()))
        .hasMessage("expected as many sequences, from one on, as targets but got 0 and 0");
    assertThatThrownBy(() -> new Sequences(Arrays.asList(x, null), List.of(y, y)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("element 1 of inputs");
    assertThatThrownBy(() -> new Sequences(List.of(x, x), Arrays.asList(y, null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("element 1 of targets");
    assertThatThrownBy(() -> numbered(1, 2).batch(0, 1))
        .hasMessage("sequences 0 and 1 differ in length: no batch has both");
  }
}
