package doppio.model;

import doppio.RandomTensors;
import doppio.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/** Prints what a model from a file computes, to the bit. */
final class InferProgram {
  private InferProgram() {}

  public static void main(String[] arguments) throws IOException {
    for (double y : ModelFile.load(Path.of(arguments[0])).infer(input()).data()) {
      System.out.println(Double.toHexString(y));
    }
  }

  static Tensor input() {
    return RandomTensors.normal(9, 5, 3);
  }
}
