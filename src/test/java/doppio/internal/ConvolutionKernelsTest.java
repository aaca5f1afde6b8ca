package doppio.internal;

import static doppio.internal.Implementations.SCALAR;
import static doppio.internal.Implementations.VECTOR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntBiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The products of a convolution, to the bit, beside those of a linear layer over its patches. */
@Tag("kernels")
class ConvolutionKernelsTest {
  private static final List<ConvolutionCase> CASES = ConvolutionCase.all();
  private static final int KINDS = Values.values().length;

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void outputsAreThoseOfALinearLayerOverPatches(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int runs =
        everywhere(
            (s, values) -> {
              Convolution c = s.sizes();
              double[] x = s.images(values, 1);
              double[] w = s.weights(values, 2);
              int checked = 0;
              for (double[] bias : new double[][] {null, values.array(c.out(), 3)}) {
                double[] y = new double[s.n() * c.out() * c.positions()];
                for (int g = 0; g < c.groups(); g++) {
                  Sizes sizes = new Sizes(s.n() * c.positions(), c.depth(), c.groupOut());
                  double[] rows =
                      Reference.linear(
                          Unfolded.patches(c, x, s.n(), g),
                          part(w, g, c.groups()),
                          bias == null ? null : part(bias, g, c.groups()),
                          sizes);
                  Unfolded.planes(c, rows, s.n(), g, y);
                }
                checked +=
                    Written.check(
                        s + " " + values,
                        null,
                        y,
                        to -> kernels.convolutions().forward(c, x, 0, w, 0, bias, 0, to, 0, s.n()),
                        x,
                        w,
                        bias);
              }
              return checked;
            });
    assertThat(runs).isEqualTo(CASES.size() * KINDS * 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void weightGradientsAreThoseOfALinearLayerOverPatches(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int runs =
        everywhere(
            (s, values) -> {
              Convolution c = s.sizes();
              double[] x = s.images(values, 1);
              double[] gy = s.outputs(values, 2);
              int checked = 0;
              for (double[] before : new double[][] {null, s.weights(values, 3)}) {
                double[] gw = new double[c.out() * c.depth()];
                for (int g = 0; g < c.groups(); g++) {
                  double[] part =
                      Reference.weightGradient(
                          Unfolded.rows(c, gy, s.n(), g),
                          Unfolded.patches(c, x, s.n(), g),
                          before == null ? null : part(before, g, c.groups()),
                          new Sizes(s.n() * c.positions(), c.depth(), c.groupOut()));
                  System.arraycopy(part, 0, gw, g * part.length, part.length);
                }
                boolean add = before != null;
                checked +=
                    Written.check(
                        s + " " + values + (add ? ", added" : ""),
                        before,
                        gw,
                        to ->
                            kernels
                                .convolutions()
                                .weightGradient(c, gy, 0, x, 0, to, 0, s.n(), add),
                        gy,
                        x);
              }
              return checked;
            });
    assertThat(runs).isEqualTo(CASES.size() * KINDS * 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void inputGradientsAreAddedUpInTheStatedOrder(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int runs =
        everywhere(
            (s, values) -> {
              Convolution c = s.sizes();
              double[] gy = s.outputs(values, 1);
              double[] w = s.weights(values, 2);
              return Written.check(
                  s + " " + values,
                  null,
                  Unfolded.inputGradient(c, gy, w, s.n()),
                  to -> kernels.convolutions().inputGradient(c, gy, 0, w, 0, to, 0, s.n()),
                  gy,
                  w);
            });
    assertThat(runs).isEqualTo(CASES.size() * KINDS * 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void biasGradientsAreSumsOfColumns(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int runs =
        everywhere(
            (s, values) -> {
              Convolution c = s.sizes();
              double[] gy = s.outputs(values, 1);
              int checked = 0;
              for (double[] before : new double[][] {null, values.array(c.out(), 2)}) {
                double[] gb = new double[c.out()];
                for (int g = 0; g < c.groups(); g++) {
                  double[] part =
                      Reference.columnSums(
                          Unfolded.rows(c, gy, s.n(), g),
                          before == null ? null : part(before, g, c.groups()),
                          s.n() * c.positions(),
                          c.groupOut());
                  System.arraycopy(part, 0, gb, g * part.length, part.length);
                }
                boolean add = before != null;
                checked +=
                    Written.check(
                        s + " " + values + (add ? ", added" : ""),
                        before,
                        gb,
                        to -> kernels.convolutions().biasGradient(c, gy, 0, to, 0, s.n(), add),
                        gy);
              }
              return checked;
            });
    assertThat(runs).isEqualTo(CASES.size() * KINDS * 4);
  }

  private static int everywhere(ToIntBiFunction<ConvolutionCase, Values> run) {
    return CASES.stream()
        .mapToInt(s -> Arrays.stream(Values.values()).mapToInt(v -> run.applyAsInt(s, v)).sum())
        .sum();
  }

  private static double[] part(double[] a, int group, int groups) {
    int size = a.length / groups;
    return Arrays.copyOfRange(a, group * size, (group + 1) * size);
  }
}
