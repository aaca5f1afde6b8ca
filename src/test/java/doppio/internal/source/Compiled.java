package doppio.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Sources that were written, compiled and loaded where the library is not to be found. */
public final class Compiled implements AutoCloseable {
  private final URLClassLoader loader;

  private Compiled(URLClassLoader loader) {
    this.loader = loader;
  }

  /** Compiles for Java 9, warnings as errors; the classes come to the folder. */
  public static Compiled of(Path folder, List<Path> sources) throws IOException {
    List<String> options =
        List.of(
            "--release",
            "9",
            "-proc:none",
            "-Xlint:all,-options",
            "-Werror",
            "-encoding",
            "US-ASCII",
            "-classpath",
            folder.toString(),
            "-d",
            folder.toString());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      compiler
          .getTask(said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources))
          .call();
    }
    assertThat(said.toString()).isEmpty();
    URL[] urls = {folder.toUri().toURL()};
    return new Compiled(new URLClassLoader(urls, ClassLoader.getPlatformClassLoader()));
  }

  /** What the class infers; what it throws is thrown. */
  public double[] infer(String className, double... input) {
    try {
      return (double[])
          loader.loadClass(className).getMethod("infer", double[].class).invoke(null, input);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(className, e);
    }
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
