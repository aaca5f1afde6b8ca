package doppio.model;

import doppio.internal.AtomicFile;
import doppio.internal.FileAccess;
import doppio.internal.MemoryChannel;
import doppio.internal.onnx.load.OnnxReader;
import doppio.internal.onnx.save.OnnxExport;
import doppio.io.Dtype;
import doppio.nn.Module;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;

/**
 * Networks as ONNX files, which PyTorch, TensorFlow and scikit-learn export and many runtimes run.
 *
 * <pre>{@code
 * Module model = Onnx.load(Path.of("model.onnx"));
 * Tensor y = model.infer(x);
 *
 * Onnx.save(Path.of("digits.onnx"), trained, 64);
 * }</pre>
 *
 * <p><b>What is read.</b> Operators of version 1 to 18, floats and doubles, which are computed as
 * doubles here. A graph that is a chain of layers comes back as a {@link doppio.nn.Sequential} of
 * them, also where an exporter has spelled a layer out (a product and a sum, GELU, SiLU, layer
 * normalisation, a flatten by computed shapes). Any other graph of one input and one output comes
 * back as a module that computes it, and goes back through it where every operator on the way has a
 * gradient: its layers are its children, and the tensors that other operators read its parameters.
 * A module is in evaluation mode; {@link Module#train()} goes on with the training. A graph makes
 * sense for batches of any size or for the one that its file says.
 *
 * <p>Operators: Abs, Add, AveragePool, BatchNormalization, Cast, Clip, Concat, Constant,
 * ConstantOfShape, Conv (of one and two dimensions), Div, Dropout, Elu, Erf, Exp, Expand, Flatten,
 * Gather, Gemm, GlobalAveragePool, GlobalMaxPool, GRU, HardSigmoid, HardSwish, Identity,
 * LayerNormalization, LeakyRelu, Log, LogSoftmax, LSTM, MatMul, Max, MaxPool, Min, Mul, Neg, Pad,
 * Pow, PRelu, ReduceMean, ReduceSum, Relu, Reshape, RNN, Selu, Shape, Sigmoid, Slice, Softmax,
 * Softplus, Softsign, Sqrt, Squeeze, Sub, Tanh, Transpose, Unsqueeze. A file with another one, with
 * its tensors in other files, or with several inputs or outputs is refused; the message says which.
 *
 * <p>Recurrent operators are layers in one direction or in both, with the usual activations, a
 * state that begins at zero, the reset gate of a GRU on the product, and sequences of one length in
 * a batch. That steps stand before the batch, as in PyTorch's exports, is undone where that can be
 * seen.
 *
 * <p>Time and memory follow the file: at most 8 bytes for each of its own, and 64 MiB. What a
 * stream gives is in memory beside that. Where a graph would compute more than that of its own
 * tensors, it does so whenever it infers.
 *
 * <p><b>What is written.</b> The layers of the library, with operators of version 17 and a batch of
 * any size; causal convolutions, attention and the encodings of places are refused by name. Numbers
 * are doubles unless floats are asked for; where ONNX Runtime has an operator for floats alone
 * (convolutions, mean pools, the error function and some more), doubles are written as others that
 * it has. Recurrent layers, a node for each layer and sequences of the sample's length, are written
 * as they are: ONNX Runtime runs them in floats. {@link #load} finds the layers in them again, but
 * for mean pools. Tensors have the names of {@link Module#stateDict}. A module of your own is
 * refused, and so is a graph that is no chain and came from a file: its tensors can be saved, and
 * loaded into the same graph.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/">the operators' description</a>.
 */
public final class Onnx {
  private Onnx() {}

  /**
   * Loads a network.
   *
   * @return a new module in evaluation mode
   * @throws IOException if the file cannot be read, or is no ONNX file, or broken
   * @throws IllegalArgumentException if it has something that is not supported, or that makes no
   *     sense; the message names the file, the node and what is supported
   */
  public static Module load(Path file) throws IOException {
    return FileAccess.read(file, OnnxReader::read);
  }

  /** As {@link #load(Path)}, from a stream, which is read to its end and not closed. */
  public static Module load(InputStream in) throws IOException {
    return OnnxReader.read(MemoryChannel.of(in));
  }

  /** As {@link #load(Path)}, from the bytes of a file. */
  public static Module load(byte[] file) throws IOException {
    return OnnxReader.read(MemoryChannel.of(file));
  }

  /**
   * Saves a network in doubles, as it infers.
   *
   * @param file replaced as a whole; its folder must exist
   * @param shapeOfOneSample the shape of an input without the batch: {@code 1, 28, 28} say
   * @throws IllegalArgumentException if a module in it is none of the library's, or does not take
   *     the shape; the message names it
   * @throws IOException if it cannot be written; the old file is then as it was
   */
  public static void save(Path file, Module module, int... shapeOfOneSample) throws IOException {
    save(file, module, Dtype.F64, shapeOfOneSample);
  }

  /**
   * As {@link #save(Path, Module, int...)}, in numbers of a kind.
   *
   * @param dtype F64, or F32, which rounds all numbers and is what most runtimes are fast with
   */
  public static void save(Path file, Module module, Dtype dtype, int... shapeOfOneSample)
      throws IOException {
    OnnxExport export = export(module, dtype, shapeOfOneSample);
    AtomicFile.writeUninterrupted(
        file,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
          export.writeTo(out);
          out.flush();
        });
  }

  /**
   * As {@link #save(Path, Module, int...)}, to a stream, which is flushed and not closed. Nothing
   * is written where the module cannot be saved.
   */
  public static void save(OutputStream out, Module module, int... shapeOfOneSample)
      throws IOException {
    save(out, module, Dtype.F64, shapeOfOneSample);
  }

  /** As {@link #save(OutputStream, Module, int...)}, in numbers of a kind, F64 or F32. */
  public static void save(OutputStream out, Module module, Dtype dtype, int... shapeOfOneSample)
      throws IOException {
    export(module, dtype, shapeOfOneSample).writeTo(out);
    out.flush();
  }

  private static OnnxExport export(Module module, Dtype dtype, int... shapeOfOneSample) {
    if (dtype != Dtype.F64 && dtype != Dtype.F32) {
      throw new IllegalArgumentException("numbers are written as F64 or F32, not " + dtype);
    }
    return new OnnxExport(module, dtype == Dtype.F64, shapeOfOneSample);
  }
}
