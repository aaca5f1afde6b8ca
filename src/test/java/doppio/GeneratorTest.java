package doppio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
  @Test
  void bitsAreThoseOfThePublishedMersenneTwister() {
    Generator g = new Generator(5489);
    assertThat(g.random32()).isEqualTo(3499211612L);
    for (int i = 2; i < 10_000; i++) {
      g.random32();
    }
    assertThat(g.random32()).isEqualTo(4123659995L);
  }

  /** The last words of the first two blocks, by Python's generator taken to the same state. */
  @Test
  void theLastWordOfABlockIsThatOfTheMersenneTwister() {
    Generator g = new Generator(5489);
    for (long last : new long[] {4020325887L, 2538210759L}) {
      for (int i = 1; i < 624; i++) {
        g.random32();
      }
      assertThat(g.random32()).isEqualTo(last);
    }
  }

  @Test
  void sixtyFourBitsAreTwoDrawsTheFirstOneOnTop() {
    Generator a = new Generator(3);
    Generator b = new Generator(3);
    for (int i = 0; i < 1000; i++) {
      assertThat(a.random64()).isEqualTo((b.random32() << 32) + b.random32());
    }
  }

  @Test
  void theSameSeedDrawsTheSameStream() {
    assertThat(drawsOfEveryKind(new Generator(7)))
        .containsExactly(drawsOfEveryKind(new Generator(7)))
        .isNotEqualTo(drawsOfEveryKind(new Generator(8)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void seedStartsTheStreamAnew(boolean single) {
    Generator g = single ? new Generator(7).singlePrecision() : new Generator(7);
    double[] first = drawsOfEveryKind(g);
    assertThat(g.seed(7)).isSameAs(g);
    assertThat(drawsOfEveryKind(g)).containsExactly(first);
  }

  @Test
  void manualSeedSeedsTheDefaultGenerator() {
    Generator.manualSeed(66);
    assertThat(drawsOfEveryKind(Generator.defaultGenerator()))
        .containsExactly(drawsOfEveryKind(new Generator(66)));
  }

  @Test
  void uniformNumbersAreThoseOfPyTorch() {
    double[] values = new double[5];
    new Generator(0).singlePrecision().uniform(values, 0, 1);
    assertThat(values)
        .containsExactly(new double[] {0.4963, 0.7682, 0.0885, 0.1320, 0.3074}, within(5e-5));
    new Generator(42).singlePrecision().uniform(values, 0, 1);
    assertThat(values)
        .containsExactly(new double[] {0.8823, 0.9150, 0.3829, 0.9593, 0.3904}, within(5e-5));
  }

  @Test
  void fewNormalNumbersAreThoseOfPyTorch() {
    double[] values = new double[5];
    new Generator(0).singlePrecision().normal(values, 0, 1);
    assertThat(values)
        .containsExactly(new double[] {1.5410, -0.2934, -2.1788, 0.5684, -1.0845}, within(5e-5));
  }

  @Test
  void manyNormalNumbersAreThoseOfPyTorch() {
    double[] values = new double[16];
    new Generator(0).singlePrecision().normal(values, 0, 1);
    assertThat(values)
        .containsExactly(
            new double[] {
              -1.1258, -1.1524, -0.2506, -0.4339, 0.8487, 0.6920, -0.3160, -2.1152,
              0.3223, -1.2633, 0.3500, 0.3081, 0.1198, 1.2377, 1.1168, -0.2473
            },
            within(5e-5));
  }

  @Test
  void aPartialBlockOfNormalNumbersRedrawsTheLastSixteen() {
    double[] whole = new double[16];
    double[] longer = new double[19];
    new Generator(0).normal(whole, 0, 1);
    new Generator(0).normal(longer, 0, 1);
    assertThat(Arrays.copyOf(longer, 3)).containsExactly(Arrays.copyOf(whole, 3));
    assertThat(Arrays.copyOfRange(longer, 3, 16)).isNotEqualTo(Arrays.copyOfRange(whole, 3, 16));
    Generator after19 = new Generator(0);
    after19.uniform(new double[19], 0, 1);
    after19.normal(whole, 0, 1);
    assertThat(Arrays.copyOfRange(longer, 3, 19)).containsExactly(whole);
  }

  @Test
  void theNormalNumberLeftOverWaitsForTheNextOne() {
    Generator pairs = new Generator(0);
    double first = pairs.normal();
    double second = pairs.normal();

    Generator g = new Generator(0);
    assertThat(g.normal()).isEqualTo(first);
    g.uniform(new double[3], 0, 1);
    g.bernoulli(new double[3], 0.5);
    g.permutation(3);
    g.normal(new double[16], 0, 1);
    assertThat(g.singlePrecision().normal()).isEqualTo((float) second);

    g.seed(0).normal();
    assertThat(g.seed(0).normal()).isEqualTo(first);
  }

  @Test
  void normalNumbersScaleInOneRounding() {
    double[] standard = new double[3];
    double[] scaled = new double[3];
    new Generator(4).normal(standard, 0, 1);
    new Generator(4).normal(scaled, 0.1, 0.3);
    for (int i = 0; i < 3; i++) {
      assertThat(scaled[i]).isEqualTo(Math.fma(standard[i], 0.3, 0.1));
    }
  }

  @Test
  void seedsCountByTheirLower32Bits() {
    assertThat(new Generator(-1).random64()).isEqualTo(new Generator(0xffffffffL).random64());
    assertThat(new Generator(7 + (1L << 32)).random64()).isEqualTo(new Generator(7).random64());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN})
  void negativeDeviationsAreRefused(double std) {
    assertThatThrownBy(() -> new Generator(0).normal(new double[1], 0, std))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("std must not be negative, got " + std);
  }

  @Test
  void permutationsAreThoseOfPyTorch() {
    assertThat(new Generator(0).permutation(10)).containsExactly(4, 1, 7, 5, 3, 9, 0, 8, 6, 2);
  }

  @Test
  void skippingAPermutationLeavesTheGeneratorWhereDrawingItDoes() {
    for (int n : new int[] {0, 1, 2, 3, 623, 624, 625, 626, 1247, 1248, 1249, 5000}) {
      for (int drawn : new int[] {0, 1, 623, 624}) {
        Generator draws = new Generator(n);
        Generator skips = new Generator(n);
        for (int i = 0; i < drawn; i++) {
          draws.random32();
          skips.random32();
        }
        draws.permutation(n);
        skips.skipPermutation(n);
        assertThat(skips.state()).as("%d after %d", n, drawn).isEqualTo(draws.state());
      }
    }
    assertThatThrownBy(() -> new Generator(0).skipPermutation(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n must not be negative, got -1");
  }

  /** A permutation so long would need gigabytes; its numbers are 64 bits each. */
  @Test
  void skippingALongPermutationSkipsTwoDrawsANumber() {
    Generator skips = new Generator(1);
    skips.skipPermutation(214748364);
    RandomStream draws = new RandomStream(1);
    draws.engine.skip(2L * 214748364);
    assertThat(skips.random64()).isEqualTo(draws.next64());
  }

  /** PyTorch's way from 214,748,364 numbers on, by hand for 3. */
  @Test
  void longPermutationsAreShuffledInsideOut() {
    for (int seed = 0; seed < 20; seed++) {
      Generator bits = new Generator(seed);
      List<Integer> expected = new ArrayList<>(List.of(0));
      bits.random64();
      for (int i = 1; i < 3; i++) {
        int j = (int) Long.remainderUnsigned(bits.random64(), i + 1);
        expected.add(i);
        Collections.swap(expected, i, j);
      }
      assertThat(Shuffle.insideOut(3, new RandomStream(seed)))
          .containsExactly(expected.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 100})
  void singlePrecisionGivesFloats(int n) {
    Generator g = new Generator(0).singlePrecision();
    double[] uniform = new double[n];
    double[] normal = new double[n];
    g.uniform(uniform, -0.1, 0.7);
    g.normal(normal, 0.1, 0.3);
    for (int i = 0; i < n; i++) {
      assertThat(uniform[i]).isEqualTo((float) uniform[i]);
      assertThat(normal[i]).isEqualTo((float) normal[i]);
    }
  }

  @Test
  void singlePrecisionSharesTheStream() {
    Generator g = new Generator(5);
    Generator single = g.singlePrecision();
    Generator reference = new Generator(5);
    for (int i = 0; i < 10; i++) {
      assertThat(single.random32()).isEqualTo(reference.random32());
      assertThat(g.random32()).isEqualTo(reference.random32());
    }
    single.seed(5);
    assertThat(g.random32()).isEqualTo(new Generator(5).random32());
  }

  @Test
  void uniformNumbersComeFromTheLowerBits() {
    Generator bits = new Generator(1);
    assertThat(new Generator(1).uniform()).isEqualTo((bits.random64() & ((1L << 53) - 1)) / 0x1p53);
    bits.seed(1);
    assertThat(new Generator(1).singlePrecision().uniform())
        .isEqualTo((bits.random32() & ((1L << 24) - 1)) / 0x1p24);
  }

  @Test
  void threadsShareOutTheStream() throws Exception {
    int threads = 8;
    int each = 20_000;
    Generator shared = new Generator(9);
    Callable<long[]> task =
        () -> {
          long[] drawn = new long[each];
          for (int i = 0; i < each; i++) {
            drawn[i] = shared.random64();
          }
          return drawn;
        };
    List<Long> drawn = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (Future<long[]> part : pool.invokeAll(Collections.nCopies(threads, task))) {
        for (long value : part.get()) {
          drawn.add(value);
        }
      }
    } finally {
      pool.shutdownNow();
    }
    Generator alone = new Generator(9);
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < threads * each; i++) {
      expected.add(alone.random64());
    }
    drawn.sort(null);
    expected.sort(null);
    assertThat(drawn).isEqualTo(expected);
  }

  /** Some draws of each kind; of the last pair of normal numbers one is left over. */
  private static double[] drawsOfEveryKind(Generator g) {
    double[] draws = new double[80];
    double[] part = new double[20];
    g.uniform(part, -1, 1);
    System.arraycopy(part, 0, draws, 0, 20);
    g.normal(part, 0, 1);
    System.arraycopy(part, 0, draws, 20, 20);
    g.bernoulli(part, 0.5);
    System.arraycopy(part, 0, draws, 40, 20);
    int[] order = g.permutation(15);
    for (int i = 0; i < 15; i++) {
      draws[60 + i] = order[i];
    }
    draws[75] = g.random32();
    draws[76] = g.random64();
    draws[77] = g.uniform();
    draws[78] = g.normal();
    draws[79] = g.random32();
    return draws;
  }
}
