package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the results of convolutions meet, against the definition, on whole numbers. */
class UnfoldingTest {
  private static final int MANY = 60;

  private final Random random = new Random(7);

  /** One for all, so that each finds what others have left in it. */
  private final Patches patches = new Patches();

  @Test
  void eachOutputMeetsItsPatchOnce() {
    for (Convolution c : convolutions()) {
      for (int shares : new int[] {1, 3}) {
        int n = 1 + random.nextInt(8);
        outputsMeetTheirPatches(c, n, shares);
      }
    }
  }

  @Test
  void eachInputMeetsTheOutputsThatItGoesIntoOnce() {
    for (Convolution c : convolutions()) {
      inputsMeetTheirOutputs(c, 1 + random.nextInt(3), 1 + random.nextInt(3));
    }
  }

  /** Rows so wide that a block has a part of one. */
  @Test
  void veryWideImagesAreCutWithinARow() {
    Convolution wide = convolution(8, 1, 40_000, 1, 1, 1, 2, 1, 1, 0, 1, 1, 1);
    Unfolding u = Unfolding.ofInputs(wide, 1, 1);
    assertThat(u.columns).isLessThan(wide.outWidth());
    assertThat(u.hasRuns(u.columns)).isEqualTo(wide.outWidth() % u.columns == 0);
    assertThat(u.hasRuns(2)).isTrue();
    outputsMeetTheirPatches(wide, 1, 1);
    outputsMeetTheirPatches(convolution(8, 1, 40_000, 1, 1, 1, 2, 1, 2, 0, 1, 1, 1), 1, 1);
    inputsMeetTheirOutputs(convolution(1, 1, 80_001, 8, 1, 1, 2, 1, 2, 0, 1, 1, 1), 1, 1);
  }

  @Test
  void aBlockIsNoLargerThanTheCacheAndTheyAreAtLeastAsManyAsTheShares() {
    Convolution small = convolution(2, 8, 8, 2, 1, 3, 3, 1, 1, 1, 1, 1, 1);
    assertThat(Unfolding.ofInputs(small, 100, 1).images).isEqualTo(1024 / 64);
    assertThat(Unfolding.ofInputs(small, 100, 50).images).isEqualTo(2);
    assertThat(Unfolding.ofInputs(small, 100, 50).blocks()).isEqualTo(50);
    assertThat(Unfolding.ofInputs(small, 7, 3).blocks()).isEqualTo(4);
    assertThat(Unfolding.ofInputs(small, 1, 4).rows).isEqualTo(2);
    assertThat(Unfolding.ofInputs(small, 1, 4).blocks()).isEqualTo(4);
    assertThat(Unfolding.ofInputs(small, 2, 4).blocks()).isEqualTo(4);
    Convolution planes = convolution(64, 20, 20, 2, 1, 3, 3, 1, 1, 1, 1, 1, 1);
    // 64 planes of 22 rows of 22 elements, with the padding: two such images fit.
    assertThat(Unfolding.ofInputs(planes, 9, 1).images).isEqualTo(65536 / (64 * 22 * 22));
    Convolution large = convolution(16, 100, 198, 2, 1, 3, 3, 1, 1, 1, 1, 1, 1);
    // A row is of 16 planes of 200 elements, of which 20 fit: those of 18 rows of outputs.
    Unfolding rows = Unfolding.ofInputs(large, 1, 1);
    assertThat(rows.rows).isEqualTo(18);
    assertThat(rows.blocks()).isEqualTo(6);
    assertThat(rows.columns).isEqualTo(198);
  }

  @Test
  void theWorkIsOneMultiplyAddForEachTermOfEachResult() {
    Convolution c = convolution(4, 5, 6, 6, 2, 3, 2, 1, 1, 0, 0, 1, 1);
    Unfolding u = Unfolding.ofInputs(c, 7, 1);
    assertThat(u.depth()).isEqualTo(2 * 3 * 2);
    assertThat(u.work(3)).isEqualTo(7L * 3 * 5 * 12 * 3);
    assertThat(c.work(7)).isEqualTo(7L * 6 * 15 * 12);
    assertThat(c.groupOut()).isEqualTo(3);
  }

  private void outputsMeetTheirPatches(Convolution c, int n, int shares) {
    double[] x = numbers(n * c.channels() * c.pixels());
    Unfolding u = Unfolding.ofInputs(c, n, shares);
    assertThat(u.depth()).isEqualTo(c.depth());
    int taps = c.kernelHeight() * c.kernelWidth();
    for (int group = 0; group < c.groups(); group++) {
      for (boolean interleaved : new boolean[] {false, true}) {
        int[] seen = new int[n * c.positions()];
        for (int block = 0; block < u.blocks(); block++) {
          patches.load(u, x, group * c.groupChannels() * c.pixels(), block, interleaved);
          hasItsRuns(u, patches, interleaved);
          for (int p = 0; p < patches.count; p++) {
            int place = patches.places[p];
            int image = place / (c.out() * c.positions());
            int position = place % (c.out() * c.positions());
            seen[image * c.positions() + position]++;
            for (int k = 0; k < u.depth(); k++) {
              int plane = interleaved ? k % u.planes : k / taps;
              int tap = interleaved ? k / u.planes : k % taps;
              double met = patches.band[patches.terms[k] + patches.results[p]];
              double expected =
                  element(
                      c,
                      x,
                      image * c.channels() + group * c.groupChannels() + plane,
                      position / c.outWidth() * c.strideHeight()
                          - c.paddingHeight()
                          + tap / c.kernelWidth() * c.dilationHeight(),
                      position % c.outWidth() * c.strideWidth()
                          - c.paddingWidth()
                          + tap % c.kernelWidth() * c.dilationWidth());
              if (met != expected) {
                assertThat(met).as("%s, result %s, term %s", c, p, k).isEqualTo(expected);
              }
            }
          }
        }
        assertThat(Arrays.stream(seen)).as("%s", c).allMatch(times -> times == 1);
      }
    }
  }

  private void inputsMeetTheirOutputs(Convolution c, int n, int shares) {
    double[] gy = numbers(n * c.out() * c.positions());
    double[] w = numbers(c.out() * c.depth());
    double[] expected = inputGradient(c, gy, w, n);
    double[] actual = new double[expected.length];
    int[] seen = new int[expected.length];
    for (int row = 0; row < c.strideHeight(); row++) {
      for (int column = 0; column < c.strideWidth(); column++) {
        Unfolding u = Unfolding.ofOutputs(c, row, column, n, shares);
        for (int group = 0; group < c.groups(); group++) {
          double[] terms = new double[c.groupChannels() * u.depth()];
          u.weights(w, group * c.groupOut() * c.depth(), c, 0, c.groupChannels(), terms);
          for (int block = 0; block < u.blocks(); block++) {
            patches.load(u, gy, group * c.groupOut() * c.positions(), block, false);
            hasItsRuns(u, patches, false);
            for (int p = 0; p < patches.count; p++) {
              for (int channel = 0; channel < c.groupChannels(); channel++) {
                int place = patches.places[p] + (group * c.groupChannels() + channel) * c.pixels();
                seen[place]++;
                for (int k = 0; k < u.depth(); k++) {
                  actual[place] +=
                      terms[channel * u.depth() + k]
                          * patches.band[patches.terms[k] + patches.results[p]];
                }
              }
            }
          }
        }
      }
    }
    assertThat(Arrays.stream(seen)).as("%s", c).allMatch(times -> times == 1);
    assertThat(actual).as("%s", c).containsExactly(expected);
  }

  private static void hasItsRuns(Unfolding u, Patches patches, boolean interleaved) {
    int length = 1;
    while (!interleaved && u.hasRuns(length + 1)) {
      length++;
    }
    for (int p = 0; p < patches.count; ) {
      int run = patches.run(p);
      for (int i = 1; i < run; i++) {
        assertThat(patches.places[p + i] - patches.places[p]).isEqualTo(i);
        assertThat(patches.results[p + i] - patches.results[p]).isEqualTo(i);
      }
      assertThat(patches.adjoin(p, p + run)).isTrue();
      if (p + run < patches.count) {
        assertThat(patches.adjoin(p, p + run + 1))
            .isEqualTo(patches.places[p + run] - patches.places[p] == run);
        assertThat(
                patches.places[p + run] - patches.places[p] == run
                    && patches.results[p + run] - patches.results[p] == run)
            .isFalse();
      }
      assertThat(run).isGreaterThanOrEqualTo(length);
      p += run;
    }
    double[] taken = new double[patches.count + 2];
    int most = Arrays.stream(patches.places, 0, patches.count).max().orElse(0);
    double[] all = new double[most + 2];
    Arrays.setAll(all, i -> i);
    int from = patches.count / 2;
    patches.take(all, 1, from, patches.count - from, taken, 2);
    for (int p = from; p < patches.count; p++) {
      assertThat(taken[2 + p - from]).isEqualTo(patches.places[p] + 1);
    }
  }

  private static double[] inputGradient(Convolution c, double[] gy, double[] w, int n) {
    double[] gx = new double[n * c.channels() * c.pixels()];
    for (int image = 0; image < n; image++) {
      for (int o = 0; o < c.out(); o++) {
        int first = o / c.groupOut() * c.groupChannels();
        for (int position = 0; position < c.positions(); position++) {
          double g = gy[(image * c.out() + o) * c.positions() + position];
          for (int k = 0; k < c.depth(); k++) {
            int plane = k / (c.kernelHeight() * c.kernelWidth());
            int i = k / c.kernelWidth() % c.kernelHeight();
            int j = k % c.kernelWidth();
            int y =
                position / c.outWidth() * c.strideHeight()
                    - c.paddingHeight()
                    + i * c.dilationHeight();
            int x =
                position % c.outWidth() * c.strideWidth()
                    - c.paddingWidth()
                    + j * c.dilationWidth();
            if (y >= 0 && y < c.height() && x >= 0 && x < c.width()) {
              int at = image * c.channels() + first + plane;
              gx[at * c.pixels() + y * c.width() + x] += g * w[o * c.depth() + k];
            }
          }
        }
      }
    }
    return gx;
  }

  private static double element(Convolution c, double[] x, int plane, int row, int column) {
    return row < 0 || row >= c.height() || column < 0 || column >= c.width()
        ? 0
        : x[plane * c.pixels() + row * c.width() + column];
  }

  private double[] numbers(int count) {
    return random.ints(count, 1, 100).asDoubleStream().toArray();
  }

  private List<Convolution> convolutions() {
    List<Convolution> all = new ArrayList<>();
    while (all.size() < MANY) {
      int groups = 1 + random.nextInt(2);
      Convolution c =
          convolution(
              groups * (1 + random.nextInt(11)),
              1 + random.nextInt(9),
              1 + random.nextInt(9),
              groups * (1 + random.nextInt(3)),
              groups,
              1 + random.nextInt(4),
              1 + random.nextInt(4),
              1 + random.nextInt(4),
              1 + random.nextInt(4),
              random.nextInt(4),
              random.nextInt(4),
              1 + random.nextInt(3),
              1 + random.nextInt(3));
      if (c != null) {
        all.add(c);
      }
    }
    return all;
  }

  /** Null where the kernel does not fit. */
  private static Convolution convolution(
      int channels,
      int height,
      int width,
      int out,
      int groups,
      int kernelHeight,
      int kernelWidth,
      int strideHeight,
      int strideWidth,
      int paddingHeight,
      int paddingWidth,
      int dilationHeight,
      int dilationWidth) {
    return ConvolutionCase.of(
        channels,
        height,
        width,
        out,
        groups,
        new int[] {kernelHeight, kernelWidth},
        new int[] {strideHeight, strideWidth},
        new int[] {paddingHeight, paddingWidth},
        new int[] {dilationHeight, dilationWidth});
  }
}
