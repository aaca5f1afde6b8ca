package doppio.internal.onnx.save;

import doppio.Tensor;
import doppio.internal.onnx.ElementType;
import doppio.internal.onnx.OnnxWriter;
import doppio.nn.Module;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/** A module as a graph that is ready to be written. */
public final class OnnxExport {
  private static final String INPUT = "input";
  private static final String OUTPUT = "output";

  private final OnnxWriter writer;
  private final int[] inShape;
  private final int[] outShape;

  /**
   * Makes the graph.
   *
   * @throws IllegalArgumentException if a module in it cannot be written, or does not take the
   *     shape
   */
  public OnnxExport(Module module, boolean isDouble, int... shapeOfOneSample) {
    inShape = new int[shapeOfOneSample.length + 1];
    inShape[0] = 1;
    System.arraycopy(shapeOfOneSample, 0, inShape, 1, shapeOfOneSample.length);
    for (int n : shapeOfOneSample) {
      if (n < 1) {
        throw new IllegalArgumentException(
            "the sizes of a sample must be at least 1, got " + Arrays.toString(shapeOfOneSample));
      }
    }
    module.infer(Tensor.zeros(inShape));
    writer = new OnnxWriter(isDouble ? ElementType.DOUBLE : ElementType.FLOAT);
    Value y =
        new Emitter(writer, isDouble, Table::emit).module("", module, new Value(INPUT, inShape));
    writer.node(OUTPUT, "Identity", List.of(y.name()), OUTPUT, List.of());
    outShape = y.shape();
  }

  /** Writes the file. */
  public void writeTo(OutputStream out) throws IOException {
    writer.writeTo(out, INPUT, inShape, OUTPUT, outShape);
  }
}
