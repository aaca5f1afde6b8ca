package doppio.internal.onnx.load;

import doppio.Tensor;
import doppio.internal.MemoryChannel;
import doppio.internal.onnx.ElementType;
import doppio.internal.onnx.OnnxModel;
import doppio.internal.onnx.OnnxNode;
import doppio.internal.onnx.OnnxValue;
import doppio.internal.onnx.TensorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A case of ONNX's conformance suite: a model, an input and the output that it must have. */
record ConformanceCase(Path folder) {
  static final Path DATA =
      Path.of(System.getProperty("doppio.onnx.data", "/usr/share/libonnx-testdata/data"));

  private static final double TOLERANCE = 1e-4;

  /** All cases of the parts of the suite that have single operators. */
  static List<ConformanceCase> all() throws IOException {
    List<ConformanceCase> cases = new ArrayList<>();
    for (String part : List.of("pytorch-converted", "pytorch-operator", "node")) {
      try (Stream<Path> folders = Files.list(DATA.resolve(part))) {
        folders.sorted().forEach(f -> cases.add(new ConformanceCase(f)));
      }
    }
    return cases;
  }

  String name() {
    return folder.getParent().getFileName() + "/" + folder.getFileName();
  }

  /** Why the case is none of ours: decided by what the file says, not by what becomes of it. */
  String reasonToLeaveOut() throws IOException {
    OnnxModel model;
    try {
      model = OnnxModel.read(model());
    } catch (IllegalArgumentException e) {
      return "sparse";
    }
    List<OnnxValue> inputs = new ArrayList<>(model.inputs());
    inputs.removeIf(i -> model.initializers().containsKey(i.name()));
    if (inputs.size() != 1 || model.outputs().size() != 1) {
      return "several inputs or outputs";
    }
    long type = inputs.get(0).type();
    if (type != ElementType.FLOAT.code() && type != ElementType.DOUBLE.code()) {
      return "another input than of floats or doubles";
    }
    long result = model.outputs().get(0).type();
    if (result != ElementType.FLOAT.code() && result != ElementType.DOUBLE.code()) {
      return "another output than of floats or doubles";
    }
    TreeSet<String> others = new TreeSet<>();
    for (OnnxNode node : model.nodes()) {
      if (!Operators.names().contains(node.operator()) || !node.domain().isEmpty()) {
        others.add(node.operator());
      }
      if (node.operator().equals("Conv")) {
        var weight = model.initializers().get(node.inputs().get(1));
        if (weight != null && weight.toTensor(model.allowance()).rank() > 4) {
          return "a convolution of three dimensions";
        }
      }
    }
    return others.isEmpty() ? null : "other operators";
  }

  private MemoryChannel model() throws IOException {
    return MemoryChannel.of(Files.readAllBytes(folder.resolve("model.onnx")));
  }

  /** What is wrong with the output, null if nothing is. */
  String problem() throws IOException {
    try {
      Tensor x = TensorFiles.read(folder.resolve("test_data_set_0/input_0.pb"));
      Tensor expected = TensorFiles.read(folder.resolve("test_data_set_0/output_0.pb"));
      Tensor y = OnnxReader.read(model()).infer(x);
      return difference(expected, y);
    } catch (IllegalArgumentException | IllegalStateException e) {
      return e.toString();
    }
  }

  private static String difference(Tensor expected, Tensor y) {
    if (!expected.sameShape(y)) {
      return "expected " + expected + " but got " + y;
    }
    for (int i = 0; i < y.size(); i++) {
      double e = expected.data()[i];
      double off = Math.abs(e - y.data()[i]);
      if (Double.compare(e, y.data()[i]) != 0 && !(off <= TOLERANCE * Math.max(1, Math.abs(e)))) {
        return "expected " + e + " at " + i + " but got " + y.data()[i];
      }
    }
    return null;
  }
}
