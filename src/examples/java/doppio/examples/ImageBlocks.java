package doppio.examples;

import doppio.Tensor;
import doppio.data.Digits;
import doppio.nn.Conv2d;
import doppio.nn.MaxPool2d;
import doppio.nn.Window;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * What the blocks of a convolutional network do to an image: a digit of 8 × 8 pixels is blurred,
 * sharpened and reduced to its edges by a convolution with three fixed matrices, and each image is
 * halved by max-pooling. A corner of each is printed beside the same numbers calculated by hand,
 * with loops of this class alone.
 */
public final class ImageBlocks {
  private static final int SIDE = 8;
  private static final int CORNER = 6;
  private static final int KERNEL = 3;
  private static final int DIGIT = 3;
  private static final double TOLERANCE = 1e-12;

  private static final double NINTH = 1.0 / 9;

  private static final double[][] BOX_BLUR = {
    {NINTH, NINTH, NINTH}, {NINTH, NINTH, NINTH}, {NINTH, NINTH, NINTH}
  };
  private static final double[][] SHARPENED = {{0, -1, 0}, {-1, 5, -1}, {0, -1, 0}};
  private static final double[][] EDGES = {{-1, -1, -1}, {-1, 8, -1}, {-1, -1, -1}};

  private static final String[] NAMES = {"Box blur", "Sharpened", "Edges"};
  private static final double[][][] MATRICES = {BOX_BLUR, SHARPENED, EDGES};

  private int compared;
  private double largestDifference;

  private ImageBlocks() {}

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Blurs, sharpens and max-pools a digit, each number beside its calculation.")
            .option("digit", "which of the library's digits, from 0 (" + DIGIT + ")")
            .out()
            .parse(args);
    Tensor digits = Digits.load().inputs();
    int index = options.number("digit", 0, DIGIT);
    if (index >= digits.dim(0)) {
      throw UsageException.wrong("--digit expects less than " + digits.dim(0) + ", got " + index);
    }
    double[] pixels =
        Arrays.copyOfRange(digits.data(), index * SIDE * SIDE, (index + 1) * SIDE * SIDE);
    new ImageBlocks().run(Tensor.wrap(pixels, 1, SIDE, SIDE), options);
  }

  private void run(Tensor digit, Options options) throws IOException {
    Tensor filtered = filters().infer(digit);
    MaxPool2d pool = new MaxPool2d(2);
    ImageSheet sheet = new ImageSheet().row("A digit, and what three convolutions make of it");
    sheet.image("Digit", image(digit, 0));
    for (int i = 0; i < NAMES.length; i++) {
      sheet.image(NAMES[i], image(filtered, i));
    }
    sheet.row("The same, max-pooled by 2 × 2");
    sheet.image("", image(pool.infer(digit), 0));
    for (int i = 0; i < NAMES.length; i++) {
      sheet.image("", image(pool.infer(filtered), i));
    }

    double[][] byHand = rows(image(digit, 0));
    print("Digit, pixels from 0 to 16, the upper left corner:", byHand);
    for (int i = 0; i < NAMES.length; i++) {
      System.out.println();
      System.out.println(NAMES[i] + ", the matrix:");
      Arrays.stream(MATRICES[i]).map(row -> "  " + line(row, KERNEL)).forEach(System.out::println);
      compare(image(filtered, i), convolved(byHand, MATRICES[i]), CORNER);
    }
    System.out.println();
    System.out.println("Max-pooled digit, the largest of each 2 x 2 pixels:");
    compare(image(pool.infer(digit), 0), pooled(byHand), CORNER / 2);

    System.out.println();
    System.out.println(
        String.format(
            Locale.ROOT,
            "%d numbers compared, the largest difference is %.1e: %s.",
            compared,
            largestDifference,
            largestDifference <= TOLERANCE ? "all agree" : "NOT all agree"));
    sheet.save(options.folder().resolve("image-blocks.png"));
  }

  /** One layer with a filter for each matrix; zeros around the image keep its size. */
  private static Conv2d filters() {
    Conv2d layer = new Conv2d(1, MATRICES.length, Window.of(KERNEL).padding(1));
    layer.bias().value().fill(0);
    for (int f = 0; f < MATRICES.length; f++) {
      for (int i = 0; i < KERNEL; i++) {
        for (int j = 0; j < KERNEL; j++) {
          layer.weight().value().set(MATRICES[f][i][j], f, 0, i, j);
        }
      }
    }
    return layer;
  }

  /** The sum of the pixels around each one, each times its number of the matrix. */
  private static double[][] convolved(double[][] image, double[][] matrix) {
    double[][] result = new double[SIDE][SIDE];
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        for (int i = -1; i <= 1; i++) {
          for (int j = -1; j <= 1; j++) {
            boolean inside = row + i >= 0 && row + i < SIDE && column + j >= 0 && column + j < SIDE;
            double pixel = inside ? image[row + i][column + j] : 0;
            result[row][column] += matrix[i + 1][j + 1] * pixel;
          }
        }
      }
    }
    return result;
  }

  private static double[][] pooled(double[][] image) {
    double[][] result = new double[SIDE / 2][SIDE / 2];
    for (int row = 0; row < SIDE / 2; row++) {
      for (int column = 0; column < SIDE / 2; column++) {
        double upper = Math.max(image[2 * row][2 * column], image[2 * row][2 * column + 1]);
        double lower = Math.max(image[2 * row + 1][2 * column], image[2 * row + 1][2 * column + 1]);
        result[row][column] = Math.max(upper, lower);
      }
    }
    return result;
  }

  /** Prints a corner of both beside each other, and compares all. */
  private void compare(Tensor image, double[][] byHand, int corner) {
    double[][] rows = rows(image);
    for (int row = 0; row < byHand.length; row++) {
      for (int column = 0; column < byHand.length; column++) {
        double difference = Math.abs(rows[row][column] - byHand[row][column]);
        largestDifference = Math.max(largestDifference, difference);
        compared++;
      }
    }
    String title = "%-" + (corner * line(new double[] {0}, 1).length() + 2) + "s %s";
    System.out.println(String.format(title, "  the library", " by hand"));
    for (int row = 0; row < corner; row++) {
      System.out.println("  " + line(rows[row], corner) + "  " + line(byHand[row], corner));
    }
  }

  private static void print(String title, double[][] rows) {
    System.out.println(title);
    for (int row = 0; row < CORNER; row++) {
      System.out.println("  " + line(rows[row], CORNER));
    }
  }

  private static String line(double[] row, int columns) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < columns; i++) {
      line.append(String.format(Locale.ROOT, "%7.2f", row[i]));
    }
    return line.toString();
  }

  /** One channel {@code [h, w]} of {@code [c, h, w]}. */
  private static Tensor image(Tensor channels, int channel) {
    int size = channels.dim(1) * channels.dim(2);
    double[] pixels = Arrays.copyOfRange(channels.data(), channel * size, (channel + 1) * size);
    return Tensor.wrap(pixels, channels.dim(1), channels.dim(2));
  }

  private static double[][] rows(Tensor image) {
    double[][] rows = new double[image.dim(0)][image.dim(1)];
    for (int row = 0; row < rows.length; row++) {
      for (int column = 0; column < rows[row].length; column++) {
        rows[row][column] = image.get(row, column);
      }
    }
    return rows;
  }
}
