package doppio.internal;

import static doppio.internal.Fma.fma;
import static doppio.internal.Implementations.SCALAR;
import static doppio.internal.Implementations.VECTOR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The optimizers' rules, element by element and to the bit, on parts that lie anywhere. */
@Tag("kernels")
class UpdateKernelsTest {
  private static final double ETA = 0.1;
  private static final double MU = 0.9;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double ROOT = 0.3;
  private static final double EPSILON = 1e-8;
  private static final double ALPHA = 0.99;

  private static final int[] LENGTHS =
      IntStream.concat(
              IntStream.rangeClosed(0, 17),
              IntStream.of(31, 33, 64, 65, 127, 257, 300, 511, 512, 513, 1500))
          .toArray();

  /** Where the value's elements begin, and the gradient's. */
  private static final int[][] PLACES = {{0, 0}, {5, 5}, {0, 3}, {7, 0}, {64, 1}};

  /** Coupled and decoupled weight decay. */
  private static final double[][] DECAYS = {{0, 0}, {0.01, 0}, {0, 0.02}, {0.01, 0.02}};

  private static final int CASES = 29 * 5 * 4 * 3;

  /** An update of some arrays, the value first, of which the elements from a place on change. */
  private interface Rule {
    void update(double[][] state, double[] g, int at, int from, int length, double c, double d);
  }

  /** The same for one element of each array. */
  private interface Formula {
    void update(double[] element, double g, double c, double d);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void sgdIsItsFormulaToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    check(
        1,
        (a, g, at, from, length, c, d) ->
            kernels.sgd(new SgdStep(ETA, c, d), a[0], g, at, from, length),
        UpdateKernelsTest::sgd);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void sgdOfAMultipleIsThatOfTheGradient(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    for (double factor : new double[] {0.7, -3, 0, -0.0, 1e-300, Double.NaN}) {
      check(
          1,
          (a, g, at, from, length, c, d) -> {
            double[] x = Arrays.copyOfRange(g, at, at + length);
            SgdStep step = new SgdStep(ETA, c, d);
            kernels.sgdMultiple(step, a[0], factor, x, from, new double[length]);
          },
          (e, x, c, d) -> sgd(e, fma(factor, x, 0), c, d));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void momentumIsItsFormulaToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    check(
        2,
        (a, g, at, from, length, c, d) ->
            kernels.momentum(
                new MomentumStep(ETA, MU, false, c, d), a[0], a[1], g, at, from, length),
        (e, g, c, d) -> {
          e[1] = fma(MU, e[1], fma(c, e[0], g));
          e[0] = fma(-ETA, e[1], fma(-d, e[0], e[0]));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void nesterovIsItsFormulaToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    check(
        2,
        (a, g, at, from, length, c, d) ->
            kernels.momentum(
                new MomentumStep(ETA, MU, true, c, d), a[0], a[1], g, at, from, length),
        (e, g, c, d) -> {
          double h = fma(c, e[0], g);
          e[1] = fma(MU, e[1], h);
          e[0] = fma(-ETA, fma(MU, e[1], h), fma(-d, e[0], e[0]));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void adamIsItsFormulaToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    check(
        3,
        (a, g, at, from, length, c, d) ->
            kernels.adam(
                new AdamStep(ETA, ROOT, BETA1, BETA2, EPSILON, c, d),
                a[0],
                a[1],
                a[2],
                g,
                at,
                from,
                length),
        (e, g, c, d) -> {
          double h = fma(c, e[0], g);
          e[1] = fma(1 - BETA1, h - e[1], e[1]);
          e[2] = fma(BETA2, e[2], (1 - BETA2) * h * h);
          double u = e[1] / (Math.sqrt(e[2]) / ROOT + EPSILON);
          e[0] = fma(-ETA, u, fma(-d, e[0], e[0]));
        });
  }

  @ParameterizedTest
  @CsvSource({
    SCALAR + ",false,false", SCALAR + ",true,false", SCALAR + ",false,true", SCALAR + ",true,true",
    VECTOR + ",false,false", VECTOR + ",true,false", VECTOR + ",false,true", VECTOR + ",true,true",
  })
  void rmspropIsItsFormulaToTheBit(String implementation, boolean centered, boolean velocity) {
    Kernels kernels = Implementations.of(implementation);
    check(
        4,
        (a, g, at, from, length, c, d) ->
            kernels.rmsprop(
                new RmspropStep(ETA, ALPHA, EPSILON, MU, c, d),
                a[0],
                a[1],
                centered ? a[2] : null,
                velocity ? a[3] : null,
                g,
                at,
                from,
                length),
        (e, g, c, d) -> {
          double h = fma(c, e[0], g);
          e[1] = fma(ALPHA, e[1], (1 - ALPHA) * h * h);
          double variance = e[1];
          if (centered) {
            e[2] = fma(1 - ALPHA, h - e[2], e[2]);
            variance = Math.max(0, fma(-e[2], e[2], e[1]));
          }
          double u = h / (Math.sqrt(variance) + EPSILON);
          if (velocity) {
            e[3] = fma(MU, e[3], u);
            u = e[3];
          }
          e[0] = fma(-ETA, u, fma(-d, e[0], e[0]));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void adagradIsItsFormulaToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    check(
        2,
        (a, g, at, from, length, c, d) ->
            kernels.adagrad(new AdagradStep(ETA, EPSILON, c, d), a[0], a[1], g, at, from, length),
        (e, g, c, d) -> {
          double h = fma(c, e[0], g);
          e[1] = fma(h, h, e[1]);
          e[0] = fma(-ETA, h / (Math.sqrt(e[1]) + EPSILON), fma(-d, e[0], e[0]));
        });
  }

  /** Without decay the weight is not multiplied, by 0 say: that would lose infinities. */
  private static void sgd(double[] e, double g, double c, double d) {
    e[0] = c == 0 && d == 0 ? fma(-ETA, g, e[0]) : fma(-ETA, fma(c, e[0], g), fma(-d, e[0], e[0]));
  }

  private static void check(int arrays, Rule rule, Formula formula) {
    int cases = 0;
    for (int length : LENGTHS) {
      for (int[] place : PLACES) {
        for (double[] decay : DECAYS) {
          for (Values values : Values.values()) {
            check(arrays, rule, formula, length, place, decay, values);
            cases++;
          }
        }
      }
    }
    assertThat(cases).isEqualTo(CASES);
  }

  private static void check(
      int arrays,
      Rule rule,
      Formula formula,
      int length,
      int[] place,
      double[] decay,
      Values values) {
    int from = place[0];
    int at = place[1];
    double[] gradient = values.array(length, length);
    double[] g = Written.guarded(at, gradient, length, 2);
    double[][] expected = new double[arrays][];
    double[][] state = new double[arrays][];
    for (int k = 0; k < arrays; k++) {
      expected[k] = values.array(length, -k - 1);
      state[k] = Written.guarded(from, expected[k], length, 3);
    }
    double[] element = new double[arrays];
    for (int i = 0; i < length; i++) {
      for (int k = 0; k < arrays; k++) {
        element[k] = expected[k][i];
      }
      formula.update(element, gradient[i], decay[0], decay[1]);
      for (int k = 0; k < arrays; k++) {
        expected[k][i] = element[k];
      }
    }
    rule.update(state, g, at, from, length, decay[0], decay[1]);
    String name =
        "%d %s from %d at %d, decay %s".formatted(length, values, from, at, Arrays.toString(decay));
    for (int k = 0; k < arrays; k++) {
      Written.assertWritten(name + ", array " + k, state[k], from, expected[k]);
    }
    Written.assertWritten(name + ", gradient", g, at, gradient);
  }
}
