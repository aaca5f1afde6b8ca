package doppio.examples;

import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.io.SafeTensors;
import doppio.metric.ConfusionMatrix;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Loads a network that PyTorch has trained, and compares what it says with what PyTorch said.
 *
 * <p>In Python such a file is saved by
 *
 * <pre>{@code
 * from safetensors.torch import save_file
 * save_file(model.state_dict(), "digits.safetensors")
 * }</pre>
 *
 * <p>The names of {@code torch.nn.Sequential} and of {@link Sequential} are the same, {@code
 * 0.weight} and so on. The two files here were made by libtorch 2.7.1, which is PyTorch without
 * Python: by {@code doppio.parity.DigitsFile} in src/parity/java.
 */
public final class FromPyTorch {
  private static final Path FOLDER = Path.of("src/examples/resources");
  private static final double WHITE = 16;

  private FromPyTorch() {}

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Path folder =
        Options.of("Loads a network that PyTorch has trained, and compares the outputs.")
            .option("folder", "where digits.safetensors and its outputs lie (" + FOLDER + ")")
            .parse(args)
            .folder("folder", FOLDER);
    SafeTensors.Contents file = SafeTensors.read(folder.resolve("digits.safetensors"));
    System.out.println("digits.safetensors, " + file.metadata() + ":");
    file.tensors().forEach((name, t) -> System.out.println("  " + name + " " + shape(t)));

    Module model = new Sequential(new Linear(64, 32), new ReLU(), new Linear(32, 10));
    model.loadStateDict(file.tensors());
    System.out.println(model);
    System.out.println();

    Dataset digits = Digits.load().scale(1 / WHITE);
    Map<String, Tensor> recorded = SafeTensors.load(folder.resolve("digits-outputs.safetensors"));
    Tensor logits = model.infer(digits.slice(0, recorded.get("float64").dim(0)).inputs());
    System.out.println("PyTorch on digit 0: " + row(recorded.get("float32"), 0));
    System.out.println("Doppio on digit 0:  " + row(logits, 0));
    report("float32", logits, recorded);
    report("float64", logits, recorded);
    System.out.println(
        String.format(
            Locale.ROOT,
            "Accuracy on all %d digits, which it was trained on: %.2f %%",
            digits.size(),
            100 * ConfusionMatrix.of(model, digits).accuracy()));
  }

  private static void report(String type, Tensor logits, Map<String, Tensor> recorded) {
    Tensor expected = recorded.get(type);
    double largest = 0;
    for (int i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, Math.abs(logits.data()[i] - expected.data()[i]));
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "Largest difference from PyTorch in %s, over %d outputs: %.1e",
            type,
            expected.size(),
            largest));
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
