package doppio.internal;

import static doppio.internal.Implementations.SCALAR;
import static doppio.internal.Implementations.VECTOR;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kernels on parts of arrays that begin anywhere: the bits that they give from the beginning of an
 * array, and nothing written beside the part.
 */
@Tag("kernels")
class OffsetsTest {
  /** Where the parts begin; the same for all, where loops have one index, and others. */
  private static final int[][] OFFSETS = {{0, 0, 0, 0}, {5, 5, 5, 5}, {3, 0, 7, 1}, {8, 11, 2, 13}};

  /** None, one, odd, prime, around a chunk of 512, enough for several threads. */
  private static final int[] LENGTHS = {0, 1, 2, 7, 8, 9, 31, 65, 511, 512, 513, 1031, 300_001};

  private static final List<Sizes> SIZES =
      List.of(
          new Sizes(0, 3, 4),
          new Sizes(1, 1, 1),
          new Sizes(1, 13, 31),
          new Sizes(1, 257, 300),
          new Sizes(2, 5, 16),
          new Sizes(3, 7, 3),
          new Sizes(7, 31, 17),
          new Sizes(17, 2, 9),
          new Sizes(20, 512, 9),
          new Sizes(31, 33, 29),
          new Sizes(33, 300, 65),
          new Sizes(70, 23, 101),
          new Sizes(257, 65, 33),
          new Sizes(300, 8, 8));

  /** A kernel over some inputs, of which the array after them is the output. */
  private interface Kernel {
    void run(double[][] arrays, int[] offsets);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void functionsOfPartsThatBeginAnywhereHaveTheSameBits(String implementation) {
    Kernels k = Implementations.of(implementation);
    for (int n : LENGTHS) {
      double[] x = Values.ORDINARY.array(n, 1);
      check("relu", n, (a, o) -> k.relu(a[0], o[0], a[1], o[1], n), x);
      check("leakyRelu", n, (a, o) -> k.leakyRelu(a[0], o[0], a[1], o[1], n, 0.1), x);
      check("tanh", n, (a, o) -> k.tanh(a[0], o[0], a[1], o[1], n), x);
      check("sigmoid", n, (a, o) -> k.sigmoid(a[0], o[0], a[1], o[1], n), x);
      check("exp", n, (a, o) -> k.exp(a[0], o[0], a[1], o[1], n), x);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void gradientsOfPartsThatBeginAnywhereHaveTheSameBits(String implementation) {
    Kernels k = Implementations.of(implementation);
    for (int n : LENGTHS) {
      double[] y = Values.ORDINARY.array(n, 1);
      double[] gy = Values.ORDINARY.array(n, 2);
      check(
          "reluGradient",
          n,
          (a, o) -> k.reluGradient(a[0], o[0], a[1], o[1], a[2], o[2], n),
          y,
          gy);
      check(
          "leakyReluGradient",
          n,
          (a, o) -> k.leakyReluGradient(a[0], o[0], a[1], o[1], a[2], o[2], n, 0.1),
          y,
          gy);
      check(
          "tanhGradient",
          n,
          (a, o) -> k.tanhGradient(a[0], o[0], a[1], o[1], a[2], o[2], n),
          y,
          gy);
      check(
          "sigmoidGradient",
          n,
          (a, o) -> k.sigmoidGradient(a[0], o[0], a[1], o[1], a[2], o[2], n),
          y,
          gy);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void softmaxOfPartsThatBeginAnywhereHasTheSameBits(String implementation) {
    Kernels k = Implementations.of(implementation);
    for (int size : new int[] {1, 2, 7, 10, 31, 513}) {
      for (int rows : new int[] {0, 1, 3, 17, 1031}) {
        int n = rows * size;
        double[] x = Values.ORDINARY.array(n, 1);
        double[] gy = Values.ORDINARY.array(n, 2);
        check("softmax", n, (a, o) -> k.softmax(a[0], o[0], a[1], o[1], rows, size), x);
        check(
            "softmaxGradient",
            n,
            (a, o) -> k.softmaxGradient(a[0], o[0], a[1], o[1], a[2], o[2], rows, size),
            x,
            gy);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void productsOfPartsThatBeginAnywhereHaveTheSameBits(String implementation) {
    Kernels k = Implementations.of(implementation);
    for (Sizes s : SIZES) {
      int n = s.n();
      int in = s.in();
      int out = s.out();
      double[] x = Values.ORDINARY.array(n * in, 1);
      double[] w = Values.ORDINARY.array(out * in, 2);
      double[] b = Values.ORDINARY.array(out, 3);
      double[] gy = Values.ORDINARY.array(n * out, 4);
      check(
          "linear of " + s,
          n * out,
          (a, o) -> k.linear(a[0], o[0], a[1], o[1], a[2], o[2], a[3], o[3], n, in, out),
          x,
          w,
          b);
      check(
          "linearInputGradient of " + s,
          n * in,
          (a, o) -> k.linearInputGradient(a[0], o[0], a[1], o[1], a[2], o[2], n, in, out),
          gy,
          w);
      for (boolean add : new boolean[] {false, true}) {
        check(
            "linearWeightGradient of " + s + ", added: " + add,
            out * in,
            (a, o) -> k.linearWeightGradient(a[0], o[0], a[1], o[1], a[2], o[2], n, in, out, add),
            gy,
            x);
        check(
            "columnSums of " + s + ", added: " + add,
            out,
            (a, o) -> k.columnSums(a[0], o[0], a[1], o[1], n, out, add),
            gy);
      }
      check(
          "linearWeightGradientParts of " + s,
          out * in,
          (a, o) ->
              k.linearWeightGradientParts(
                  a[0],
                  o[0],
                  a[1],
                  o[1],
                  n,
                  in,
                  out,
                  (part, at, from, length) ->
                      System.arraycopy(part, at, a[2], o[2] + from, length)),
          gy,
          x);
      if (n == 1) {
        check(
            "linearWeightGradientRows of " + s,
            out * in,
            (a, o) ->
                k.linearWeightGradientRows(
                    a[0],
                    o[0],
                    Arrays.copyOfRange(a[1], o[1], o[1] + in),
                    out,
                    (factor, row, from, array) -> {
                      Kernels.multiply(factor, row, array);
                      System.arraycopy(array, 0, a[2], o[2] + from, in);
                    }),
            gy,
            x);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void convolutionsOfPartsThatBeginAnywhereHaveTheSameBits(String implementation) {
    ConvolutionKernels k = Implementations.of(implementation).convolutions();
    List<ConvolutionCase> all = ConvolutionCase.all();
    for (int i = 0; i < all.size(); i += i < 400 ? 13 : 1) {
      ConvolutionCase s = all.get(i);
      Convolution c = s.sizes();
      int n = s.n();
      double[] x = s.images(Values.ORDINARY, 1);
      double[] w = s.weights(Values.ORDINARY, 2);
      double[] b = Values.ORDINARY.array(c.out(), 3);
      double[] gy = s.outputs(Values.ORDINARY, 4);
      check(
          "forward of " + s,
          gy.length,
          (a, o) -> k.forward(c, a[0], o[0], a[1], o[1], a[2], o[2], a[3], o[3], n),
          x,
          w,
          b);
      check(
          "inputGradient of " + s,
          x.length,
          (a, o) -> k.inputGradient(c, a[0], o[0], a[1], o[1], a[2], o[2], n),
          gy,
          w);
      for (boolean add : new boolean[] {false, true}) {
        check(
            "weightGradient of " + s + ", added: " + add,
            w.length,
            (a, o) -> k.weightGradient(c, a[0], o[0], a[1], o[1], a[2], o[2], n, add),
            gy,
            x);
        check(
            "biasGradient of " + s + ", added: " + add,
            b.length,
            (a, o) -> k.biasGradient(c, a[0], o[0], a[1], o[1], n, add),
            gy);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void aGradientThatBeginsAnywhereHasTheSamePartsAndSquares(String implementation) {
    Kernels k = Implementations.of(implementation);
    for (int n : LENGTHS) {
      double[] gradient = Values.ORDINARY.array(n, 1);
      check(
          "parts",
          n,
          (a, o) ->
              k.parts(
                  a[0],
                  o[0],
                  n,
                  (part, at, from, length) ->
                      System.arraycopy(part, at, a[1], o[1] + from, length)),
          gradient);
      check("squares", 1, (a, o) -> a[1][o[1]] = k.squares(a[0], o[0], n), gradient);
    }
  }

  /** The same from everywhere; the numbers before are those of the output where some are added. */
  private static void check(String name, int length, Kernel kernel, double[]... inputs) {
    double[] before = Values.ORDINARY.array(length, 9);
    double[] expected = before.clone();
    double[][] all = Arrays.copyOf(inputs, inputs.length + 1);
    all[inputs.length] = expected;
    kernel.run(all, OFFSETS[0]);
    for (int[] offsets : OFFSETS) {
      double[][] shifted = new double[inputs.length + 1][];
      for (int i = 0; i < inputs.length; i++) {
        shifted[i] = Written.guarded(offsets[i], inputs[i], inputs[i].length, 3);
      }
      double[] output = Written.guarded(offsets[inputs.length], before, length, 9);
      shifted[inputs.length] = output;
      double[][] read = Arrays.copyOf(shifted, inputs.length);
      double[][] copies = Written.copies(read);
      kernel.run(shifted, offsets);
      String where = name + " of " + length + " at " + Arrays.toString(offsets);
      Written.assertWritten(where, output, offsets[inputs.length], expected);
      Written.assertUnchanged(where, read, copies);
    }
  }
}
