package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.ShapeException;
import doppio.Tensor;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
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
  void imagesHaveOneChannelAndTheSameNumbers() throws IOException {
    write(IMAGES, images(2, 51));
    write(LABELS, labels(9, 0));
    Mnist rows = Mnist.load(folder);
    Mnist images = Mnist.loadImages(folder);
    assertThat(images.train().inputs().shape()).containsExactly(2, 1, 28, 28);
    assertThat(images.train().inputs().data()).containsExactly(rows.train().inputs().data());
    assertThat(images.train().inputs().get(0, 0, 0, 1)).isEqualTo(0.2);
    assertThat(images.train().targets().data()).containsExactly(9, 0);
    assertThat(images.test().inputs().shape()).containsExactly(0, 1, 28, 28);
    write("t10k-images-idx3-ubyte", images(3, 255));
    write("t10k-labels-idx1-ubyte", labels(3, 4, 5));
    assertThat(Mnist.loadImages(folder).test().inputs().shape()).containsExactly(3, 1, 28, 28);
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

  @ParameterizedTest
  @ValueSource(strings = {"raw", "MNIST/raw", "FashionMNIST/raw", "KMNIST/raw"})
  void looksWhereTorchvisionPutsTheFiles(String beneath) throws IOException {
    Path raw = Files.createDirectories(folder.resolve(beneath));
    Files.write(raw.resolve(IMAGES), images(1, 0));
    Files.write(raw.resolve(IMAGES + ".gz"), Gzip.pack(images(1, 0)));
    Files.write(raw.resolve(LABELS), labels(7));
    assertThat(Mnist.load(folder).train().targets().data()).containsExactly(7);
    Files.write(raw.resolve("t10k-images-idx3-ubyte"), images(1, 0));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageStartingWith(raw.resolve("t10k-labels-idx1-ubyte") + ": missing");
    write(IMAGES, images(1, 0));
    write(LABELS, labels(8));
    assertThat(Mnist.load(folder).train().targets().data()).containsExactly(8);
  }

  @Test
  void refusesToChooseBetweenTwoDataSets() throws IOException {
    for (String beneath : new String[] {"MNIST/raw", "FashionMNIST/raw"}) {
      Path raw = Files.createDirectories(folder.resolve(beneath));
      Files.write(raw.resolve(LABELS + ".gz"), Gzip.pack(labels(1)));
    }
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            folder
                + ": expected one data set but both "
                + folder.resolve("MNIST/raw")
                + " and "
                + folder.resolve("FashionMNIST/raw")
                + " are");
  }

  @Test
  void refusesSpellingsThatDiffer() throws IOException {
    Path plain = write(IMAGES, images(1, 7));
    Path packed = write(IMAGES + ".gz", Gzip.pack(images(1, 8)));
    Path labels = write(LABELS, labels(1));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            plain
                + " and "
                + packed
                + " should hold the same but differ: remove the one that is wrong");
    write(IMAGES + ".gz", Gzip.pack(images(1, 7)));
    assertThat(Mnist.load(folder).train().size()).isEqualTo(1);
    Path dotted = write(LABELS.replace("-idx", ".idx"), labels(1, 2));
    assertThatThrownBy(() -> Mnist.load(folder))
        .hasMessageStartingWith(labels + " and " + dotted + " should hold the same");
  }

  @Test
  void namesBothSpellingsWhereOneIsDamaged() throws IOException {
    Path plain = write(LABELS, labels(1));
    byte[] packed = Gzip.pack(labels(1));
    Path damaged = write(LABELS + ".gz", Arrays.copyOf(packed, packed.length - 1));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(plain + " or " + damaged + ": gzip data ends early, after 9 unpacked bytes");
  }

  /** One more byte where a chunk of the comparison ends, and one less. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void refusesSpellingsOfWhichOneGoesOn(int more) throws IOException {
    double[] many = new double[(1 << 16) - 8];
    Path plain = write(LABELS, labels(many));
    write(LABELS + ".gz", Gzip.pack(labels(Arrays.copyOf(many, many.length + more))));
    assertThatThrownBy(() -> Mnist.load(folder))
        .hasMessageStartingWith(plain + " and " + plain + ".gz should hold the same");
  }

  @Test
  void comparesSpellingsToTheirEnd() throws IOException {
    double[] many = new double[200_000];
    Path plain = write(LABELS, labels(many));
    many[many.length - 1] = 1;
    write(LABELS + ".gz", Gzip.pack(labels(many)));
    assertThatThrownBy(() -> Mnist.load(folder))
        .hasMessageStartingWith(plain + " and " + plain + ".gz should hold the same");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0d, 0x0e})
  void refusesPixelsThatMayBeScaledAlready(int type) throws IOException {
    Path images = write(IMAGES, IdxTest.idx(type, new int[] {1, 1, 2}, 0.5, 1));
    write(LABELS, labels(1));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            images
                + ": expected pixels from 0 to 255 but got floating-point numbers,"
                + " which may be scaled already; Idx.read gives them as they are");
  }

  @Test
  void readsPixelsOfOtherTypesOnlyFrom0To255() throws IOException {
    write(LABELS, labels(1));
    for (int type : new int[] {0x0b, 0x0c}) {
      write(IMAGES, IdxTest.idx(type, new int[] {1, 1, 2}, 51, 255));
      assertThat(Mnist.load(folder).train().inputs().data()).containsExactly(0.2, 1);
    }
    Path images = write(IMAGES, IdxTest.idx(0x0b, new int[] {1, 1, 2}, 51, 256));
    assertThatThrownBy(() -> Mnist.load(folder))
        .hasMessage(images + ": expected pixels from 0 to 255 but number 1 is 256.0");
    write(IMAGES, IdxTest.idx(9, new int[] {1, 1, 2}, 51, -1));
    assertThatThrownBy(() -> Mnist.load(folder))
        .hasMessage(images + ": expected pixels from 0 to 255 but number 1 is -1.0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -1, 0.5, Double.POSITIVE_INFINITY, 3e9})
  void refusesLabelsThatAreNoClasses(double label) throws IOException {
    write(IMAGES, images(2, 0));
    Path labels = write(LABELS, IdxTest.idx(0x0e, new int[] {2}, 3, label));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            labels + ": expected class indices, whole numbers from 0, but number 1 is " + label);
  }

  @Test
  void readsClassesUpToTheLargestInt() throws IOException {
    write(IMAGES, images(2, 0));
    write(LABELS, IdxTest.idx(0x0e, new int[] {2}, 0, Integer.MAX_VALUE));
    assertThat(Mnist.load(folder).train().targets().data()).containsExactly(0, Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"14,14", "14,56", "56,14", "28,14", "14,28"})
  void refusesPartsWhoseImagesDiffer(String size) throws IOException {
    int height = Integer.parseInt(size.substring(0, 2));
    int width = Integer.parseInt(size.substring(3));
    Path train = write(IMAGES, images(1, 0));
    write(LABELS, labels(1));
    Path test =
        write(
            "t10k-images-idx3-ubyte",
            IdxTest.idx(8, new int[] {1, height, width}, new double[height * width]));
    write("t10k-labels-idx1-ubyte", labels(1));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            test
                + ": expected images of 28 by 28 pixels, as in "
                + train
                + ", but got "
                + height
                + " by "
                + width);
    Dataset narrow = new Dataset(Tensor.zeros(1, 196), Tensor.zeros(1));
    assertThatThrownBy(() -> new Mnist(Synthetic.xor(), narrow))
        .isInstanceOf(ShapeException.class)
        .hasMessage("train and test need inputs of one shape, got [2] and [196]");
  }

  @Test
  void refusesAFileInTheFoldersPlace() throws IOException {
    Path file = write("file", new byte[0]);
    assertThatThrownBy(() -> Mnist.load(file))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(file + ": expected a folder but found a file");
  }

  @Test
  void refusesNullAndNamesIt() {
    Dataset xor = Synthetic.xor();
    assertThatThrownBy(() -> new Mnist(null, xor))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("train");
    assertThatThrownBy(() -> new Mnist(xor, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("test");
  }
}
