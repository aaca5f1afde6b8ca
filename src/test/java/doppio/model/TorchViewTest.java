package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.internal.StoredType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Views of any strides, read in one pass over the storage, are what their places say. */
class TorchViewTest {
  private static final int SIZE = 20_000;

  @Test
  void viewsThatRepeatNoNumberAreReadInOnePass() throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      int rank = random.nextInt(5);
      List<Integer> order = new ArrayList<>();
      for (int d = 0; d < rank; d++) {
        order.add(d);
      }
      Collections.shuffle(order, random);
      long[] shape = new long[rank];
      long[] strides = new long[rank];
      long stride = 1L + random.nextInt(2);
      for (int d : order) {
        shape[d] = random.nextInt(8) == 0 ? 1 : random.nextInt(7);
        strides[d] = shape[d] == 1 ? random.nextInt(9) : stride;
        stride *= Math.max(1, shape[d]) + random.nextInt(2);
      }
      check(TorchView.of(storage(), random.nextInt(100), shape, strides), shape, strides, true);
    }
  }

  @Test
  void viewsFarBehindInTheStorageAreReadInOnePassToo() throws IOException {
    long[] shape = {3};
    long[] strides = {6000};
    check(TorchView.of(storage(), 7000, shape, strides), shape, strides, true);
    assertThat(numbers().all()).hasSize(SIZE).endsWith(3 * (SIZE - 2) + 1, 3 * (SIZE - 1) + 1);
  }

  @Test
  void viewsThatRepeatNumbersAreMadeOfAllNumbers() throws IOException {
    check(new long[] {3, 4}, new long[] {0, 1});
    check(new long[] {5, 3}, new long[] {1, 1});
    check(new long[] {2, 2, 2}, new long[] {3, 1, 2});
  }

  @Test
  void aViewLiesWithinItsStorageEvenWhereItIsEmpty() throws IOException {
    assertThat(TorchView.of(storage(), SIZE, new long[] {0}, new long[] {1}).size()).isZero();
    long far = 1L << 62;
    assertThatThrownBy(() -> TorchView.of(storage(), 0, new long[] {3}, new long[] {far}))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> TorchView.of(storage(), SIZE + 1, new long[] {0}, new long[] {1}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("from " + (SIZE + 1) + " lies not in a storage of " + SIZE);
  }

  @Test
  void stridesThatLeadNowhereMayBeAnythingAndMakeNoOtherPlace() throws IOException {
    TorchView usual = TorchView.of(storage(), 3, new long[] {1}, new long[] {1});
    for (long stride : new long[] {-5, 0, 9, 1L << 40}) {
      TorchView other = TorchView.of(storage(), 3, new long[] {1}, new long[] {stride});
      assertThat(other.place()).isEqualTo(usual.place());
    }
    TorchView nothing = TorchView.of(storage(), 3, new long[] {0, 2}, new long[] {-5, 9});
    assertThat(nothing.place().get(3)).isEqualTo(List.of(0, 0));
  }

  @Test
  void storagesAndViewsHoldAsManyNumbersAsAnArray() throws IOException {
    int most = Integer.MAX_VALUE - 8;
    TorchStorage largest = new TorchStorage(StoredType.U8, "0", most);
    assertThat(TorchView.of(largest, 0, new long[] {most}, new long[] {1}).size()).isEqualTo(most);
    assertThat(TorchView.of(largest, 0, new long[] {1, most}, new long[2]).size()).isEqualTo(most);
    TorchStorage larger = new TorchStorage(StoredType.U8, "0", most + 1L);
    assertThatThrownBy(() -> TorchView.of(larger, 0, new long[] {1}, new long[] {1}))
        .isInstanceOf(IOException.class);
    for (long[] shape : new long[][] {{most + 1L, 1}, {2, Long.MAX_VALUE}, {1 << 16, 1 << 16}}) {
      assertThatThrownBy(() -> TorchView.of(largest, 0, shape, new long[2]))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aViewHasAtMost64Dimensions() throws IOException {
    long[] ones = new long[64];
    Arrays.fill(ones, 1);
    assertThat(TorchView.of(storage(), 0, ones, ones).size()).isEqualTo(1);
    long[] more = Arrays.copyOf(ones, 65);
    more[64] = 1;
    assertThatThrownBy(() -> TorchView.of(storage(), 0, more, more))
        .isInstanceOf(IOException.class);
  }

  private static void check(long[] shape, long[] strides) throws IOException {
    check(TorchView.of(storage(), 7, shape, strides), shape, strides, false);
  }

  private static void check(TorchView view, long[] shape, long[] strides, boolean inOnePass)
      throws IOException {
    double[] all = numbers().all();
    Tensor expected = view.of(all);
    assertThat(view.isReadable()).isEqualTo(inOnePass);
    if (inOnePass) {
      assertThat(view.of(numbers()).sameShape(expected)).isTrue();
      assertThat(view.of(numbers()).data()).containsExactly(expected.data());
    }
    int offset = ((Number) view.place().get(1)).intValue();
    for (int i = 0; i < expected.size(); i++) {
      int place = offset;
      int rest = i;
      for (int d = shape.length - 1; d >= 0; d--) {
        place += rest % (int) shape[d] * (int) strides[d];
        rest /= (int) shape[d];
      }
      assertThat(expected.data()[i]).isEqualTo(all[place]);
    }
  }

  private static TorchStorage storage() {
    return new TorchStorage(StoredType.I32, "0", SIZE);
  }

  private static TorchNumbers numbers() {
    ByteBuffer bytes = ByteBuffer.allocate(4 * SIZE).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < SIZE; i++) {
      bytes.putInt(3 * i + 1);
    }
    return new TorchNumbers(
        new ByteArrayInputStream(bytes.array()), StoredType.I32, ByteOrder.LITTLE_ENDIAN, SIZE);
  }
}
