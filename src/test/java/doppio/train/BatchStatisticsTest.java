package doppio.train;

import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.MSE;
import doppio.nn.BatchNorm1d;
import doppio.nn.BatchNorm2d;
import doppio.nn.Description;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.SGD;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Training with layers that keep statistics of batches. */
class BatchStatisticsTest {
  private static final String SINGLE =
      " would have a single row: BatchNorm1d(3) expects more than one value per channel in training"
          + " but got [1, 3] (layer 1 of Sequential)";

  private final Generator generator = new Generator(1);
  private final Module model =
      new Sequential(
          new Linear(2, 3, generator), new BatchNorm1d(3), new ReLU(), new Linear(3, 1, generator));

  @Test
  void aNanRowInFrontLeavesRunningValuesAsTheyWere() {
    Dataset data = data(8);
    trainer(model, 4).fit(data);
    Map<String, double[]> before = buffers(model);
    data.inputs().set(Double.NaN, 1, 0);
    assertThatThrownBy(() -> trainer(model, 4).fit(data))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessageContaining("have NaN in row 1, column 0");
    assertThat(buffers(model)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void aNanBehindLeavesRunningValuesAsTheyWere() {
    Module spoilt =
        new Sequential(
            new Linear(2, 3, generator), new BatchNorm1d(3), new Linear(3, 1), new Nan());
    spoilt.forward(RandomTensors.normal(1, 5, 2));
    Map<String, double[]> before = buffers(spoilt);
    assertThat(before.get("1.num_batches_tracked")).containsExactly(1);
    for (int rows : new int[] {8, 2}) {
      Trainer trainer = trainer(spoilt, 8);
      if (rows < 8) {
        trainer.gradientBlocks(rows);
      }
      assertThatThrownBy(() -> trainer.fit(data(8))).isInstanceOf(NonFiniteLossException.class);
      assertThat(buffers(spoilt)).usingRecursiveComparison().isEqualTo(before);
    }
  }

  @Test
  void aLastBatchOfOneRowIsRefusedBeforeTheFirst() {
    Map<String, double[]> before = buffers(model);
    double[] weight = model.parameters().get(0).value().data().clone();
    assertShapeException(
        () -> trainer(model, 4).fit(data(9)), "a batch (9 samples in batches of 4)" + SINGLE);
    assertShapeException(
        () -> trainer(model, 1).fit(data(3)), "a batch (3 samples in batches of 1)" + SINGLE);
    assertShapeException(
        () -> trainer(model, 4).fit(data(1)), "a batch (1 samples in batches of 4)" + SINGLE);
    assertThat(buffers(model)).usingRecursiveComparison().isEqualTo(before);
    assertThat(model.parameters().get(0).value().data()).containsExactly(weight);
    trainer(model, 4).fit(data(10));
  }

  @Test
  void aGradientBlockOfOneRowIsRefusedBeforeTheFirst() {
    assertShapeException(
        () -> trainer(model, 8).gradientBlocks(1).fit(data(8)),
        "a gradient block (8 samples in batches of 8, blocks of 1)" + SINGLE);
    assertShapeException(
        () -> trainer(model, 7).gradientBlocks(3).fit(data(14)),
        "a gradient block (14 samples in batches of 7, blocks of 3)" + SINGLE);
    assertShapeException(
        () -> trainer(model, 8).gradientBlocks(4).fit(data(13)),
        "a gradient block (13 samples in batches of 8, blocks of 4)" + SINGLE);
    trainer(model, 8).gradientBlocks(4).fit(data(14));
  }

  @Test
  void whatTakesASingleRowIsTrainedWithOne() {
    Module frozen = model.copy();
    Trainer trainer = trainer(frozen, 4);
    frozen.get("1").eval();
    trainer.fit(data(9));
    Module images = new Sequential(new BatchNorm2d(1), new ReLU());
    Dataset pictures =
        new Dataset(RandomTensors.normal(1, 3, 1, 2, 2), RandomTensors.normal(2, 3, 1, 2, 2));
    trainer(images, 2).fit(pictures);
    assertThat(images.namedBuffers().get("0.num_batches_tracked").get()).isEqualTo(2);
  }

  /** y = NaN. */
  private static final class Nan extends Layer {
    @Override
    protected void compute(Tensor x, Tensor y) {
      y.fill(Double.NaN);
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      gx.fill(Double.NaN);
    }

    @Override
    public Description<Nan> describe() {
      return Description.of(parts -> new Nan());
    }
  }

  private static Trainer trainer(Module model, int batchSize) {
    return new Trainer(model, new MSE(), new SGD(model.parameters(), 0.01))
        .batchSize(batchSize)
        .inOrder();
  }

  private static Dataset data(int n) {
    return new Dataset(RandomTensors.normal(1, n, 2), RandomTensors.normal(2, n, 1));
  }

  private static Map<String, double[]> buffers(Module model) {
    Map<String, double[]> buffers = new LinkedHashMap<>();
    model.namedBuffers().forEach((name, b) -> buffers.put(name, b.data().clone()));
    return buffers;
  }
}
