package doppio.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.parity.Tally.Bound;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same seed draws the same numbers. */
class SeedParity {
  private PointerScope scope;

  /** The two kinds of tensor that numbers are drawn for. */
  enum Precision {
    SINGLE(ScalarType.Float),
    DOUBLE(ScalarType.Double);

    private final ScalarType type;

    Precision(ScalarType type) {
      this.type = type;
    }

    ScalarType type() {
      return type;
    }

    Generator generator(long seed) {
      Generator g = new Generator(seed);
      return this == SINGLE ? g.singlePrecision() : g;
    }

    TorchGenerator torch(long seed) {
      return new TorchGenerator(seed, type);
    }

    Bound normalBound() {
      return this == SINGLE ? Bound.SINGLE_NORMAL_NUMBERS : Bound.NORMAL_NUMBERS;
    }
  }

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        66,
        -1,
        -66,
        0xffffffffL,
        1L << 32,
        67280421310721L,
        Long.MIN_VALUE,
        Long.MAX_VALUE
      })
  void bits(long seed) {
    Generator g = new Generator(seed);
    TorchGenerator t = Precision.DOUBLE.torch(seed);
    double[] ours = new double[2000];
    double[] theirs = new double[2000];
    for (int i = 0; i < 2000; i++) {
      ours[i] = g.random32();
      theirs[i] = t.random32();
      assertThat(g.random64()).isEqualTo(t.random64());
    }
    Tally.compare("32 bits of seed " + seed, ours, theirs, Bound.BITS);
  }

  @ParameterizedTest
  @EnumSource
  void uniformNumbers(Precision precision) {
    for (int fan : new int[] {1, 2, 3, 5, 7, 16, 30, 64, 100, 128, 512, 784, 1000, 1024}) {
      double bound = 1 / Math.sqrt(fan);
      uniform(precision, fan, -bound, bound);
      uniform(precision, fan, 0, 1);
      uniform(precision, fan, bound, 3);
      uniform(precision, fan, -1e6, bound / 7);
    }
  }

  private static void uniform(Precision precision, int seed, double low, double high) {
    double[] values = new double[2003];
    Generator g = precision.generator(seed);
    g.uniform(values, low, high);
    TorchGenerator t = precision.torch(seed);
    String what = "uniform " + precision + " from " + low + " to " + high;
    Tally.compare(what, values, t.uniform(values.length, low, high), Bound.BITS);
    t.compareNext(what, g);
  }

  @ParameterizedTest
  @EnumSource
  void normalNumbers(Precision precision) {
    for (int n : new int[] {0, 1, 2, 3, 14, 15, 16, 17, 31, 32, 33, 100, 20003}) {
      for (double std : new double[] {1, 0.05}) {
        double[] values = new double[n];
        Generator g = precision.generator(n);
        g.normal(values, 0, std);
        TorchGenerator t = precision.torch(n);
        String what = "normal " + precision + " " + n;
        double[] theirs = t.normal(n, 0, std);
        // Below 16, floats are rounded from doubles, here and there.
        boolean same = precision == Precision.SINGLE && n < 16;
        Tally.compare(what, values, theirs, same ? Bound.BITS : precision.normalBound());
        t.compareNext(what, g);
      }
    }
  }

  /** The number that is left over is used next, kept by all but normal numbers, and forgotten. */
  @ParameterizedTest
  @EnumSource
  void theNormalNumberThatIsLeftOver(Precision precision) {
    Generator order = new Generator(9);
    Generator g = precision.generator(9);
    TorchGenerator t = precision.torch(9);
    for (int i = 0; i < 300; i++) {
      int n = 1 + (int) (order.random32() % 20);
      double[] values = new double[n];
      switch ((int) (order.random32() % 6)) {
        case 0, 1, 2 -> {
          g.normal(values, 1, 0.5);
          Tally.compare("left over", values, t.normal(n, 1, 0.5), precision.normalBound());
        }
        case 3 -> {
          g.uniform(values, 0, 1);
          Tally.compare("uniform between", values, t.uniform(n, 0, 1), Bound.BITS);
        }
        case 4 -> t.compareNext("in between", g);
        default -> {
          if (n > 15) {
            g.seed(i);
            torch.manual_seed(i);
          }
        }
      }
    }
  }

  @Test
  void floatsAndDoublesShareTheNormalNumberLeftOver() {
    Generator g = new Generator(3);
    TorchGenerator t = Precision.DOUBLE.torch(3);
    for (int i = 0; i < 20; i++) {
      boolean single = i % 3 == 1;
      double[] values = new double[1 + i % 2];
      (single ? g.singlePrecision() : g).normal(values, 0, 1);
      TorchGenerator other = t.with(single ? ScalarType.Float : ScalarType.Double);
      Tally.compare("mixed", values, other.normal(values.length, 0, 1), Bound.NORMAL_NUMBERS);
    }
  }

  @Test
  void permutations() {
    for (int n : new int[] {0, 1, 2, 3, 10, 900, 1797, 60000, 65535, 65536, 65537, 1000000}) {
      Generator g = new Generator(n);
      TorchGenerator t = Precision.DOUBLE.torch(n);
      double[] order = Arrays.stream(g.permutation(n)).asDoubleStream().toArray();
      Tally.compare("permutation of " + n, order, t.permutation(n), Bound.BITS);
      t.compareNext("of " + n, g);
    }
  }

  @ParameterizedTest
  @EnumSource
  void masks(Precision precision) {
    assumeFalse(torch.hasMKL(), "MKL draws masks of its own");
    for (double p : new double[] {0, 0.1, 0.3, 0.5, 0.8, 1}) {
      double[] mask = new double[3001];
      precision.generator(4).bernoulli(mask, p);
      double[] expected = precision.torch(4).bernoulli(mask.length, p);
      Tally.compare("mask of " + p, mask, expected, Bound.BITS);
    }
  }

  /** Python's loader: base seed, permutation, and one more when the samples have run out. */
  @Test
  void shuffledLoaders() {
    for (int n : new int[] {1, 7, 64, 900}) {
      for (int batchSize : new int[] {1, 3, 64}) {
        double[] rows = IntStream.range(0, n).asDoubleStream().toArray();
        Dataset dataset = new Dataset(Tensor.wrap(rows, n, 1), Tensor.zeros(n));
        Generator g = new Generator(n);
        TorchGenerator t = Precision.DOUBLE.torch(n);
        DataLoader loader = new DataLoader(dataset, batchSize).shuffle(g);
        for (int epoch = 0; epoch < 3; epoch++) {
          double[] visited = new double[n];
          int at = 0;
          for (Batch batch : loader) {
            System.arraycopy(batch.inputs().data(), 0, visited, at, batch.size());
            at += batch.size();
          }
          t.drawBaseSeed();
          Tally.compare("order of " + n, visited, t.permutation(n), Bound.BITS);
          t.permutation(n);
        }
        t.compareNext("of " + n, g);
      }
    }
  }
}
