package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.data.Mnist;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Images of 28 × 28 pixels in 10 classes: those of a folder, or, where none is given, the digits
 * that come with the library, enlarged.
 *
 * @param name what they are
 * @param train the training part: inputs {@code [n, 784]} from 0 to 1, targets {@code [n]}
 * @param test the test part, of no sample where there is none
 */
record ImageData(String name, Dataset train, Dataset test) {
  static final int PIXELS = 784;
  static final int CLASSES = 10;

  private static final int SIDE = 28;
  private static final int DIGIT_SIDE = 8;
  private static final double DIGIT_WHITE = 16;
  private static final int ENLARGED = 3;
  private static final int MARGIN = (SIDE - ENLARGED * DIGIT_SIDE) / 2;

  /** What {@code --data} names, or the enlarged digits; no more than {@code --samples} to train. */
  static ImageData load(Options options) {
    return all(options).atMost(options.number("samples", 0, 0));
  }

  /** The same, drawn at random. */
  static ImageData load(Options options, Generator generator) {
    ImageData all = all(options);
    return new ImageData(all.name, all.train.shuffle(generator), all.test)
        .atMost(options.number("samples", 0, 0));
  }

  private static ImageData all(Options options) {
    Path folder = options.folder("data", null);
    return folder == null ? enlargedDigits() : read(folder);
  }

  private static ImageData enlargedDigits() {
    Dataset digits = Digits.load();
    Tensor images = Tensor.zeros(digits.size(), PIXELS);
    for (int i = 0; i < digits.size(); i++) {
      enlarge(digits.inputs().data(), i, images.data());
    }
    return new ImageData(
        "the digits that come with the library, enlarged",
        new Dataset(images, digits.targets()),
        new Dataset(Tensor.zeros(0, PIXELS), Tensor.zeros(0)));
  }

  /** The data with no more than so many images to train on; 0 leaves them all. */
  private ImageData atMost(int samples) {
    int count = samples == 0 ? train.size() : Math.min(samples, train.size());
    return new ImageData(name, train.slice(0, count), test);
  }

  private static ImageData read(Path folder) {
    Mnist mnist;
    try {
      mnist = Mnist.load(folder);
    } catch (IOException e) {
      throw UsageException.wrong("--data " + folder + ": " + e.getMessage());
    }
    int pixels = mnist.train().inputs().dim(1);
    if (pixels != PIXELS) {
      throw UsageException.wrong(
          "--data expects images of " + PIXELS + " pixels, got " + pixels + " in " + folder);
    }
    return new ImageData(folder.toString(), mnist.train(), mnist.test());
  }

  /** Every pixel becomes a square, and the whole gets a margin. */
  private static void enlarge(double[] digits, int row, double[] images) {
    for (int y = 0; y < ENLARGED * DIGIT_SIDE; y++) {
      for (int x = 0; x < ENLARGED * DIGIT_SIDE; x++) {
        int from = (row * DIGIT_SIDE + y / ENLARGED) * DIGIT_SIDE + x / ENLARGED;
        int to = (row * SIDE + MARGIN + y) * SIDE + MARGIN + x;
        images[to] = digits[from] / DIGIT_WHITE;
      }
    }
  }
}
