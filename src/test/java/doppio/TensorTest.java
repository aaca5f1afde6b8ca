package doppio;

import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void ofCopiesAVector() {
    double[] values = {1, 2, 3};
    Tensor t = Tensor.of(values);
    values[0] = 9;
    assertThat(t.shape()).containsExactly(3);
    assertThat(t.data()).containsExactly(1, 2, 3);
  }

  @Test
  void ofCopiesAMatrixRowByRow() {
    double[][] rows = {{1, 2, 3}, {4, 5, 6}};
    Tensor t = Tensor.of(rows);
    rows[1][0] = 9;
    assertThat(t.shape()).containsExactly(2, 3);
    assertThat(t.data()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void ofTakesNoValuesAndNoRows() {
    assertThat(Tensor.of(new double[0]).shape()).containsExactly(0);
    assertThat(Tensor.of(new double[0][]).shape()).containsExactly(0, 0);
    assertThat(Tensor.of(new double[][] {{}, {}}).shape()).containsExactly(2, 0);
  }

  @Test
  void raggedRowsAreRefused() {
    assertShapeException(
        () -> Tensor.of(new double[][] {{1, 2}, {3, 4}, {5}}),
        "row 2 has 1 values but row 0 has 2");
  }

  @Test
  void wrapSharesTheArrayButNotTheShape() {
    double[] data = {1, 2, 3, 4, 5, 6};
    int[] shape = {2, 3};
    Tensor t = Tensor.wrap(data, shape);
    shape[0] = 6;
    data[5] = 7;
    assertThat(t.data()).isSameAs(data);
    assertThat(t.shape()).containsExactly(2, 3);
    assertThat(t.get(1, 2)).isEqualTo(7);
  }

  @Test
  void wrapRefusesAnotherNumberOfElements() {
    assertShapeException(
        () -> Tensor.wrap(new double[5], 2, 3), "shape [2, 3] has 6 elements but the array has 5");
    assertShapeException(
        () -> Tensor.wrap(new double[0]), "shape [] has 1 elements but the array has 0");
  }

  @Test
  void zerosFullAndFillWriteEveryElement() {
    assertThat(Tensor.zeros(2, 2).data()).containsExactly(0, 0, 0, 0);
    assertThat(Tensor.full(3, 2).data()).containsExactly(3, 3);
    Tensor t = Tensor.zeros(2);
    assertThat(t.fill(5)).isSameAs(t);
    assertThat(t.data()).containsExactly(5, 5);
  }

  @Test
  void rankZeroHoldsOneNumber() {
    Tensor t = Tensor.full(2.5);
    assertThat(t.rank()).isZero();
    assertThat(t.size()).isEqualTo(1);
    assertThat(t.shape()).isEmpty();
    assertThat(t.get()).isEqualTo(2.5);
    t.set(4);
    assertThat(t.data()).containsExactly(4);
    assertThat(t.reshape(1, 1).get(0, 0)).isEqualTo(4);
  }

  @Test
  void aDimensionMayBeZero() {
    Tensor t = Tensor.zeros(3, 0, 2);
    assertThat(t.rank()).isEqualTo(3);
    assertThat(t.size()).isZero();
    assertThat(t.dim(1)).isZero();
    assertThat(t.reshape(0, 7).shape()).containsExactly(0, 7);
    assertThat(t.copy().shape()).containsExactly(3, 0, 2);
  }

  @Test
  void impossibleShapesAreRefused() {
    assertShapeException(() -> Tensor.zeros(2, -1), "negative dimension in shape [2, -1]");
    assertShapeException(
        () -> Tensor.zeros(65536, 65536), "too many elements in shape [65536, 65536]");
    assertShapeException(
        () -> Tensor.zeros(65536, 65536, 0), "too many elements in shape [65536, 65536, 0]");
    assertShapeException(
        () -> Tensor.zeros(1 << 30, 1 << 30, 1 << 30),
        "too many elements in shape [1073741824, 1073741824, 1073741824]");
    assertThat(Tensor.zeros(0, 65536, 65536).size()).isZero();
  }

  @Test
  void dimCountsFromBothEnds() {
    Tensor t = Tensor.zeros(2, 3, 5);
    assertThat(t.dim(0)).isEqualTo(2);
    assertThat(t.dim(2)).isEqualTo(5);
    assertThat(t.dim(-1)).isEqualTo(5);
    assertThat(t.dim(-3)).isEqualTo(2);
    assertShapeException(() -> t.dim(3), "no dimension 3 in shape [2, 3, 5]");
    assertShapeException(() -> t.dim(-4), "no dimension -4 in shape [2, 3, 5]");
    assertShapeException(() -> Tensor.zeros().dim(0), "no dimension 0 in shape []");
  }

  @Property
  void elementsLieInRowMajorOrder(
      @ForAll @Size(max = 4) List<@IntRange(min = 1, max = 4) Integer> dimensions) {
    int[] shape = dimensions.stream().mapToInt(n -> n).toArray();
    Tensor t = Tensor.zeros(shape);
    int[] index = new int[shape.length];
    for (int offset = 0; offset < t.size(); offset++) {
      assertThat(t.set(offset + 1.0, index)).isSameAs(t);
      assertThat(t.get(index)).isEqualTo(offset + 1.0);
      assertThat(t.data()[offset]).isEqualTo(offset + 1.0);
      increment(index, shape);
    }
  }

  @Test
  void indicesOutsideAreRefused() {
    Tensor t = Tensor.zeros(2, 3);
    assertShapeException(() -> t.get(1), "index [1] does not fit shape [2, 3]");
    assertShapeException(() -> t.set(0.5, 1, 1, 1), "index [1, 1, 1] does not fit shape [2, 3]");
    assertThatThrownBy(() -> t.get(0, 3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("index [0, 3] lies outside shape [2, 3]");
    assertThatThrownBy(() -> t.set(0.5, -1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("index [-1, 0] lies outside shape [2, 3]");
  }

  @Test
  void reshapeIsLiveAndCopyIsNot() {
    Tensor t = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
    Tensor copy = t.copy();
    Tensor reshaped = t.reshape(3, 2);
    reshaped.set(9, 2, 1);
    assertThat(t.get(1, 2)).isEqualTo(9);
    assertThat(copy.get(1, 2)).isEqualTo(6);
    assertThat(copy.sameShape(t)).isTrue();
    assertThat(reshaped.sameShape(t)).isFalse();
    assertShapeException(() -> t.reshape(4, 2), "cannot reshape [2, 3] to [4, 2]");
    assertShapeException(() -> t.reshape(-2, -3), "negative dimension in shape [-2, -3]");
  }

  @Test
  void oneDimensionOfAReshapeMayBeLeftToTheOthers() {
    Tensor t = Tensor.wrap(new double[12], 3, 4);
    assertThat(t.reshape(-1, 6).shape()).containsExactly(2, 6);
    assertThat(t.reshape(2, -1, 3).shape()).containsExactly(2, 2, 3);
    assertThat(t.reshape(-1).shape()).containsExactly(12);
    assertThat(t.reshape(-1, 6).data()).isSameAs(t.data());
    assertThat(Tensor.zeros(0, 5).reshape(-1, 5).shape()).containsExactly(0, 5);
    assertThat(Tensor.full(7).reshape(-1, 1).shape()).containsExactly(1, 1);
    int[] shape = {-1, 6};
    t.reshape(shape);
    assertThat(shape).containsExactly(-1, 6);
  }

  @Test
  void aReshapeWhoseGapNothingFitsIsRefused() {
    Tensor t = Tensor.zeros(3, 4);
    assertShapeException(() -> t.reshape(-1, 5), "cannot reshape [3, 4] to [-1, 5]");
    assertShapeException(
        () -> t.reshape(Integer.MAX_VALUE), "cannot reshape [3, 4] to [2147483647]");
    assertShapeException(() -> t.reshape(-1, -1), "-1 stands twice in shape [-1, -1]");
    assertShapeException(
        () -> Tensor.zeros(0, 3).reshape(-1, 0), "cannot reshape [0, 3] to [-1, 0]");
    assertShapeException(() -> t.reshape(-1, -2), "negative dimension in shape [1, -2]");
  }

  @Test
  void wholeNumbersAndFloatsKeepTheirValues() {
    int[] classes = {2, 0, Integer.MIN_VALUE, Integer.MAX_VALUE};
    assertThat(Tensor.of(classes).data()).containsExactly(2, 0, -2147483648.0, 2147483647.0);
    assertThat(Tensor.of(1, 2, 3).data()).containsExactly(1, 2, 3);
    assertThat(Tensor.of(1L << 53, -1).data()).containsExactly(0x1p53, -1);
    assertThat(Tensor.ofFloats(0.1f, -0f, Float.MIN_VALUE).data())
        .containsExactly(0.10000000149011612, -0.0, 0x1p-149);
    assertThat(Tensor.ofFloats().shape()).containsExactly(0);
  }

  @Test
  void nullIsRefusedByName() {
    assertThatThrownBy(() -> Tensor.of((double[]) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("values");
    assertThatThrownBy(() -> Tensor.of((int[]) null)).hasMessage("values");
    assertThatThrownBy(() -> Tensor.ofFloats((float[]) null)).hasMessage("values");
    assertThatThrownBy(() -> Tensor.of((double[][]) null)).hasMessage("rows");
    assertThatThrownBy(() -> Tensor.of(new double[][] {null})).hasMessage("row 0");
    assertThatThrownBy(() -> Tensor.of(new double[][] {{1}, null}))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("row 1");
    assertThatThrownBy(() -> Tensor.wrap(null, 1)).hasMessage("data");
    assertThatThrownBy(() -> Tensor.wrap(new double[1], (int[]) null)).hasMessage("shape");
    assertThatThrownBy(() -> Tensor.zeros((int[]) null)).hasMessage("shape");
    assertThatThrownBy(() -> Tensor.zeros(1).reshape((int[]) null)).hasMessage("newShape");
  }

  @Test
  void theShapeHandedOutIsACopy() {
    Tensor t = Tensor.zeros(2, 3);
    t.shape()[0] = 7;
    assertThat(t.shape()).containsExactly(2, 3);
  }

  @Test
  void printsShapeAndValues() {
    assertThat(Tensor.full(3)).hasToString("Tensor[] 3.0000");
    assertThat(Tensor.of(1, -0.5, 1e-9, 123456789, Double.NaN, Double.NEGATIVE_INFINITY))
        .hasToString("Tensor[6] [1.0000, -0.50000, 1.0000e-09, 1.2346e+08, NaN, -Infinity]");
    assertThat(Tensor.of(new double[][] {{1, 2}, {3, 4}}))
        .hasToString("Tensor[2, 2] [[1.0000, 2.0000],\n [3.0000, 4.0000]]");
    assertThat(Tensor.full(1, 2, 2, 1))
        .hasToString("Tensor[2, 2, 1] [[[1.0000],\n  [1.0000]],\n [[1.0000],\n  [1.0000]]]");
  }

  @Test
  void printsEmptyTensors() {
    assertThat(Tensor.zeros(0)).hasToString("Tensor[0] []");
    assertThat(Tensor.zeros(2, 0)).hasToString("Tensor[2, 0] [[],\n []]");
    assertThat(Tensor.zeros(0, 2)).hasToString("Tensor[0, 2] []");
  }

  @Test
  void leavesTheMiddleOfLongDimensionsOut() {
    assertThat(Tensor.full(1, 8)).hasToString("Tensor[8] [" + "1.0000, ".repeat(7) + "1.0000]");
    assertThat(Tensor.of(1, 2, 3, 4, 5, 6, 7, 8, 9))
        .hasToString("Tensor[9] [1.0000, 2.0000, 3.0000, …, 7.0000, 8.0000, 9.0000]");
    Tensor tall = Tensor.zeros(100, 1);
    for (int i = 0; i < 100; i++) {
      tall.set(i, i, 0);
    }
    assertThat(tall)
        .hasToString(
            "Tensor[100, 1] [[0.0000],\n [1.0000],\n [2.0000],\n …,\n"
                + " [97.000],\n [98.000],\n [99.000]]");
  }

  @Test
  void printsTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(Tensor.of(0.5)).hasToString("Tensor[1] [0.50000]");
    } finally {
      Locale.setDefault(before);
    }
  }

  /** The next index in row-major order. */
  private static void increment(int[] index, int[] shape) {
    for (int d = shape.length - 1; d >= 0; d--) {
      if (++index[d] < shape[d]) {
        return;
      }
      index[d] = 0;
    }
  }
}
