package doppio.internal.source;

import doppio.Tensor;
import doppio.nn.Parameter;
import doppio.nn.Parts;
import java.util.function.BinaryOperator;

/** A module where it stands in a network: what its {@link Row} reads. */
final class Place {
  private final String layer;
  private final Parts parts;
  private final int[] in;
  private final int[] out;
  private final Numbers numbers;
  private final BinaryOperator<String> calls;

  /**
   * A place.
   *
   * @param layer its name among the constants
   * @param in the shape of its input
   * @param out the shape of its output
   * @param calls makes the call of a child of this name with an argument
   */
  Place(
      String layer,
      Parts parts,
      int[] in,
      int[] out,
      Numbers numbers,
      BinaryOperator<String> calls) {
    this.layer = layer;
    this.parts = parts;
    this.in = in;
    this.out = out;
    this.numbers = numbers;
    this.calls = calls;
  }

  Parts parts() {
    return parts;
  }

  /** A dimension of the input, from its end: the last is −1. */
  int in(int d) {
    return in[in.length + d];
  }

  /** A dimension of the output, from its end: the last is −1. */
  int out(int d) {
    return out[out.length + d];
  }

  int rank() {
    return in.length;
  }

  int outRank() {
    return out.length;
  }

  /** The product of the input's dimensions from this one on. */
  int sizeFrom(int d) {
    return product(in, d, in.length);
  }

  /** The product of the output's dimensions before this one. */
  int outSizeTo(int d) {
    return product(out, 0, d);
  }

  /** The expression for the array of a parameter, {@code null} where there is none. */
  String parameter(String name) {
    Parameter parameter = parts.parameter(name);
    return parameter == null ? "null" : numbers.add(layer, name, parameter.value().data());
  }

  /** The expression for the array of a buffer. */
  String buffer(String name) {
    Tensor buffer = parts.buffer(name);
    return numbers.add(layer, name, buffer.data());
  }

  /** The expression for an array that was computed. */
  String array(String name, double[] values) {
    return numbers.add(layer, name, values);
  }

  /** The expression for a child's output; the argument itself if the child changes no number. */
  String call(String child, String argument) {
    return calls.apply(child, argument);
  }

  private static int product(int[] shape, int from, int to) {
    int product = 1;
    for (int d = from; d < to; d++) {
      product *= shape[d];
    }
    return product;
  }
}
