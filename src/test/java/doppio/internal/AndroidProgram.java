package doppio.internal;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Csv;
import doppio.data.Digits;
import doppio.data.Idx;
import doppio.io.Npy;
import doppio.io.SafeTensors;
import doppio.metric.Metric;
import doppio.model.JavaSource;
import doppio.model.ModelFile;
import doppio.model.Onnx;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.Flatten;
import doppio.nn.LSTM;
import doppio.nn.LastStep;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes and reads in every format what Android is to write and read. */
final class AndroidProgram {
  private AndroidProgram() {}

  /** Says so if all comes back; the argument is a folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Generator generator = new Generator(66);
    Module image =
        new Sequential(
            new Conv2d(1, 2, 3, generator), new ReLU(), new Flatten(), new Linear(8, 3, generator));
    check(image, folder, 1, 4, 4);
    Module steps =
        new Sequential(
            new LSTM(2, 3, generator),
            new Dropout(0.5, generator),
            new LastStep(),
            new Linear(3, 2, generator));
    check(steps, folder, 5, 2);
    Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 4}});
    Npy.save(folder.resolve("x.npy"), x);
    same(x, Npy.load(folder.resolve("x.npy")));
    same(x, Csv.read("1,2\n3,4\n".getBytes(StandardCharsets.UTF_8)));
    same(Tensor.of(7, 8), Idx.read(new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 7, 8}));
    same(Tensor.of(1.0), Tensor.of(Metric.accuracy().of(x, Tensor.of(1, 1))));
    same(Tensor.of(1797), Tensor.of(Digits.load().size()));
    System.out.println("all the same");
  }

  private static void check(Module module, Path folder, int... sample) throws IOException {
    int[] shape = new int[sample.length + 1];
    shape[0] = 3;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    Tensor x = Tensor.zeros(shape);
    Arrays.setAll(x.data(), i -> Math.sqrt(i));
    Tensor y = module.infer(x);
    Path file = folder.resolve("model");
    ModelFile.save(file, module);
    same(y, ModelFile.load(file).infer(x));
    module.loadStateDict(SafeTensors.load(file));
    same(y, module.infer(x));
    Onnx.save(file, module, sample);
    same(y, Onnx.load(file).infer(x));
    if (!Files.readString(JavaSource.write(folder, "Net", module, sample)).contains("class Net")) {
      throw new AssertionError(module);
    }
  }

  private static void same(Tensor expected, Tensor got) {
    if (!expected.sameShape(got) || !Arrays.equals(expected.data(), got.data())) {
      throw new AssertionError(expected + " became " + got);
    }
  }
}
