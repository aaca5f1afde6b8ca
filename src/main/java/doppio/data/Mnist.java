package doppio.data;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.FileAccess;
import doppio.internal.Shapes;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * MNIST, or a data set that comes in its files, such as Fashion-MNIST.
 *
 * <p>Both parts have inputs {@code [n, 784]} (height · width, row by row), or {@code [n, 1, 28,
 * 28]} by {@link #loadImages}, pixels scaled to 0…1 (value / 255), and targets {@code [n]}, the
 * class indices.
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
   * @throws ShapeException if their inputs are of different shapes
   */
  public Mnist {
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(test, "test");
    if (!Arrays.equals(train.inputShape(), test.inputShape())) {
      throw new ShapeException(
          "train and test need inputs of one shape, got "
              + Shapes.text(train.inputShape())
              + " and "
              + Shapes.text(test.inputShape()));
    }
  }

  /**
   * Reads the files with the official names: {@code train-images-idx3-ubyte}, {@code
   * train-labels-idx1-ubyte} and, where they are there, {@code t10k-images-idx3-ubyte} and {@code
   * t10k-labels-idx1-ubyte}; plain or packed by gzip, with or without {@code .gz}, also in the
   * spelling {@code train-images.idx3-ubyte}. Where a file is there in two spellings, both must
   * hold the same.
   *
   * @param folder where the files lie; or where torchvision put them into {@code MNIST/raw}, {@code
   *     FashionMNIST/raw} or {@code KMNIST/raw}
   * @return both parts
   * @throws NoSuchFileException if the folder, the training pair or one half of a pair is missing;
   *     the message names it
   * @throws IOException if a file cannot be read, is damaged, is not of the shape expected, has
   *     pixels that are no whole numbers from 0 to 255 or labels that are no class indices; if a
   *     pair has more images than labels or the reverse; if the parts' images are of different
   *     sizes, or the spellings of a file of different content; the message names the file
   */
  public static Mnist load(Path folder) throws IOException {
    return load(folder, false);
  }

  /**
   * As {@link #load}, with inputs {@code [n, 1, height, width]}, {@code [n, 1, 28, 28]} say: images
   * of one channel, as {@code Conv2d} takes them. The numbers and their order are the same.
   */
  public static Mnist loadImages(Path folder) throws IOException {
    return load(folder, true);
  }

  private static Mnist load(Path folder, boolean images) throws IOException {
    try {
      FileAccess.requireFolder(folder);
    } catch (NoSuchFileException e) {
      NoSuchFileException missing =
          new NoSuchFileException(
              folder.toString(),
              null,
              "no such folder; looked in it for "
                  + MnistFiles.images("train")
                  + " and "
                  + MnistFiles.labels("train"));
      missing.initCause(e);
      throw missing;
    }
    MnistFiles files = MnistFiles.in(folder);
    Part train = pair(files, "train");
    if (train == null) {
      throw new NoSuchFileException(
          folder.toString(),
          null,
          "has neither "
              + MnistFiles.images("train")
              + " nor "
              + MnistFiles.labels("train")
              + ", plain or .gz");
    }
    Part test = pair(files, "t10k");
    if (test == null) {
      Part none = new Part(null, train.height, train.width, train.samples.slice(0, 0));
      return new Mnist(train.shaped(images), none.shaped(images));
    }
    if (train.height != test.height || train.width != test.width) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: expected images of %d by %d pixels, as in %s, but got %d by %d",
              test.images,
              train.height,
              train.width,
              train.images,
              test.height,
              test.width));
    }
    return new Mnist(train.shaped(images), test.shaped(images));
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

  /** One part of the data, and where it comes from. */
  private record Part(Path images, int height, int width, Dataset samples) {
    /** The samples as rows of pixels, or as images of one channel. */
    Dataset shaped(boolean asImages) {
      Tensor x = samples.inputs();
      return asImages
          ? new Dataset(x.reshape(x.dim(0), 1, height, width), samples.targets())
          : samples;
    }
  }

  /** The part, or null if neither of its files is there. */
  private static Part pair(MnistFiles files, String part) throws IOException {
    Path images = files.find(MnistFiles.images(part));
    Path labels = files.find(MnistFiles.labels(part));
    if (images == null && labels == null) {
      return null;
    }
    if (images == null) {
      throw files.missing(MnistFiles.images(part), labels);
    }
    if (labels == null) {
      throw files.missing(MnistFiles.labels(part), images);
    }
    Idx.Content pixels = Idx.content(images);
    Tensor x = pixels.values();
    Tensor y = Idx.read(labels);
    expectShape(images, x, 3, "[n, height, width]");
    expectShape(labels, y, 1, "[n]");
    if (x.dim(0) != y.dim(0)) {
      throw new IOException(
          images + " has " + x.dim(0) + " images but " + labels + " has " + y.dim(0) + " labels");
    }
    long size = (long) x.dim(1) * x.dim(2);
    if (size > Integer.MAX_VALUE) {
      // Possible where there are no images: then there are no values to fall short of either.
      throw new IOException(images + ": too many pixels in shape " + Shapes.text(x));
    }
    if (!pixels.isWhole()) {
      throw new IOException(
          images
              + ": expected pixels from 0 to 255 but got floating-point numbers,"
              + " which may be scaled already; Idx.read gives them as they are");
    }
    scale(images, x.data());
    checkClasses(labels, y.data());
    Dataset samples = new Dataset(x.reshape(x.dim(0), (int) size), y);
    return new Part(images, x.dim(1), x.dim(2), samples);
  }

  private static void scale(Path file, double[] pixels) throws IOException {
    for (int i = 0; i < pixels.length; i++) {
      if (!(pixels[i] >= 0 && pixels[i] <= WHITE)) {
        throw new IOException(
            file + ": expected pixels from 0 to 255 but number " + i + " is " + pixels[i]);
      }
      pixels[i] /= WHITE;
    }
  }

  private static void checkClasses(Path file, double[] labels) throws IOException {
    for (int i = 0; i < labels.length; i++) {
      if (!(labels[i] >= 0
          && labels[i] <= Integer.MAX_VALUE
          && labels[i] == Math.rint(labels[i]))) {
        throw new IOException(
            file
                + ": expected class indices, whole numbers from 0, but number "
                + i
                + " is "
                + labels[i]);
      }
    }
  }

  private static void expectShape(Path file, Tensor t, int rank, String expected)
      throws IOException {
    if (t.rank() != rank) {
      throw new IOException(file + ": expected shape " + expected + " but got " + Shapes.text(t));
    }
  }
}
