package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MnistTest {
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";

  @TempDir Path folder;

  private static byte[] images(int n, double pixel) {
    double[] pixels = new double[n * 28 * 28];
    pixels[1] = pixel;
    return IdxTest.idx(8, new int[] {n, 28, 28}, pixels);
  }

  private static byte[] labels(double... labels) {
    return IdxTest.idx(8, new int[] {labels.length}, labels);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-idx", ".idx"})
  void flattensAndScales(String spelling) throws IOException {
    write(IMAGES.replace("-idx", spelling), images(2, 51));
    write(LABELS.replace("-idx", spelling) + ".gz", Gzip.pack(labels(9, 0)));
    Mnist mnist = Mnist.load(folder);
    assertThat(mnist.train().inputs().shape()).containsExactly(2, 784);
    assertThat(mnist.train().inputs().get(0, 1)).isEqualTo(0.2);
    assertThat(mnist.train().targets().data()).containsExactly(9, 0);
  }

  @Test
  void withoutATestPairTheTestPartIsEmpty() throws IOException {
    write(IMAGES, images(1, 0));
    write(LABELS, labels(1));
    Dataset test = Mnist.load(folder).test();
    assertThat(test.inputs().shape()).containsExactly(0, 784);
    assertThat(test.targets().shape()).containsExactly(0);
  }

  @Test
  void readsTheTestPair() throws IOException {
    write(IMAGES, images(1, 0));
    write(LABELS, labels(1));
    write("t10k-images-idx3-ubyte.gz", Gzip.pack(images(2, 255)));
    write("t10k-labels-idx1-ubyte", labels(3, 4));
    Dataset test = Mnist.load(folder).test();
    assertThat(test.inputs().shape()).containsExactly(2, 784);
    assertThat(test.inputs().get(0, 1)).isEqualTo(1);
    assertThat(test.targets().data()).containsExactly(3, 4);
  }

  @Test
  void namesAMissingFolder() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Mnist.load(missing))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(missing + ": no such folder; looked in it for " + IMAGES + " and " + LABELS);
  }

  @Test
  void namesAMissingPair() {
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(folder + ": has neither " + IMAGES + " nor " + LABELS + ", plain or .gz");
  }

  @Test
  void namesTheMissingHalfOfAPair() throws IOException {
    write(IMAGES + ".gz", Gzip.pack(images(1, 0)));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(
            folder.resolve(LABELS)
                + ": missing, plain or .gz, although "
                + IMAGES
                + ".gz is there");
    write(LABELS, labels(1));
    write("t10k-labels-idx1-ubyte", labels(1));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(
            folder.resolve("t10k-images-idx3-ubyte")
                + ": missing, plain or .gz, although t10k-labels-idx1-ubyte is there");
  }

  @Test
  void refusesCountsThatDiffer() throws IOException {
    Path images = write(IMAGES, images(2, 0));
    Path labels = write(LABELS, labels(1, 2, 3));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(images + " has 2 images but " + labels + " has 3 labels");
  }

  @Test
  void refusesOtherShapes() throws IOException {
    Path images = write(IMAGES, labels(1));
    Path labels = write(LABELS, labels(1));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(images + ": expected shape [n, height, width] but got [1]");
    write(IMAGES, images(1, 0));
    write(LABELS, images(1, 0));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(labels + ": expected shape [n] but got [1, 28, 28]");
  }

  @Test
  void refusesImagesOfTooManyPixels() throws IOException {
    Path images = write(IMAGES, IdxTest.idx(8, new int[] {0, 1 << 20, 1 << 20}));
    write(LABELS, labels());
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(images + ": too many pixels in shape [0, 1048576, 1048576]");
  }

  @Test
  void refusesNull() {
    Dataset xor = Synthetic.xor();
    assertThatThrownBy(() -> new Mnist(null, xor))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("train");
    assertThatThrownBy(() -> new Mnist(xor, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("test");
  }
}
