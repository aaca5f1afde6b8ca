package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.internal.StoredType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
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
  void viewsThatRepeatNumbersAreMadeOfAllNumbers() throws IOException {
    check(new long[] {3, 4}, new long[] {0, 1});
    check(new long[] {5, 3}, new long[] {1, 1});
    check(new long[] {2, 2, 2}, new long[] {3, 1, 2});
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
