package doppio.internal.onnx;

import doppio.internal.Allowance;
import doppio.internal.OtherFormat;
import doppio.internal.state.JsonWriter;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a file of ONNX says, as it says it: nodes in their order, and the tensors that it has.
 *
 * <p>Source: <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the format's
 * schema</a>.
 */
public final class OnnxModel {
  /** No shape has more: it keeps what a shape costs constant. */
  public static final int MOST_DIMENSIONS = Dims.MOST;

  /** What a tensor costs in memory without its numbers, or an input. */
  private static final int TENSOR = 1 << 9;

  private final Allowance allowance;
  private final long bytes;
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
  private final List<OnnxValue> inputs = new ArrayList<>();
  private final List<OnnxValue> outputs = new ArrayList<>();
  private long opset = 1;

  private OnnxModel(long bytes) {
    this.bytes = bytes;
    allowance = new Allowance(bytes);
  }

  /**
   * Reads a file. Its tensors stay there, so it must be open as long as they are asked for.
   *
   * @throws IOException if it is no ONNX file, or broken; says what it is where that is known
   */
  public static OnnxModel read(SeekableByteChannel file) throws IOException {
    ProtoReader in = new ProtoReader(file);
    String other = OtherFormat.of(in.start(OtherFormat.START));
    if (other != null) {
      throw new IOException("expected an ONNX file but this is " + other);
    }
    OnnxModel model = new OnnxModel(file.size());
    boolean graph = false;
    while (in.next()) {
      switch (in.field()) {
        case 7 -> {
          graph = true;
          model.readGraph(in.message());
        }
        case 8 -> model.readOpset(in.message());
        default -> in.skip();
      }
    }
    if (!graph) {
      throw new IOException("expected an ONNX file but it has no graph");
    }
    return model;
  }

  private void readOpset(ProtoReader in) throws IOException {
    String domain = "";
    long version = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> domain = in.text();
        case 2 -> version = in.varint();
        default -> in.skip();
      }
    }
    if (domain.isEmpty() || domain.equals("ai.onnx")) {
      opset = version;
    }
  }

  private void readGraph(ProtoReader in) throws IOException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nodes.add(OnnxNode.read(in.message(), allowance));
        case 5 -> addInitializer(OnnxTensor.read(in.message()));
        case 11 -> inputs.add(value(in));
        case 12 -> outputs.add(value(in));
        case 15 -> throw new IllegalArgumentException("sparse initializers are not supported");
        default -> in.skip();
      }
    }
  }

  private OnnxValue value(ProtoReader in) throws IOException {
    allowance.take(TENSOR);
    return OnnxValue.read(in.message());
  }

  private void addInitializer(OnnxTensor tensor) throws IOException {
    allowance.take(TENSOR);
    if (initializers.put(tensor.name(), tensor) != null) {
      throw new IOException("tensor " + JsonWriter.brief(tensor.name()) + " is there twice");
    }
  }

  /** The length of the file. */
  public long bytes() {
    return bytes;
  }

  /** What may still be taken for the numbers of its tensors; a new one each time. */
  public Allowance allowance() {
    return allowance.copy();
  }

  /** The version of the standard operators. */
  public long opset() {
    return opset;
  }

  /** The nodes, in the file's order. */
  public List<OnnxNode> nodes() {
    return nodes;
  }

  /** The tensors that the graph has, by name. */
  public Map<String, OnnxTensor> initializers() {
    return initializers;
  }

  /** The inputs, initializers among them in old files. */
  public List<OnnxValue> inputs() {
    return inputs;
  }

  /** The outputs. */
  public List<OnnxValue> outputs() {
    return outputs;
  }
}
