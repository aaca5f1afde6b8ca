package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Generator;
import doppio.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnEmbeddingsTest {
  private final Embedding first = new Embedding(3, 2, new Generator(1));
  private final Embedding second = new Embedding(2, 3, new Generator(2));
  private final ColumnEmbeddings columns = new ColumnEmbeddings(4, new int[] {1, 3}, first, second);
  private final Tensor x = Tensor.of(new double[][] {{5, 2, 6, 1}, {7, 0, 8, 1}});

  @Test
  void columnsThatAreIndicesBecomeTheirRowsAndTheRestStays() {
    double[] a = first.weight().value().data();
    double[] b = second.weight().value().data();
    Tensor y = columns.forward(x);
    assertThat(y.shape()).containsExactly(2, columns.outFeatures());
    assertThat(y.data())
        .containsExactly(5, a[4], a[5], 6, b[3], b[4], b[5], 7, a[0], a[1], 8, b[3], b[4], b[5]);
  }

  @Test
  void gradientsGoToTheRowsAndToTheColumnsThatStay() {
    Tensor gy = Tensor.of(new double[][] {{1, 2, 3, 4, 5, 6, 7}, {10, 20, 30, 40, 50, 60, 70}});
    columns.forward(x);
    Tensor gx = columns.backward(gy);
    assertThat(gx.data()).containsExactly(1, 0, 4, 0, 10, 0, 40, 0);
    assertThat(first.weight().grad().data()).containsExactly(20, 30, 0, 0, 2, 3);
    assertThat(second.weight().grad().data()).containsExactly(0, 0, 0, 55, 66, 77);
    Tensor added = first.weight().grad().copy();
    columns.zeroGrad();
    columns.accumulateGradients(gy);
    assertSame(first.weight().grad(), added);
  }

  @ParameterizedTest
  @CsvSource({"1, -1, 0", "4, 3, 1", "4, 1, 1", "4, 1, 4", "0, -1, -1", "4, -1, 2"})
  void columnsThatDoNotRiseWithinTheWidthAreRefused(int width, int one, int other) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ColumnEmbeddings(width, new int[] {one, other}, first, second))
        .withMessage(
            "expected a table for each of some columns, which rise, of %d but got 2 for [%d, %d]",
            width, one, other);
  }

  @Test
  void thereIsATableForEachColumn() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ColumnEmbeddings(4, new int[] {1}, first, second))
        .withMessageEndingWith("of 4 but got 2 for [1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ColumnEmbeddings(0, new int[] {}))
        .withMessageEndingWith("of 0 but got 0 for []");
  }

  @Test
  void anInputOfAnotherWidthIsRefused() {
    assertShapeException(
        () -> columns.forward(Tensor.zeros(2, 3)),
        "ColumnEmbeddings expects input [.., 4] but got [2, 3]");
    assertShapeException(
        () -> columns.forward(Tensor.zeros()), "ColumnEmbeddings expects input [.., 4] but got []");
  }
}
