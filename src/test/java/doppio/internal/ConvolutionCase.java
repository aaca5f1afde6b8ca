package doppio.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** ConvolutionCase to test kernels on, and how many images. */
record ConvolutionCase(Convolution sizes, int n) {
  /** Small ones of every kind, and some beyond the blocks that kernels work on. */
  static List<ConvolutionCase> all() {
    List<ConvolutionCase> all = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(1);
    while (all.size() < 400) {
      int groups = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1;
      Convolution c =
          of(
              groups * (1 + random.nextInt(5)),
              1 + random.nextInt(9),
              1 + random.nextInt(11),
              groups * (1 + random.nextInt(9)),
              groups,
              new int[] {1 + random.nextInt(4), 1 + random.nextInt(4)},
              new int[] {1 + random.nextInt(3), 1 + random.nextInt(3)},
              new int[] {random.nextInt(3), random.nextInt(3)},
              new int[] {1 + random.nextInt(3), 1 + random.nextInt(3)});
      if (c != null) {
        all.add(new ConvolutionCase(c, random.nextInt(4)));
      }
    }
    // The networks that the library is measured by.
    all.add(new ConvolutionCase(square(1, 28, 16, 3, 1, 1), 3));
    all.add(new ConvolutionCase(square(16, 14, 32, 3, 1, 1), 7));
    all.add(new ConvolutionCase(square(32, 28, 32, 3, 1, 1), 2));
    // More than 256 terms, and chains that end within an image and within a row.
    all.add(new ConvolutionCase(square(29, 9, 31, 3, 1, 1), 11));
    all.add(new ConvolutionCase(square(70, 3, 9, 2, 1, 0), 70));
    all.add(new ConvolutionCase(square(33, 17, 13, 1, 1, 0), 1));
    all.add(new ConvolutionCase(square(3, 23, 8, 5, 2, 2), 5));
    all.add(new ConvolutionCase(square(40, 1, 40, 1, 1, 0), 37));
    // Nine terms, which the vector kernels have a loop for.
    for (int side = 3; side < 20; side++) {
      all.add(new ConvolutionCase(square(1, side, 5, 3, 1, 1), 3));
    }
    all.add(new ConvolutionCase(square(9, 13, 3, 1, 1, 0), 2));
    // One channel or two, whose gradients are read in runs: more than 256 terms, wide and narrow.
    for (int side = 8; side < 70; side += 9) {
      all.add(new ConvolutionCase(square(1, side, 40, 3, 1, 1), 2));
      all.add(new ConvolutionCase(square(2, side, 33, 3, 1, 2), 1));
    }
    all.add(
        new ConvolutionCase(
            of(
                1,
                9,
                12,
                5,
                1,
                new int[] {3, 1},
                new int[] {2, 1},
                new int[] {1, 0},
                new int[] {1, 1}),
            2));
    // Large images, which are worked on in bands; one row is larger than a band.
    all.add(new ConvolutionCase(square(8, 150, 5, 3, 1, 1), 1));
    all.add(new ConvolutionCase(square(3, 211, 4, 3, 3, 1), 2));
    all.add(
        new ConvolutionCase(
            of(
                2,
                4,
                40_000,
                3,
                1,
                new int[] {3, 3},
                new int[] {1, 1},
                new int[] {1, 1},
                new int[] {1, 1}),
            1));
    // Rows that are cut: in the middle of a stride, of one channel with nine terms, of two images.
    int[] one = {1, 1};
    all.add(
        new ConvolutionCase(
            of(
                5,
                1,
                60_007,
                2,
                1,
                new int[] {1, 4},
                new int[] {1, 3},
                new int[] {0, 2},
                new int[] {1, 5}),
            2));
    all.add(new ConvolutionCase(of(1, 3, 90_001, 2, 1, new int[] {3, 3}, one, one, one), 1));
    // Outputs that see nothing but padding, at the start of a block.
    for (int[] kernel : new int[][] {{1, 1}, {2, 2}}) {
      int[] stride = {1, 7};
      int[] padding = {1, 5};
      all.add(new ConvolutionCase(of(2, 2, 3, 4, 1, kernel, stride, padding, new int[] {1, 1}), 2));
    }
    // More weights than are worked on at once.
    all.add(new ConvolutionCase(square(300, 4, 90, 3, 1, 1), 1));
    all.add(new ConvolutionCase(square(90, 4, 300, 3, 1, 1), 2));
    return all;
  }

  private static Convolution square(
      int channels, int side, int out, int kernel, int stride, int padding) {
    return of(
        channels,
        side,
        side,
        out,
        1,
        new int[] {kernel, kernel},
        new int[] {stride, stride},
        new int[] {padding, padding},
        new int[] {1, 1});
  }

  /** Null where the kernel does not fit. */
  static Convolution of(
      int channels,
      int height,
      int width,
      int out,
      int groups,
      int[] kernel,
      int[] stride,
      int[] padding,
      int[] dilation) {
    int h = height + 2 * padding[0] - dilation[0] * (kernel[0] - 1) - 1;
    int w = width + 2 * padding[1] - dilation[1] * (kernel[1] - 1) - 1;
    return h < 0 || w < 0
        ? null
        : new Convolution(
            channels,
            height,
            width,
            out,
            groups,
            kernel[0],
            kernel[1],
            stride[0],
            stride[1],
            padding[0],
            padding[1],
            dilation[0],
            dilation[1],
            h / stride[0] + 1,
            w / stride[1] + 1);
  }

  double[] images(Values values, long seed) {
    return values.array(n * sizes.channels() * sizes.pixels(), seed);
  }

  double[] outputs(Values values, long seed) {
    return values.array(n * sizes.out() * sizes.positions(), seed);
  }

  double[] weights(Values values, long seed) {
    return values.array(sizes.out() * sizes.depth(), seed);
  }
}
