package doppio.check;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Other batches have other numbers, as far as a module takes them. */
class OtherBatchTest {
  private final Tensor x = Tensor.of(1, 2, 4, 8);

  @Test
  void theOtherBatchHasSmallerNumbersOfOtherSignTwice() {
    Seen seen = new Seen(v -> true);
    State state = new State(seen);
    assertThat(OtherBatch.pass(seen, x, state)).containsExactly("generator");
    assertThat(seen.inputs)
        .containsExactly(List.of(-0.5, -1.25, -3.0, -7.0), List.of(-1.0, -1.75, -3.0, -5.0));
    assertThat(seen.gradients).isEqualTo(2);
    assertThat(x.data()).containsExactly(1, 2, 4, 8);
  }

  @Test
  void whatIsRefusedIsFollowedBySomethingMilder() {
    Seen whole = new Seen(v -> v == Math.rint(v));
    assertThat(OtherBatch.pass(whole, x, new State(whole))).containsExactly("generator");
    assertThat(whole.inputs)
        .containsExactly(List.of(8.0, 4.0, 2.0, 1.0), List.of(8.0, 4.0, 2.0, 1.0));
    Seen positive = new Seen(v -> v > 0);
    OtherBatch.pass(positive, x, new State(positive));
    assertThat(positive.inputs)
        .containsExactly(List.of(4.0, 2.5, 1.5, 0.875), List.of(0.5, 1.25, 3.0, 7.0));
    Seen nothing = new Seen(v -> false);
    assertThat(OtherBatch.pass(nothing, x, new State(nothing))).isNull();
    assertThat(nothing.gradients).isZero();
  }

  @Test
  void theSecondBatchMayBeRefusedAlone() {
    Seen first = new Seen(List.of(-0.5, -1.25, -3.0, -7.0)::contains);
    assertThat(OtherBatch.pass(first, x, new State(first))).containsExactly("generator");
    assertThat(first.gradients).isEqualTo(1);
  }

  @Test
  void rowsAreThoseOfABatch() {
    assertThat(OtherBatch.hasRows(Tensor.zeros(2, 3))).isTrue();
    assertThat(OtherBatch.hasRows(Tensor.zeros(1, 3))).isFalse();
    assertThat(OtherBatch.hasRows(Tensor.zeros(3))).isFalse();
    assertThat(OtherBatch.hasRows(Tensor.zeros())).isFalse();
  }

  @Test
  void theStateIsPutBackFirst() {
    Seen seen = new Seen(v -> true);
    State state = new State(seen);
    seen.drawn.uniform();
    OtherBatch.pass(seen, x, state);
    double first = seen.numbers.get(0);
    OtherBatch.pass(seen, x, state);
    assertThat(seen.numbers).hasSize(4);
    assertThat(seen.numbers.get(2)).isEqualTo(first);
    assertThat(seen.numbers.get(1)).isNotEqualTo(first);
    assertThat(state.changes()).containsExactly("generator");
    state.restore();
    assertThat(state.changes()).isEmpty();
  }

  /** y = x for numbers that it takes; draws one random number a pass. */
  private static final class Seen extends Layer {
    final Generator drawn = generator("generator", new Generator(1));
    final List<List<Double>> inputs = new ArrayList<>();
    final List<Double> numbers = new ArrayList<>();
    int gradients;
    private final Predicate<Double> takes;

    Seen(Predicate<Double> takes) {
      this.takes = takes;
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      System.arraycopy(x.data(), 0, y.data(), 0, x.size());
    }

    @Override
    protected void record(Tensor x, Tensor y) {
      List<Double> values = new ArrayList<>();
      for (double v : x.data()) {
        values.add(v);
      }
      if (!values.stream().allMatch(takes)) {
        throw new IllegalArgumentException("not " + values);
      }
      inputs.add(values);
      numbers.add(drawn.uniform());
      compute(x, y);
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      gradients++;
      System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
    }
  }
}
