package doppio.examples;

import doppio.Tensor;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;

/** Runs the class that JavaSource wrote in a JVM of its own, which sees that class alone. */
final class SourceRun {
  /** The name of the class. */
  static final String CLASS = "DigitsNetwork";

  /** Reads the samples, asks the network, and writes its outputs, all as plain doubles. */
  private static final String PROGRAM =
      """
      import java.io.*;

      public class Ask {
        public static void main(String[] args) throws IOException {
          DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
          DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
          int samples = in.readInt();
          double[] sample = new double[in.readInt()];
          for (int n = 0; n < samples; n++) {
            for (int i = 0; i < sample.length; i++) {
              sample[i] = in.readDouble();
            }
            for (double output : DigitsNetwork.infer(sample)) {
              out.writeDouble(output);
            }
          }
          out.flush();
        }
      }
      """;

  private SourceRun() {}

  /**
   * What the class says of samples. The program, the classes and the numbers that go in and out are
   * left beside the source.
   *
   * @param source its file
   * @param samples {@code [n, in]}
   * @return the outputs of all samples, one after the other
   */
  static double[] infer(Path source, Tensor samples) throws IOException {
    Path folder = source.resolveSibling("");
    Path program = Files.writeString(folder.resolve("Ask.java"), PROGRAM);
    compile(folder, source, program);
    Path in = folder.resolve("samples.bin");
    Path out = folder.resolve("outputs.bin");
    write(in, samples);
    run(folder, in, out);
    DoubleBuffer outputs = ByteBuffer.wrap(Files.readAllBytes(out)).asDoubleBuffer();
    double[] result = new double[outputs.remaining()];
    outputs.get(result);
    return result;
  }

  private static void compile(Path folder, Path... sources) throws IOException {
    ToolProvider javac =
        ToolProvider.findFirst("javac")
            .orElseThrow(() -> UsageException.wrong("to compile the source takes a JDK"));
    List<String> arguments = new ArrayList<>(List.of("-d", folder.toString()));
    Arrays.stream(sources).map(Path::toString).forEach(arguments::add);
    if (javac.run(System.err, System.err, arguments.toArray(String[]::new)) != 0) {
      throw new IOException("javac refused " + Arrays.toString(sources));
    }
  }

  private static void write(Path file, Tensor samples) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(samples.dim(0));
      out.writeInt(samples.dim(1));
      for (double value : samples.data()) {
        out.writeDouble(value);
      }
    }
  }

  private static void run(Path folder, Path in, Path out) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process child =
        new ProcessBuilder(java.toString(), "-cp", folder.toString(), "Ask")
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(Redirect.INHERIT)
            .start();
    try {
      int exit = child.waitFor();
      if (exit != 0) {
        throw new IOException("the program with the Java source ended with code " + exit);
      }
    } catch (InterruptedException e) {
      child.destroy();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
