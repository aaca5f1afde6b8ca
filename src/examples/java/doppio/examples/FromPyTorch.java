package doppio.examples;

import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.io.SafeTensors;
import doppio.metric.ConfusionMatrix;
import doppio.model.Onnx;
import doppio.model.TorchFile;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Loads a network that PyTorch has trained, from each kind of file that PyTorch leaves, and
 * compares what it says with what PyTorch said.
 *
 * <p>In Python the files are saved by
 *
 * <pre>{@code
 * safetensors.torch.save_file(model.state_dict(), "digits.safetensors")
 * torch.save(model.state_dict(), "digits.pt")
 * torch.onnx.export(model, torch.zeros(1, 64), "digits.onnx")
 * }</pre>
 *
 * <p>The first two hold the numbers, and the network is built here; the names of {@code
 * torch.nn.Sequential} and of {@link Sequential} are the same, {@code 0.weight} and so on. The
 * third holds the whole network. What made the files stands beside them, in README.md.
 */
public final class FromPyTorch {
  private static final Path FOLDER = Path.of("src/examples/resources");
  private static final double WHITE = 16;

  private FromPyTorch() {}

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Path folder =
        Options.of("Loads a network that PyTorch has trained, and compares the outputs.")
            .option("folder", "where the files digits.* lie (" + FOLDER + ")")
            .parse(args)
            .folder("folder", FOLDER);
    SafeTensors.Contents file = SafeTensors.read(folder.resolve("digits.safetensors"));
    System.out.println("digits.safetensors, " + file.metadata() + ":");
    file.tensors().forEach((name, t) -> System.out.println("  " + name + " " + shape(t)));

    Map<String, Module> models = new LinkedHashMap<>();
    models.put("digits.safetensors", network(file.tensors()));
    models.put("digits.pt", network(TorchFile.load(folder.resolve("digits.pt"))));
    models.put("digits.onnx", Onnx.load(folder.resolve("digits.onnx")));
    System.out.println("digits.onnx, a network that this program has not built:");
    System.out.println(models.get("digits.onnx"));
    System.out.println();

    Dataset digits = Digits.load().scale(1 / WHITE);
    Map<String, Tensor> recorded = SafeTensors.load(folder.resolve("digits-outputs.safetensors"));
    Tensor pixels = digits.slice(0, recorded.get("float64").dim(0)).inputs();
    System.out.println("Digit 0, PyTorch:           " + row(recorded.get("float32"), 0));
    models.forEach(
        (name, model) ->
            System.out.println(
                String.format("Digit 0, %-19s", name + ":") + row(model.infer(pixels), 0)));
    System.out.println();
    models.forEach((name, model) -> report(name, model.infer(pixels), recorded));
    System.out.println(
        String.format(
            Locale.ROOT,
            "Accuracy on all %d digits, which it was trained on: %.2f %%",
            digits.size(),
            100 * ConfusionMatrix.of(models.get("digits.onnx"), digits).accuracy()));
  }

  private static Module network(Map<String, Tensor> numbers) {
    Module model = new Sequential(new Linear(64, 32), new ReLU(), new Linear(32, 10));
    model.loadStateDict(numbers);
    return model;
  }

  private static void report(String name, Tensor logits, Map<String, Tensor> recorded) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "%-19s largest difference from PyTorch, over %d outputs: %.1e in float32, %.1e in"
                + " float64",
            name + ":",
            logits.size(),
            difference(logits, recorded.get("float32")),
            difference(logits, recorded.get("float64"))));
  }

  private static double difference(Tensor logits, Tensor expected) {
    double largest = 0;
    for (int i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, Math.abs(logits.data()[i] - expected.data()[i]));
    }
    return largest;
  }

  private static String shape(Tensor t) {
    return Arrays.toString(t.shape());
  }

  private static String row(Tensor t, int row) {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < t.dim(1); i++) {
      s.append(String.format(Locale.ROOT, " %7.3f", t.get(row, i)));
    }
    return s.toString();
  }
}
