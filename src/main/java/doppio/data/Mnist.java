package doppio.data;

import doppio.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * MNIST, or a data set that comes in its files, such as Fashion-MNIST.
 *
 * <p>Both parts have inputs {@code [n, 784]} (height · width, row by row), pixels scaled to 0…1
 * (value / 255), and targets {@code [n]}, the class indices.
 *
 * @param train the training part
 * @param test the test part; empty, {@code [0, 784]} and {@code [0]}, where the folder has none
 */
public record Mnist(Dataset train, Dataset test) {
  private static final double WHITE = 255;

  /**
   * Pairs the two parts.
   *
   * @throws NullPointerException if one of them is null
   */
  public Mnist {
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(test, "test");
  }

  /**
   * Reads the files with the official names: {@code train-images-idx3-ubyte}, {@code
   * train-labels-idx1-ubyte} and, where they are there, {@code t10k-images-idx3-ubyte} and {@code
   * t10k-labels-idx1-ubyte}; plain or packed by gzip, with or without {@code .gz}, also in the
   * spelling {@code train-images.idx3-ubyte}.
   *
   * @param folder where the files lie
   * @return both parts
   * @throws NoSuchFileException if the folder, the training pair or one half of a pair is missing;
   *     the message names it
   * @throws IOException if a file cannot be read, is damaged, is not of the shape expected, or if a
   *     pair has more images than labels or the reverse; the message names the file
   */
  public static Mnist load(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(
          folder.toString(),
          null,
          "no such folder; looked in it for " + images("train") + " and " + labels("train"));
    }
    Dataset train = pair(folder, "train");
    if (train == null) {
      throw new NoSuchFileException(
          folder.toString(),
          null,
          "has neither " + images("train") + " nor " + labels("train") + ", plain or .gz");
    }
    Dataset test = pair(folder, "t10k");
    if (test == null) {
      test = new Dataset(Tensor.zeros(0, train.inputs().dim(1)), Tensor.zeros(0));
    }
    return new Mnist(train, test);
  }

  /**
   * Downloads MNIST's four files, packed by gzip, about 11 MB: {@code
   * Mnist.load(Mnist.download(folder))}. Nothing else here uses the network.
   *
   * <p>From the mirror that torchvision uses, {@code ossci-datasets.s3.amazonaws.com}, each file
   * checked by its MD5 sum before it takes its name. Files that are there and right are left alone;
   * others are replaced. What fails is tried three times.
   *
   * @param folder where to put them; made if it does not exist
   * @return the folder
   * @throws IOException if a file cannot be fetched or written, without a network connection say;
   *     the message names its address, its place and the cause
   */
  public static Path download(Path folder) throws IOException {
    Download.mnist().into(folder);
    return folder;
  }

  /**
   * Downloads Fashion-MNIST's four files, about 31 MB, as {@link #download} does, from Zalando
   * Research's mirror {@code fashion-mnist.s3-website.eu-central-1.amazonaws.com}. They have
   * MNIST's names and so need a folder of their own.
   *
   * @param folder where to put them; made if it does not exist
   * @return the folder
   * @throws IOException if a file cannot be fetched or written, without a network connection say;
   *     the message names its address, its place and the cause
   */
  public static Path downloadFashion(Path folder) throws IOException {
    Download.fashionMnist().into(folder);
    return folder;
  }

  /** Both parts. */
  @Override
  public String toString() {
    return "Mnist(train " + train + ", test " + test + ")";
  }

  private static String images(String part) {
    return part + "-images-idx3-ubyte";
  }

  private static String labels(String part) {
    return part + "-labels-idx1-ubyte";
  }

  /** One part of the data, or null if neither of its files is there. */
  private static Dataset pair(Path folder, String part) throws IOException {
    Path images = find(folder, images(part));
    Path labels = find(folder, labels(part));
    if (images == null && labels == null) {
      return null;
    }
    if (images == null) {
      throw missing(folder, images(part), labels);
    }
    if (labels == null) {
      throw missing(folder, labels(part), images);
    }
    Tensor x = Idx.read(images);
    Tensor y = Idx.read(labels);
    expectShape(images, x, 3, "[n, height, width]");
    expectShape(labels, y, 1, "[n]");
    if (x.dim(0) != y.dim(0)) {
      throw new IOException(
          images + " has " + x.dim(0) + " images but " + labels + " has " + y.dim(0) + " labels");
    }
    long pixels = (long) x.dim(1) * x.dim(2);
    if (pixels > Integer.MAX_VALUE) {
      // Possible where there are no images: then there are no values to fall short of either.
      throw new IOException(images + ": too many pixels in shape " + Arrays.toString(x.shape()));
    }
    double[] values = x.data();
    for (int i = 0; i < values.length; i++) {
      values[i] /= WHITE;
    }
    return new Dataset(x.reshape(x.dim(0), (int) pixels), y);
  }

  private static void expectShape(Path file, Tensor t, int rank, String expected)
      throws IOException {
    if (t.rank() != rank) {
      throw new IOException(
          file + ": expected shape " + expected + " but got " + Arrays.toString(t.shape()));
    }
  }

  private static NoSuchFileException missing(Path folder, String name, Path other) {
    return new NoSuchFileException(
        folder.resolve(name).toString(),
        null,
        "missing, plain or .gz, although " + other.getFileName() + " is there");
  }

  /** The file of that name in one of its spellings, or null. */
  private static Path find(Path folder, String name) {
    String dotted = name.replace("-idx", ".idx");
    for (String spelling : List.of(name, name + ".gz", dotted, dotted + ".gz")) {
      Path file = folder.resolve(spelling);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    return null;
  }
}
