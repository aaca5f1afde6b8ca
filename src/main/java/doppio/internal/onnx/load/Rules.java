package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import java.util.Arrays;

/** What shapes the library's layers give: they compute, and are asked by nobody beforehand. */
final class Rules {
  private Rules() {}

  @FunctionalInterface
  interface Rule {
    int[] shape(int[] in);
  }

  private static final class Of extends Function {
    private final Rule rule;

    Of(Rule rule) {
      this.rule = rule;
    }

    @Override
    int[] shape(Argument[] in) {
      return rule.shape(in[0].shape());
    }

    @Override
    void compute(Tensor[] in, Tensor y) {
      throw new IllegalStateException("a layer computes itself");
    }
  }

  /** The shape of the input. */
  static Function same() {
    return new Of(shape -> shape);
  }

  /** Other features in the place of the last dimension. */
  static Function linear(int in, int out) {
    return new Of(
        shape -> {
          if (shape.length == 0 || shape[shape.length - 1] != in) {
            throw new ShapeException(
                "expected an input [.., " + in + "] but got " + Shapes.text(shape));
          }
          long[] result = Arrays.stream(shape).asLongStream().toArray();
          result[shape.length - 1] = out;
          return Function.checked(result);
        });
  }

  /** The windows of a convolution. */
  static Function windows(Geometry geometry, int in, int out) {
    return new Of(
        shape -> {
          geometry.checkRank(shape);
          if (shape[1] != in) {
            throw new ShapeException(
                "expected an input of " + in + " channels but got " + Shapes.text(shape));
          }
          return geometry.shape(shape, out);
        });
  }

  /** The windows of a pool. */
  static Function windows(Geometry geometry) {
    return new Pooling(geometry, false, false);
  }

  /** The batch, and all else in one dimension. */
  static Function flatten() {
    return new Of(shape -> Reshaping.flattened(shape, 1));
  }

  /** The batch and the channels. */
  static Function global() {
    return new Of(shape -> Arrays.copyOf(shape, 2));
  }

  /** The batch and the features of sequences. */
  static Function withoutSteps() {
    return new Of(
        shape -> {
          if (shape.length != 3) {
            throw new ShapeException("expected an input [n, t, f] but got " + Shapes.text(shape));
          }
          return new int[] {shape[0], shape[2]};
        });
  }

  /** The input's shape, which must have channels. */
  static Function channels(int channels) {
    return new Of(
        shape -> {
          if (shape.length < 2 || shape[1] != channels) {
            throw new ShapeException(
                "expected an input [n, " + channels + ", ..] but got " + Shapes.text(shape));
          }
          return shape;
        });
  }
}
