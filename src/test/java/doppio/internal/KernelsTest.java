package doppio.internal;

import static doppio.internal.Implementations.SCALAR;
import static doppio.internal.Implementations.VECTOR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.ToIntBiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The products of each implementation against {@link Reference}, to the bit. */
@Tag("kernels")
class KernelsTest {
  private static final int KINDS = 3;
  private static final int RUNS = 2;

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void linearIsTheReferenceToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int cases =
        everywhere(
            (s, values) -> {
              double[] x = values.array(s.n() * s.in(), 1);
              double[] w = values.array(s.out() * s.in(), 2);
              int runs = 0;
              for (double[] bias : new double[][] {null, values.array(s.out(), 3)}) {
                runs +=
                    Written.check(
                        s + " " + values + (bias == null ? ", no bias" : ""),
                        null,
                        Reference.linear(x, w, bias, s),
                        y -> kernels.linear(x, 0, w, 0, bias, 0, y, 0, s.n(), s.in(), s.out()),
                        x,
                        w,
                        bias);
              }
              return runs;
            });
    assertThat(cases).isEqualTo(Sizes.COUNT * KINDS * RUNS * 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void linearInputGradientIsTheReferenceToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int cases =
        everywhere(
            (s, values) -> {
              double[] gy = values.array(s.n() * s.out(), 1);
              double[] w = values.array(s.out() * s.in(), 2);
              return Written.check(
                  s + " " + values,
                  null,
                  Reference.inputGradient(gy, w, s),
                  gx -> kernels.linearInputGradient(gy, 0, w, 0, gx, 0, s.n(), s.in(), s.out()),
                  gy,
                  w);
            });
    assertThat(cases).isEqualTo(Sizes.COUNT * KINDS * RUNS);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void linearWeightGradientIsTheReferenceToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int cases =
        everywhere(
            (s, values) -> {
              double[] gy = values.array(s.n() * s.out(), 1);
              double[] x = values.array(s.n() * s.in(), 2);
              int runs = 0;
              for (double[] before : new double[][] {null, values.array(s.out() * s.in(), 3)}) {
                boolean add = before != null;
                runs +=
                    Written.check(
                        s + " " + values + (add ? ", added" : ""),
                        before,
                        Reference.weightGradient(gy, x, before, s),
                        gw ->
                            kernels.linearWeightGradient(
                                gy, 0, x, 0, gw, 0, s.n(), s.in(), s.out(), add),
                        gy,
                        x);
              }
              return runs;
            });
    assertThat(cases).isEqualTo(Sizes.COUNT * KINDS * RUNS * 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void linearWeightGradientPartsCoverTheReferenceOnce(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int cases =
        everywhere(
            (s, values) -> {
              // Factors may lie in larger arrays.
              double[] gy =
                  Written.guarded(0, values.array(s.n() * s.out(), 1), s.n() * s.out(), 3);
              double[] x = Written.guarded(0, values.array(s.n() * s.in(), 2), s.n() * s.in(), 5);
              Collector parts = new Collector(s.out() * s.in());
              return Written.check(
                  s + " " + values,
                  null,
                  Reference.weightGradient(gy, x, null, s),
                  gw -> {
                    parts.into(gw);
                    kernels.linearWeightGradientParts(gy, 0, x, 0, s.n(), s.in(), s.out(), parts);
                    parts.assertEachOnce(s);
                  },
                  gy,
                  x);
            });
    assertThat(cases).isEqualTo(Sizes.COUNT * KINDS * RUNS);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void linearWeightGradientRowsCoverTheReferenceOnce(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int cases =
        everywhere(
            (s, values) -> {
              double[] gy = values.array(s.out(), 1);
              double[] x = values.array(s.in(), 2);
              Collector parts = new Collector(s.out() * s.in());
              return Written.check(
                  s + " " + values,
                  null,
                  Reference.weightGradient(gy, x, null, new Sizes(1, s.in(), s.out())),
                  gw -> {
                    parts.into(gw);
                    kernels.linearWeightGradientRows(
                        gy,
                        0,
                        x,
                        s.out(),
                        (factor, multiplied, from, array) -> {
                          Kernels.multiply(factor, multiplied, array);
                          parts.accept(array, 0, from, multiplied.length);
                        });
                    parts.assertEachOnce(s);
                  },
                  gy,
                  x);
            });
    assertThat(cases).isEqualTo(Sizes.COUNT * KINDS * RUNS);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void squaresAreTheReferenceToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    for (int size : new int[] {0, 1, 2, 7, 8, 9, 17, 513, 100_003}) {
      for (Values values : Values.values()) {
        double[] a = values.array(size, 1);
        assertThat(kernels.squares(Written.guarded(5, a, size, 3), 5, size))
            .as("%d %s", size, values)
            .isEqualTo(Double.valueOf(Reference.linear(a, a, null, new Sizes(1, size, 1))[0]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void columnSumsAreTheReferenceToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int cases =
        everywhere(
            (s, values) -> {
              double[] a = values.array(s.n() * s.out(), 1);
              int runs = 0;
              for (double[] before : new double[][] {null, values.array(s.out(), 2)}) {
                boolean add = before != null;
                runs +=
                    Written.check(
                        s + " " + values + (add ? ", added" : ""),
                        before,
                        Reference.columnSums(a, before, s.n(), s.out()),
                        sums -> kernels.columnSums(a, 0, sums, 0, s.n(), s.out(), add),
                        a);
              }
              return runs;
            });
    assertThat(cases).isEqualTo(Sizes.COUNT * KINDS * RUNS * 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void partsCoverAGradientOnce(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int cases = 0;
    for (int size : new int[] {0, 1, 2, 7, 513, 100_003}) {
      double[] gradient = Values.ORDINARY.array(size, 1);
      Collector parts = new Collector(size);
      cases +=
          Written.check(
              size,
              null,
              gradient.clone(),
              copy -> {
                parts.into(copy);
                kernels.parts(gradient, 0, size, parts);
                parts.assertEachOnce(size);
              },
              gradient);
    }
    assertThat(cases).isEqualTo(12);
  }

  private static int everywhere(ToIntBiFunction<Sizes, Values> run) {
    int cases = 0;
    for (Sizes sizes : Sizes.all()) {
      for (Values values : Values.values()) {
        cases += run.applyAsInt(sizes, values);
      }
    }
    return cases;
  }

  /** Puts the parts of a gradient together. */
  private static final class Collector implements Kernels.Part {
    private final int[] times;
    private double[] whole;

    Collector(int size) {
      times = new int[size];
    }

    void into(double[] whole) {
      this.whole = whole;
      Arrays.fill(times, 0);
    }

    @Override
    public synchronized void accept(double[] gradient, int at, int from, int length) {
      System.arraycopy(gradient, at, whole, from, length);
      for (int i = from; i < from + length; i++) {
        times[i]++;
      }
    }

    synchronized void assertEachOnce(Object name) {
      assertThat(Arrays.stream(times).allMatch(t -> t == 1))
          .as("%s: each element came once", name)
          .isTrue();
    }
  }
}
