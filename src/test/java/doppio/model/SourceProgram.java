package doppio.model;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.Fma;
import doppio.internal.source.Compiled;
import doppio.nn.ELU;
import doppio.nn.GELU;
import doppio.nn.LayerNorm;
import doppio.nn.Linear;
import doppio.nn.LogSoftmax;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.SiLU;
import doppio.nn.Sigmoid;
import doppio.nn.Softmax;
import doppio.nn.Softplus;
import doppio.nn.Tanh;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a network as source to a folder, compiles it, and prints how this JVM adds, and whether
 * the bits are those of the network.
 */
final class SourceProgram {
  private SourceProgram() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Generator generator = new Generator(5);
    Module net =
        new Sequential(
            new Linear(61, 37, generator),
            new Tanh(),
            new LayerNorm(37),
            new GELU(),
            GELU.tanh(),
            new Linear(37, 300, generator),
            new SiLU(),
            new ELU(1.3),
            new Sigmoid(),
            new Softplus(),
            new Softmax(),
            new LogSoftmax());
    Tensor x = RandomTensors.normal(5, 61);
    Path file = JavaSource.write(folder, "Net", net, 61);
    try (Compiled compiled = Compiled.of(folder, List.of(file))) {
      boolean same = Arrays.equals(compiled.infer("Net", x.data()), net.infer(x).data());
      System.out.println(Fma.VERDICT + ", " + (same ? "same bits" : "other bits"));
    }
  }
}
