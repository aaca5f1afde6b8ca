package doppio.model;

import doppio.RandomTensors;
import doppio.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Prints what a model from a file computes for samples of the shape that it is given, to the bit.
 */
final class InferProgram {
  private InferProgram() {}

  public static void main(String[] arguments) throws IOException {
    int[] sample = Arrays.stream(arguments).skip(1).mapToInt(Integer::parseInt).toArray();
    for (double y : ModelFile.load(Path.of(arguments[0])).infer(input(sample)).data()) {
      System.out.println(Double.toHexString(y));
    }
  }

  /** Five samples. */
  static Tensor input(int... sample) {
    int[] shape = IntStream.concat(IntStream.of(5), IntStream.of(sample)).toArray();
    return RandomTensors.normal(9, shape);
  }
}
