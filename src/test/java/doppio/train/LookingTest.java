package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Momentum;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether somebody looks at the gradients changes no bit of a training. */
class LookingTest {
  private static final int SAMPLES = 40;

  @ParameterizedTest
  @CsvSource({"1, 0.3", "8, 0.3", "1, Infinity", "8, Infinity"})
  void aTrainingIsTheSame(int batch, double clipNorm) throws NoSuchAlgorithmException {
    String unseen = train(batch, clipNorm, new Callback() {});
    assertThat(train(batch, clipNorm, new Looker(1))).isEqualTo(unseen);
    assertThat(train(batch, clipNorm, new Looker(7))).isEqualTo(unseen);
    if (Double.isFinite(clipNorm)) {
      assertThat(train(batch, Double.POSITIVE_INFINITY, new Looker(1)))
          .as("without clipping")
          .isNotEqualTo(unseen);
    }
  }

  /** The digest of all parameters after three epochs. */
  private static String train(int batch, double clipNorm, Callback callback)
      throws NoSuchAlgorithmException {
    Generator generator = new Generator(5);
    Module model =
        new Sequential(
            new Linear(60, 31, generator),
            new Tanh(),
            new Linear(31, 20, generator),
            new Tanh(),
            new Linear(20, 1, generator));
    Dataset data = new Dataset(RandomTensors.normal(1, SAMPLES, 60), Tensor.full(0.5, SAMPLES, 1));
    new Trainer(model, new MSE(), new Momentum(model.parameters(), 0.01, 0.9))
        .epochs(3)
        .batchSize(batch)
        .shuffle(generator)
        .clipNorm(clipNorm)
        .callback(callback)
        .fit(data);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Parameter parameter : model.parameters()) {
      for (double value : parameter.value().data()) {
        digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Reads every gradient wherever a callback may, in every so many steps. */
  private record Looker(int every) implements Callback {
    @Override
    public void start(Training training) {
      look(training);
    }

    @Override
    public void gradients(Training training) {
      look(training);
    }

    @Override
    public void batch(Training training) {
      look(training);
    }

    @Override
    public void epoch(Training training) {
      look(training);
    }

    private void look(Training training) {
      if (training.step() % every == 0) {
        for (Parameter parameter : training.model().parameters()) {
          assertThat(parameter.grad().shape()).isEqualTo(parameter.value().shape());
        }
      }
    }
  }
}
