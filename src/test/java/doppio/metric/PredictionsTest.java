package doppio.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.nn.Init;
import doppio.nn.Linear;
import doppio.nn.Module;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsTest {
  private final Module linear = new Linear(3, 2, new Generator(1));

  /** Says what it is given; returns what it is told to. */
  private static final class Told extends Module {
    private final List<Integer> batches = new ArrayList<>();
    private Tensor answer;

    @Override
    public Tensor forward(Tensor x) {
      throw new AssertionError("asked to train");
    }

    @Override
    public Tensor backward(Tensor gy) {
      throw new AssertionError("asked to train");
    }

    @Override
    public Tensor infer(Tensor x) {
      batches.add(x.dim(0));
      return answer == null ? x : answer;
    }
  }

  private static Dataset data(int n) {
    Tensor inputs = Init.normal(Tensor.zeros(n, 3), 0, 1, new Generator(2));
    return new Dataset(inputs, Tensor.zeros(n));
  }

  @Test
  void areThoseOfTheWholeDataInItsOrder() {
    for (int n : new int[] {1, 6, 7, 13}) {
      Dataset data = data(n);
      Tensor whole = linear.infer(data.inputs());
      for (int batch : new int[] {1, 6, 7, 100}) {
        Tensor predictions = Predictions.of(linear, data, batch);
        assertThat(predictions.shape()).containsExactly(n, 2);
        assertThat(predictions.data()).containsExactly(whole.data());
      }
      assertThat(Predictions.of(linear, data).data()).containsExactly(whole.data());
    }
  }

  @Test
  void comeInBatches() {
    Told model = new Told();
    Predictions.of(model, data(600));
    assertThat(model.batches).containsExactly(256, 256, 88);
    model.batches.clear();
    Predictions.of(model, data(5), 2);
    assertThat(model.batches).containsExactly(2, 2, 1);
  }

  @Test
  void ofNoSampleHaveTheModelsShape() {
    assertThat(Predictions.of(linear, data(0)).shape()).containsExactly(0, 2);
  }

  @Test
  void ofAnotherNumberOfSamplesAreRefused() {
    Told model = new Told();
    for (int[] shape : new int[][] {{}, {4, 2}, {1}}) {
      model.answer = Tensor.zeros(shape);
      assertThatThrownBy(() -> Predictions.of(model, data(3)))
          .isInstanceOf(ShapeException.class)
          .hasMessage(
              "expected predictions of shape [3, ...] but the model returned "
                  + Arrays.toString(shape));
    }
  }

  @Test
  void aBatchHasASample() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Predictions.of(linear, data(3), 0))
        .withMessageContaining("got 0");
  }
}
