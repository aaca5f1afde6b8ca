package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Reads real files, where {@code -Ddoppio.data=FOLDER} names the folder that holds them. */
class RealDataTest {
  private static Path folder(String name) {
    String data = System.getProperty("doppio.data", "");
    assumeTrue(!data.isEmpty(), name + " not read: -Ddoppio.data names no folder");
    return Path.of(data, name);
  }

  @Test
  void mnistHasItsShapesAndFirstDigits() throws IOException {
    Mnist mnist = Mnist.load(folder("mnist-10k"));
    assertThat(mnist.train().inputs().shape()).containsExactly(10_000, 784);
    assertThat(Arrays.copyOf(mnist.train().targets().data(), 10))
        .containsExactly(5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
    double[] pixels = mnist.train().inputs().data();
    assertThat(Arrays.stream(pixels).min()).hasValue(0);
    assertThat(Arrays.stream(pixels).max()).hasValue(1);
    // The mean of all 60,000 is 0.1307.
    assertThat(Arrays.stream(pixels).average().orElseThrow()).isBetween(0.129, 0.133);
    assertThat(mnist.test().inputs().shape()).containsExactly(0, 784);
  }

  @Test
  void fashionMnistIsSortedByClass() throws IOException {
    Dataset train = Mnist.load(folder("fashion-900")).train();
    assertThat(train.inputs().shape()).containsExactly(900, 784);
    for (int i = 0; i < 900; i++) {
      assertThat(train.targets().get(i)).isEqualTo(Math.floorDiv(i, 90));
    }
  }

  @Test
  void idxGivesRawPixels() throws IOException {
    Path file = folder("mnist-10k").resolve("train-images-idx3-ubyte.gz");
    assertThat(Idx.read(file).shape()).containsExactly(10_000, 28, 28);
    assertThat(Arrays.stream(Idx.read(file).data()).max()).hasValue(255);
  }
}
