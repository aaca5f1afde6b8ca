package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToIntBiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The products of a convolution, to the bit, beside those of a linear layer over its patches. */
@Tag("kernels")
class ConvolutionKernelsTest {
  private static final List<ConvolutionCase> CASES = ConvolutionCase.all();
  private static final int KINDS = Values.values().length;

  /** What is expected takes longest, so that each is compared with it before the next is made. */
  private static final List<Kernels> ALL = Implementations.present();

  @Test
  void outputsAreThoseOfALinearLayerOverPatches() {
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
                    check(
                        s + " " + values,
                        null,
                        y,
                        (kernels, to) -> kernels.forward(c, x, 0, w, 0, bias, 0, to, 0, s.n()),
                        x,
                        w,
                        bias);
              }
              return checked;
            });
    assertThat(runs).isEqualTo(CASES.size() * KINDS * 4 * ALL.size());
  }

  @Test
  void weightGradientsAreThoseOfALinearLayerOverPatches() {
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
                    check(
                        s + " " + values + (add ? ", added" : ""),
                        before,
                        gw,
                        (kernels, to) -> kernels.weightGradient(c, gy, 0, x, 0, to, 0, s.n(), add),
                        gy,
                        x);
              }
              return checked;
            });
    assertThat(runs).isEqualTo(CASES.size() * KINDS * 4 * ALL.size());
  }

  @Test
  void inputGradientsAreAddedUpInTheStatedOrder() {
    int runs =
        everywhere(
            (s, values) -> {
              Convolution c = s.sizes();
              double[] gy = s.outputs(values, 1);
              double[] w = s.weights(values, 2);
              return check(
                  s + " " + values,
                  null,
                  Unfolded.inputGradient(c, gy, w, s.n()),
                  (kernels, to) -> kernels.inputGradient(c, gy, 0, w, 0, to, 0, s.n()),
                  gy,
                  w);
            });
    assertThat(runs).isEqualTo(CASES.size() * KINDS * 2 * ALL.size());
  }

  @Test
  void biasGradientsAreSumsOfColumns() {
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
                    check(
                        s + " " + values + (add ? ", added" : ""),
                        before,
                        gb,
                        (kernels, to) -> kernels.biasGradient(c, gy, 0, to, 0, s.n(), add),
                        gy);
              }
              return checked;
            });
    assertThat(runs).isEqualTo(CASES.size() * KINDS * 4 * ALL.size());
  }

  private static int everywhere(ToIntBiFunction<ConvolutionCase, Values> run) {
    return CASES.stream()
        .mapToInt(s -> Arrays.stream(Values.values()).mapToInt(v -> run.applyAsInt(s, v)).sum())
        .sum();
  }

  private static int check(
      String name,
      double[] before,
      double[] expected,
      BiConsumer<ConvolutionKernels, double[]> kernel,
      double[]... inputs) {
    int runs = 0;
    for (Kernels kernels : ALL) {
      runs +=
          Written.check(
              name + ", " + kernels.getClass().getSimpleName(),
              before,
              expected,
              to -> kernel.accept(kernels.convolutions(), to),
              inputs);
    }
    return runs;
  }

  private static double[] part(double[] a, int group, int groups) {
    int size = a.length / groups;
    return Arrays.copyOfRange(a, group * size, (group + 1) * size);
  }
}
