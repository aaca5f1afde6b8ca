package doppio.pages;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles the snippets of one page, together and as a user would who takes warnings for errors.
 */
final class Compiler {
  private Compiler() {}

  /**
   * Writes sources and classes to a folder; returns what the compiler says, nothing if all is well.
   */
  static String compile(List<Snippet> snippets, Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Snippet snippet : snippets) {
      Path file = folder.resolve(snippet.className() + ".java");
      if (files.contains(file)) {
        return snippet + ": a second class " + snippet.className();
      }
      Files.writeString(file, snippet.source());
      files.add(file);
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of(
            "--release",
            "17",
            "-proc:none",
            "-Xlint:all,-options",
            "-Werror",
            "-classpath",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString());
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      compiler
          .getTask(said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
          .call();
    }
    return said.toString();
  }
}
