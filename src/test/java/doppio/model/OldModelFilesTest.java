package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Tensor;
import doppio.nn.Module;
import doppio.own.Square;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** Model files that older versions have written, with each of their layers, go on being read. */
class OldModelFilesTest {
  private static final Registry OWN = Registry.of("Square", Square.class, parts -> new Square());

  /** What the version that wrote the file computed, and how it printed the model. */
  private static final double[] OUTPUT = {
    -1.7964692459108158, -1.801247154457028, -1.7898235404708005, -1.7879592275560872,
    -1.7897445820596731, -1.785400402834059, -1.796475321025076, -1.8012412749280973,
    -1.7898175990348613, -1.787964172553949, -1.7897450898115401, -1.7854006590531764
  };

  private static final String PRINTED =
      """
      Sequential(
        (0): Conv2d(1 → 2, kernel 3 × 3, padding 1)
        (1): BatchNorm2d(2)
        (2): ReLU()
        (3): MaxPool2d(2 × 2)
        (4): AvgPool2d(2 × 2)
        (5): Flatten()
        (6): Linear(2 → 3)
        (7): LayerNorm(3)
        (8): GELU()
        (9): Linear(3 → 3)
        (10): Linear(3 → 3, no bias)
        (11): Square()
        (12): Residual(
          (body): Sequential(
            (0): Linear(3 → 3)
            (1): SiLU()
            (2): ELU(1.5)
            (3): Softplus()
            (4): LeakyReLU(0.2)
          )
        )
        (13): Concat(
          (0): Tanh()
          (1): Sigmoid()
        )
        (14): Dropout(0.25)
        (15): Softmax()
        (16): LogSoftmax()
      )""";

  @Test
  void aFileOfThisVersionIsReadByEveryLaterOne() throws Exception {
    Module model;
    try (InputStream in = getClass().getResourceAsStream("model-0.2.0.safetensors")) {
      model = ModelFile.load(in, OWN);
    }
    assertThat(model).hasToString(PRINTED);
    Tensor x = Tensor.zeros(2, 1, 4, 4);
    for (int i = 0; i < x.size(); i++) {
      x.data()[i] = (i * 7 % 11 - 5) / 4.0;
    }
    assertThat(model.infer(x).data()).containsExactly(OUTPUT, within(1e-12));
    assertThat(model.stateDict().get("10.weight")).isSameAs(model.stateDict().get("9.weight"));
    assertThat(model.namedParameters().entrySet())
        .filteredOn(e -> e.getValue().isFrozen())
        .extracting(e -> e.getKey())
        .containsExactly("9.bias");
    assertThat(model.namedModules().values()).noneMatch(Module::isTraining);
    assertThat(model.namedBuffers().get("1.num_batches_tracked").data()).containsExactly(1);
  }
}
