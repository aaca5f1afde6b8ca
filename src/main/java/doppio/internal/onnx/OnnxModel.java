package doppio.internal.onnx;

import doppio.internal.OtherFormat;
import doppio.internal.state.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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

  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
  private final List<OnnxValue> inputs = new ArrayList<>();
  private final List<OnnxValue> outputs = new ArrayList<>();
  private long opset = 1;

  private OnnxModel() {}

  /**
   * Reads a file's content.
   *
   * @throws IOException if it is no ONNX file, or broken; says what it is where that is known
   */
  public static OnnxModel read(byte[] content) throws IOException {
    String other =
        OtherFormat.of(Arrays.copyOf(content, Math.min(content.length, OtherFormat.START)));
    if (other != null) {
      throw new IOException("expected an ONNX file but this is " + other);
    }
    OnnxModel model = new OnnxModel();
    ProtoReader in = new ProtoReader(content);
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
        case 1 -> nodes.add(OnnxNode.read(in.message()));
        case 5 -> addInitializer(OnnxTensor.read(in.message()));
        case 11 -> inputs.add(OnnxValue.read(in.message()));
        case 12 -> outputs.add(OnnxValue.read(in.message()));
        case 15 -> throw new IllegalArgumentException("sparse initializers are not supported");
        default -> in.skip();
      }
    }
  }

  private void addInitializer(OnnxTensor tensor) throws IOException {
    if (initializers.put(tensor.name(), tensor) != null) {
      throw new IOException("tensor " + JsonWriter.brief(tensor.name()) + " is there twice");
    }
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
