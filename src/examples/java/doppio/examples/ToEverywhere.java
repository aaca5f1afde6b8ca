package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.io.SafeTensors;
import doppio.loss.CrossEntropy;
import doppio.metric.ConfusionMatrix;
import doppio.metric.Metric;
import doppio.model.JavaSource;
import doppio.model.ModelFile;
import doppio.model.Onnx;
import doppio.nn.BatchNorm1d;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.train.ProgressBar;
import doppio.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Trains a network on the digits, writes it in every format, and compares what each file says of
 * digits with what the network said. Three files are loaded again; the Java source is compiled and
 * run by another JVM, which does not have the library.
 */
public final class ToEverywhere {
  private static final int PIXELS = 64;
  private static final int HIDDEN = 48;
  private static final int CLASSES = 10;
  private static final double WHITE = 16;
  private static final double TRAINING_PART = 0.7;
  private static final int EPOCHS = 20;

  private final Module model;
  private final Dataset digits;
  private final Tensor expected;

  private ToEverywhere(Module model, Dataset digits) {
    this.model = model;
    this.digits = digits;
    expected = model.infer(digits.inputs());
  }

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Writes a trained network in every format, and compares what comes back.")
            .option("epochs", "how often all are seen (" + EPOCHS + ")")
            .seed()
            .option("out", "the folder for the files (target/examples)")
            .parse(args);
    Generator generator = new Generator(options.number("seed", 0, 66));
    Dataset.Split parts = Digits.load().scale(1 / WHITE).shuffle(generator).split(TRAINING_PART);
    Module model = network(generator);
    new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 3e-3))
        .epochs(options.number("epochs", 1, EPOCHS))
        .batchSize(32)
        .shuffle(generator)
        .validation(parts.heldOut())
        .metric("accuracy", Metric.accuracy())
        .callback(new ProgressBar(System.out))
        .fit(parts.train());
    System.out.println(
        String.format(
            Locale.ROOT,
            "%.2f %% of %d held-out digits read right. Their outputs, from each file:",
            100 * ConfusionMatrix.of(model, parts.heldOut()).accuracy(),
            parts.heldOut().size()));
    new ToEverywhere(model.eval(), parts.heldOut()).write(options.folder());
  }

  private static Module network(Generator generator) {
    return new Sequential(
        new Linear(PIXELS, HIDDEN, generator),
        new BatchNorm1d(HIDDEN),
        new ReLU(),
        new Dropout(0.2, generator),
        new Linear(HIDDEN, CLASSES, generator));
  }

  private void write(Path folder) throws IOException {
    Files.createDirectories(folder);

    Path whole = folder.resolve("digits-model.safetensors");
    ModelFile.save(whole, model);
    report(whole, "ModelFile", ModelFile.load(whole));

    Path numbers = folder.resolve("digits-numbers.safetensors");
    SafeTensors.save(numbers, model.stateDict());
    Module rebuilt = network(new Generator(0));
    rebuilt.loadStateDict(SafeTensors.load(numbers));
    report(numbers, "SafeTensors", rebuilt);

    Path onnx = folder.resolve("digits.onnx");
    Onnx.save(onnx, model, PIXELS);
    report(onnx, "Onnx", Onnx.load(onnx));

    Path sources = Files.createDirectories(folder.resolve("java"));
    Path source = JavaSource.write(sources, SourceRun.CLASS, model, PIXELS);
    report(source, "JavaSource", SourceRun.infer(source, digits.inputs()));
  }

  private void report(Path file, String format, Module loaded) throws IOException {
    report(file, format, loaded.infer(digits.inputs()).data());
  }

  private void report(Path file, String format, double[] outputs) throws IOException {
    if (outputs.length != expected.size()) {
      throw new IllegalStateException(format + " gave " + outputs.length + " outputs");
    }
    double largest = 0;
    for (int i = 0; i < outputs.length; i++) {
      largest = Math.max(largest, Math.abs(outputs[i] - expected.data()[i]));
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "  %-11s %-42s %,8d bytes, %d outputs: %s",
            format,
            file,
            Files.size(file),
            outputs.length,
            largest == 0 ? "the same" : String.format(Locale.ROOT, "%.1e away", largest)));
  }
}
