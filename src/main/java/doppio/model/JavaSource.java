package doppio.model;

import doppio.internal.AtomicFile;
import doppio.internal.source.ClassName;
import doppio.internal.source.NetworkSource;
import doppio.nn.Module;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A network as Java source: one class that needs nothing but {@code java.base}, to be compiled into
 * a program that does not have this library.
 *
 * <pre>{@code
 * JavaSource.write(Path.of("src/main/java"), "com.acme.Digits", model, 64);
 * // in the program: double[] scores = com.acme.Digits.infer(pixels);
 * }</pre>
 *
 * <p>The class has one public method, {@code public static double[] infer(double[] input)}: the
 * numbers of one sample, row by row, to those of its output, in a new array. It is safe from any
 * number of threads. It gives the bits that {@link Module#infer} gives for that sample, dropout and
 * batch normalisation as in evaluation mode; the order of every sum and the polynomials of the
 * elementary functions stand in the source. Where the processor has no fused multiply-add, products
 * and sums are rounded one after the other, as in this library. It is plain code for one sample at
 * a time in one thread, and slower than this library.
 *
 * <p>The file is ASCII and compiles for Java 9 or later without a warning. Each layer is a method
 * with its name; the numbers are texts of Base64, decoded when they are first used. A million
 * numbers are 13 MB of source; for ten million {@code javac} needs {@code -J-Xmx2g}. A network of
 * more than 40 million numbers or 2,000 modules is refused, because of what a class file can hold.
 *
 * <p>Layers for sequences are written for one sequence, {@code [t, f]}, of the length that the
 * shape says.
 *
 * <p>Modules of your own have no form as source and are refused by their names.
 */
public final class JavaSource {
  private JavaSource() {}

  /**
   * Writes a network.
   *
   * @param folder where sources lie: a class with a package goes into the package's folder in it,
   *     which is made if need be; replaced as a whole if it exists
   * @param className {@code Net} or {@code com.acme.Net}
   * @param shapeOfOneSample as {@link Module#infer} takes it; where it takes a sample in a batch
   *     alone, as behind a {@link doppio.nn.Flatten}, the batch's dimension of 1 may be left out
   * @return the file
   * @throws IllegalArgumentException if the name is no name of a class, the network has a module
   *     that is not the library's, or it is too large; the message says what to do
   * @throws doppio.ShapeException if the network does not take such a sample
   * @throws IOException if it cannot be written; an old file is then as it was
   */
  public static Path write(Path folder, String className, Module module, int... shapeOfOneSample)
      throws IOException {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(module, "module");
    Objects.requireNonNull(shapeOfOneSample, "shapeOfOneSample");
    ClassName name = ClassName.of(Objects.requireNonNull(className, "className"));
    NetworkSource source = new NetworkSource(name, module, shapeOfOneSample);
    Path in = name.folderIn(folder);
    if (Files.isDirectory(folder)) {
      Files.createDirectories(in);
    }
    Path file = in.resolve(name.simpleName() + ".java");
    AtomicFile.write(
        file,
        channel -> {
          // A writer of the channel itself would lose what a full disk does not take of a piece.
          Writer out =
              new BufferedWriter(
                  new OutputStreamWriter(
                      Channels.newOutputStream(channel), StandardCharsets.US_ASCII));
          source.writeTo(out);
          out.flush();
        });
    return file;
  }
}
