package doppio.internal.source;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Observer;
import doppio.internal.Shapes;
import doppio.internal.Signs;
import doppio.nn.Module;
import doppio.nn.Parts;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The source of a class that computes what a network infers, all but its writing to a file. */
public final class NetworkSource {
  /** So many methods and classes of constants are well within what one class file can name. */
  private static final int MOST_MODULES = 2000;

  private final ClassName name;
  private final Module module;
  private final int[] shape;
  private final Numbers numbers;
  private final List<String> methods = new ArrayList<>();

  /** Of each module the shapes of its input and output. */
  private final IdentityHashMap<Module, int[][]> shapes = new IdentityHashMap<>();

  private final String network;

  /**
   * The source for one sample.
   *
   * @param shape of the sample, with a batch's dimension or without
   * @throws IllegalArgumentException if a module has no row, or there are too many of them or of
   *     numbers
   * @throws ShapeException if the network does not take the shape
   */
  public NetworkSource(ClassName name, Module module, int... shape) {
    this.name = name;
    this.module = module;
    numbers = new Numbers(name.simpleName().startsWith("Numbers") ? "Values" : "Numbers");
    checkModules(module.namedModules());
    this.shape = trace(shape);
    network = call(module, "", "input");
  }

  private static void checkModules(Map<String, Module> modules) {
    modules.forEach(
        (path, m) -> {
          if (Rows.of(m.getClass()) == null) {
            throw new IllegalArgumentException(
                (path.isEmpty() ? "the module" : "the module " + path)
                    + " is of the class "
                    + m.getClass().getName()
                    + ", which has no form as Java source: build it of the library's modules,"
                    + " with Residual or Concat where it is no chain, or write those before and"
                    + " behind it as classes of their own");
          }
        });
    if (modules.size() > MOST_MODULES) {
      throw new IllegalArgumentException(
          "the network has "
              + modules.size()
              + " modules, more than the "
              + MOST_MODULES
              + " that one class is written for; ModelFile holds any");
    }
  }

  /** Finds the shapes on the way of a sample; returns the sample's as the network takes it. */
  private int[] trace(int[] sample) {
    for (int n : sample) {
      if (n < 1) {
        throw new IllegalArgumentException(
            "the shape of one sample must have sizes from 1, got " + Shapes.text(sample));
      }
    }
    try {
      see(sample);
      return sample.clone();
    } catch (ShapeException alone) {
      int[] batch = new int[sample.length + 1];
      batch[0] = 1;
      System.arraycopy(sample, 0, batch, 1, sample.length);
      try {
        see(batch);
        return batch;
      } catch (ShapeException inBatch) {
        alone.addSuppressed(inBatch);
        throw alone;
      }
    }
  }

  private void see(int[] sample) {
    new Observer() {
      @Override
      public void output(Object seen, Tensor x, Tensor y) {
        shapes.put((Module) seen, new int[][] {x.shape(), y.shape()});
      }
    }.during(() -> module.infer(Tensor.zeros(sample)));
  }

  /** The call of a module's method; the argument alone if the module changes no number. */
  private String call(Module m, String path, String argument) {
    String label = label(path);
    int[][] seen = shapes.get(m);
    Map<String, Module> children = m.children();
    int index = methods.size();
    methods.add("");
    Place place =
        new Place(
            label,
            Parts.of(m),
            seen[0],
            seen[1],
            numbers,
            (child, x) ->
                call(children.get(child), path.isEmpty() ? child : path + "." + child, x));
    String body = Rows.of(m.getClass()).body(place);
    if (body.isEmpty()) {
      return argument;
    }
    String method = path.isEmpty() ? "network" : "layer" + label;
    methods.set(
        index,
        "\n/** "
            + title(m, path)
            + ": "
            + Shapes.text(seen[0])
            + " to "
            + Shapes.text(seen[1])
            + ". */\nprivate static double[] "
            + method
            + "(double[] x) {\n"
            + indented(body)
            + "}\n");
    return method + "(" + argument + ")";
  }

  /** A path as a part of a name: {@code 0_body_1}. */
  private static String label(String path) {
    boolean isName = path.isEmpty() || Character.isDigit(path.charAt(0));
    return (isName ? "" : "_") + path.replace('.', '_');
  }

  /** {@code 0.body: Linear(3 to 8)}; a module of others by its name alone. */
  private static String title(Module m, String path) {
    String printed = m.toString();
    String shown = m.children().isEmpty() ? printed : printed.substring(0, printed.indexOf('('));
    return (path.isEmpty() ? "" : path + ": ") + shown;
  }

  /** Writes the source, in ASCII. */
  public void writeTo(Writer out) throws IOException {
    String code = String.join("", methods);
    String called = code + (numbers.isEmpty() ? "" : "numbers()");
    out.write(ascii(head()));
    out.write(ascii(indented(infer() + code + Functions.calledBy(called))));
    numbers.writeTo(out);
    out.write("}\n");
  }

  private String head() {
    StringBuilder head = new StringBuilder();
    if (!name.packageName().isEmpty()) {
      head.append("package ").append(name.packageName()).append(";\n\n");
    }
    if (!numbers.isEmpty()) {
      head.append("import java.nio.ByteBuffer;\nimport java.nio.DoubleBuffer;\n");
      head.append("import java.util.Base64;\n\n");
    }
    head.append("/**\n * A trained network, which needs nothing but Java 9 or later:\n *\n");
    head.append(" * <pre>\n");
    module.toString().lines().forEach(line -> head.append(" * ").append(line).append('\n'));
    head.append(" * </pre>\n *\n");
    head.append(" * <p>Safe from any number of threads. ");
    head.append("The numbers are decoded when they are first needed.\n */\n");
    head.append("public final class ").append(name.simpleName()).append(" {\n");
    return head.toString();
  }

  private String infer() {
    int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return String.format(
        """
        private %1$s() {}

        /**
         * The network's output for one sample.
         *
         * @param input %2$s numbers, %3$s row by row; left as it is
         * @return a new array, %4$s row by row
         */
        public static double[] infer(double[] input) {
          if (input.length != %2$s) {
            throw new IllegalArgumentException(
                "expected %2$s numbers, %3$s, but got " + input.length);
          }
          return %5$s;
        }
        """,
        name.simpleName(),
        size,
        Shapes.text(shape),
        Shapes.text(shapes.get(module)[1]),
        network.equals("input") ? "input.clone()" : network);
  }

  private static String indented(String lines) {
    return lines.replaceAll("(?m)^(?=.)", "  ");
  }

  /** The compiler may read a file in another encoding than it was written in: signs as words. */
  private static String ascii(String text) {
    StringBuilder ascii = new StringBuilder();
    for (char c : Signs.ascii(text).toCharArray()) {
      ascii.append(c < 128 ? Character.toString(c) : String.format("\\u%04x", (int) c));
    }
    return ascii.toString();
  }
}
