package doppio.examples;

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

  /** What {@code --data} among the checked arguments names, or the enlarged digits. */
  static ImageData load(String[] args) throws IOException {
    for (int i = 0; i < args.length; i += 2) {
      if (args[i].equals("--data")) {
        return read(Path.of(args[i + 1]));
      }
    }
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
  ImageData atMost(int samples) {
    int count = samples == 0 ? train.size() : Math.min(samples, train.size());
    return new ImageData(name, train.slice(0, count), test);
  }

  private static ImageData read(Path folder) throws IOException {
    Mnist mnist = Mnist.load(folder);
    if (mnist.train().inputs().dim(1) != PIXELS) {
      throw new IOException(
          folder
              + ": expected images of "
              + PIXELS
              + " pixels but got "
              + mnist.train().inputs().dim(1));
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
