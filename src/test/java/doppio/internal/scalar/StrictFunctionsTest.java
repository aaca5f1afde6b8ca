package doppio.internal.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.ChildJvm;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Without fused multiply-add e^x, tanh and the logistic function are those of StrictMath. */
class StrictFunctionsTest {
  private static final double LN2 = 0.6931471805599453;
  private static final int NEIGHBOURS = 4;
  private static final int RANDOM = 100_000;

  @Test
  void theExponentialHasTheBitsOfStrictMath() {
    double[] x = arguments();
    double[] y = new double[x.length];
    new StrictExp().apply(x, 0, y, 0, x.length);
    assertSame(x, y, StrictMath::exp);
  }

  @Test
  void theHyperbolicTangentHasTheBitsOfStrictMath() {
    double[] x = arguments();
    double[] y = new double[x.length];
    new StrictTanh(new StrictExp()).apply(x, 0, y, 0, x.length);
    assertSame(x, y, StrictMath::tanh);
  }

  @Test
  void theKernelsTakeThemWhereThereIsNoFusedMultiplyAdd() {
    ChildJvm.Result result = ChildJvm.run(StrictFunctionsTest.class, List.of("-Ddoppio.fma=false"));
    assertThat(result.output()).as("%s", result).containsExactly("same bits");
  }

  /** Says whether the kernels of this JVM have the bits of StrictMath. */
  public static void main(String[] arguments) {
    double[] x = arguments();
    double[] y = new double[x.length];
    ScalarKernels kernels = new ScalarKernels();
    kernels.exp(x, 0, y, 0, x.length);
    assertSame(x, y, StrictMath::exp);
    kernels.tanh(x, 0, y, 0, x.length);
    assertSame(x, y, StrictMath::tanh);
    kernels.sigmoid(x, 0, y, 0, x.length);
    assertSame(x, y, StrictFunctionsTest::sigmoid);
    System.out.println("same bits");
  }

  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }

  private static void assertSame(double[] x, double[] y, DoubleUnaryOperator expected) {
    for (int i = 0; i < x.length; i++) {
      long bits = Double.doubleToLongBits(expected.applyAsDouble(x[i]));
      if (Double.doubleToLongBits(y[i]) != bits) {
        assertThat(y[i])
            .as("of %s", Double.toHexString(x[i]))
            .isEqualTo(expected.applyAsDouble(x[i]));
      }
    }
  }

  /**
   * Of both signs and all sizes, not a number among them: where powers of two meet, at the bounds
   * of each branch of fdlibm with its neighbours, and where 1 + x is halfway between two doubles.
   */
  private static double[] arguments() {
    SplittableRandom random = new SplittableRandom(8);
    DoubleStream bounds =
        Stream.of(
                DoubleStream.of(0x1p-55, 0x1p-54, 0x1p-28, 1, 19, 20, 22, 0x1p-1022, 0x1p-1074),
                DoubleStream.of(708.3964185322641, 709.782712893384, 745.1332191019411, 746),
                DoubleStream.of(0x1.62e43p-2, 0x1.62e43p-3, 0x1.0a2b2p0, 0x1.0a2b2p-1),
                IntStream.range(0, 2200).mapToDouble(k -> k * LN2 / 4))
            .flatMapToDouble(v -> v)
            .flatMap(StrictFunctionsTest::neighbours);
    DoubleStream inBetween =
        random
            .longs(RANDOM, 0x3fc62e42fefa39efL, 0x3fc62e4300000010L)
            .mapToDouble(bits -> Double.longBitsToDouble(bits + (random.nextLong(2) << 52)));
    return Stream.of(
            DoubleStream.of(0, Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE),
            bounds,
            inBetween,
            random.longs(RANDOM, 0, 1L << 27).mapToDouble(k -> k * 0x1p-54),
            random.longs(RANDOM).mapToDouble(Double::longBitsToDouble),
            random.doubles(RANDOM, 0, 750),
            random.doubles(RANDOM, 0, 23),
            random.doubles(RANDOM, 0, 1))
        .flatMapToDouble(v -> v)
        .flatMap(v -> DoubleStream.of(v, -v))
        .toArray();
  }

  private static DoubleStream neighbours(double v) {
    long bits = Double.doubleToRawLongBits(v);
    return IntStream.rangeClosed(-NEIGHBOURS, NEIGHBOURS)
        .mapToDouble(k -> Double.longBitsToDouble(Math.max(0, bits + k)));
  }
}
