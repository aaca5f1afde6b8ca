package doppio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;

/** Assertions on tensors and their shapes. */
public final class TensorAssertions {
  private static final double CLOSE = 1e-12;

  private TensorAssertions() {}

  /** The same shape and the same bits. */
  public static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    // Not containsExactly, whose time grows with the square of the length.
    assertThat(actual.data()).isEqualTo(expected.data());
  }

  /** The same shapes and the same bits. */
  public static void assertSame(List<Tensor> actual, List<Tensor> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertSame(actual.get(i), expected.get(i));
    }
  }

  /** The same shape and the same values to 1e-12. */
  public static void assertClose(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    if (!isClose(actual.data(), expected.data())) {
      // Says where, in a time that grows with the square of the length.
      assertThat(actual.data()).containsExactly(expected.data(), within(CLOSE));
    }
  }

  private static boolean isClose(double[] actual, double[] expected) {
    boolean close = actual.length == expected.length;
    for (int i = 0; close && i < actual.length; i++) {
      close = Math.abs(actual[i] - expected[i]) <= CLOSE;
    }
    return close;
  }

  /** The same shapes and the same values to 1e-12. */
  public static void assertClose(List<Tensor> actual, List<Tensor> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertClose(actual.get(i), expected.get(i));
    }
  }

  /** The call throws a ShapeException with exactly this message. */
  public static void assertShapeException(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(ShapeException.class).hasMessage(message);
  }
}
