package doppio.parity;

import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import doppio.Generator;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import doppio.nn.Linear;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Makes the files of the example FromPyTorch: libtorch trains a 64–32–10 network on the digits in
 * float32, and records its outputs. It is run in the project's root, with the class path of the
 * profile {@code parity}.
 */
public final class DigitsFile {
  private static final Path FOLDER = Path.of("src/examples/resources");
  private static final int STEPS = 300;
  private static final double LEARNING_RATE = 0.01;
  private static final int RECORDED = 50;

  private DigitsFile() {}

  /** Writes both files; takes no arguments. */
  public static void main(String[] args) throws IOException {
    set_num_threads(1);
    Generator generator = new Generator(66);
    Sequential start =
        new Sequential(new Linear(64, 32, generator), new ReLU(), new Linear(32, 10, generator));
    Map<String, Tensor> w = new LinkedHashMap<>();
    start
        .stateDict()
        .forEach((name, t) -> w.put(name, single(Torch.of(t)).set_requires_grad(true)));
    Dataset digits = Digits.load().scale(1 / 16.0);
    Tensor x = single(Torch.of(digits.inputs()));
    Tensor targets = Torch.indices(digits.targets());

    AdamOptions options = new AdamOptions(LEARNING_RATE);
    Adam optimizer = new Adam(new TensorVector(w.values().toArray(Tensor[]::new)), options);
    for (int step = 0; step < STEPS; step++) {
      optimizer.zero_grad();
      cross_entropy(forward(w, x), targets).backward();
      optimizer.step();
    }

    Map<String, doppio.Tensor> trained = new LinkedHashMap<>();
    Map<String, Tensor> wide = new LinkedHashMap<>();
    w.forEach((name, t) -> trained.put(name, Torch.from(t)));
    trained.forEach((name, t) -> wide.put(name, Torch.of(t)));
    Map<String, doppio.Tensor> outputs = new LinkedHashMap<>();
    Dataset first = digits.slice(0, RECORDED);
    outputs.put("float32", Torch.from(forward(w, single(Torch.of(first.inputs())))));
    outputs.put("float64", Torch.from(forward(wide, Torch.of(first.inputs()))));

    Map<String, String> made = Map.of("made by", "libtorch 2.7.1");
    Files.createDirectories(FOLDER);
    SafeTensors.save(FOLDER.resolve("digits.safetensors"), trained, Dtype.F32, made);
    SafeTensors.save(FOLDER.resolve("digits-outputs.safetensors"), outputs, Dtype.F64, made);
  }

  private static Tensor single(Tensor t) {
    return t.to(ScalarType.Float);
  }

  private static Tensor forward(Map<String, Tensor> w, Tensor x) {
    Tensor hidden = linear(x, w.get("0.weight"), new TensorOptional(w.get("0.bias"))).relu();
    return linear(hidden, w.get("2.weight"), new TensorOptional(w.get("2.bias")));
  }
}
