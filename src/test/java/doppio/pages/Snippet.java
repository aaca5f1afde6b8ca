package doppio.pages;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Java of a page as the compiler wants it: a whole program as it stands; a class of a reader's own
 * with imports; statements as the body of a method, after what {@link Surroundings} has for them.
 */
record Snippet(Page.Block block, int number) {
  private static final Pattern TYPE =
      Pattern.compile(
          "(?m)^(?:public |final |abstract |sealed )*(?:class|record|interface) (\\w+)");

  private static final String IMPORTS =
      """
      import doppio.*;
      import doppio.check.*;
      import doppio.data.*;
      import doppio.io.*;
      import doppio.loss.*;
      import doppio.metric.*;
      import doppio.model.*;
      import doppio.nn.*;
      import doppio.nn.Module;
      import doppio.optim.*;
      import doppio.table.*;
      import doppio.train.*;
      import java.io.*;
      import java.nio.file.*;
      import java.util.*;
      """;

  /** Whether it says its own imports, and so is a file. */
  boolean isFile() {
    return block.code().startsWith("import ");
  }

  /** Whether it is a class, which other snippets of the page may name. */
  boolean isType() {
    return type().find();
  }

  /** Whether there is something to run: a main method, or statements. */
  boolean runs() {
    return !isType() || block.code().contains("public static void main(");
  }

  /** The name of the class that it is, or that was put around its statements. */
  String className() {
    Matcher type = type();
    return type.find() ? type.group(1) : "Snippet" + number;
  }

  String source() {
    if (isFile()) {
      return block.code();
    }
    if (isType()) {
      return IMPORTS + block.code();
    }
    return IMPORTS
        + "public final class "
        + className()
        + " {\n  public static void main(String[] args) throws Exception {\n"
        + Surroundings.of(block)
        + "\n// what the page shows\n"
        + block.code()
        + "  }\n}\n";
  }

  private Matcher type() {
    return TYPE.matcher(block.code());
  }

  @Override
  public String toString() {
    return block.toString();
  }
}
