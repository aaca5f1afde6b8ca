package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.optim.SGD;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradientStatisticsTest {
  @TempDir private Path folder;
  private final Linear layer =
      new Linear(new Parameter(Tensor.of(new double[][] {{1, -1}})), new Parameter(Tensor.of(0)));
  private final Sequential model = new Sequential(layer);
  private final Dataset data =
      new Dataset(Tensor.of(new double[][] {{1, 2}, {3, 1}}), Tensor.of(new double[][] {{1}, {1}}));

  private Trainer trainer() {
    return new Trainer(model, MSE.half(), new SGD(model.parameters(), 0)).batchSize(1).inOrder();
  }

  @Test
  void meansAreThoseOfTheSizesBeforeClipping() throws IOException {
    GradientStatistics statistics = new GradientStatistics();
    assertThat(statistics.names()).isEmpty();
    Path none = folder.resolve("none.csv");
    statistics.save(none);
    assertThat(none).hasContent("step\n");
    trainer().clipValue(0.125).callback(statistics).fit(data);
    assertThat(statistics.names()).containsExactly("0.weight", "0.bias");
    // Errors −2 and 1: gradients (−2, −4) and (3, 1).
    assertThat(statistics.means("0.weight")).containsExactly(3, 2);
    assertThat(statistics.means("0.bias")).containsExactly(2, 1);
    Path file = folder.resolve("gradients.csv");
    statistics.save(file);
    assertThat(Files.readAllLines(file))
        .containsExactly("step,0.weight,0.bias", "1,3.0,2.0", "2,2.0,1.0");
  }

  @Test
  void manyStepsAreKeptAndWrittenToAStreamToo() throws IOException {
    GradientStatistics statistics = new GradientStatistics();
    trainer().epochs(100).callback(statistics).fit(data);
    assertThat(statistics.means("0.bias")).hasSize(200).endsWith(2, 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    statistics.save(new BufferedOutputStream(bytes, 1 << 16));
    assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("\n199,3.0,2.0\n200,2.0,1.0\n");
  }

  @Test
  void itPrintsWhatItMeasures() {
    assertThat(new GradientStatistics()).hasToString("GradientStatistics(all parameters)");
    assertThat(new GradientStatistics("a", "b")).hasToString("GradientStatistics(a, b)");
  }

  @Test
  void namedParametersAloneAreMeasured() {
    layer.weight().frozen(true);
    GradientStatistics statistics = new GradientStatistics("0.weight");
    trainer().callback(statistics).fit(data);
    assertThat(statistics.names()).containsExactly("0.weight");
    assertThat(statistics.means("0.weight")).containsExactly(0, 0);
    assertThatThrownBy(() -> statistics.means("0.bias"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter 0.bias is not recorded; there are [0.weight]");
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThatThereAre() {
    Trainer trainer = trainer().callback(new GradientStatistics("1.weight"));
    assertThatThrownBy(() -> trainer.fit(data))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no parameter 1.weight; there are [0.weight, 0.bias]");
  }
}
