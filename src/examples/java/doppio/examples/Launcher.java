package doppio.examples;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;

/**
 * Runs an example by its name, and answers a wrong command line with one line and the exit code 2.
 * {@code target/example}, which the build writes, starts it: {@code java @target/example Circles
 * --seed 7}.
 */
public final class Launcher {
  static final List<String> EXAMPLES =
      List.of(
          "Xor",
          "Circles",
          "DigitsClassifier",
          "BackpropByHand",
          "MnistOnline",
          "MnistBest",
          "ImageBlocks",
          "MnistConv",
          "VanishingGradients",
          "SgdVersusMomentum",
          "GradientChecking",
          "ServeConcurrently",
          "ServeTable",
          "Titanic",
          "Sunspots",
          "Words",
          "Sensor",
          "FromPyTorch",
          "ToEverywhere");

  private static final int WRONG = 2;

  private Launcher() {}

  /** Takes the name of an example, and its arguments. */
  public static void main(String[] args) throws Exception {
    int exit = run(args);
    if (exit != 0) {
      System.exit(exit);
    }
  }

  /** {@return the exit code} */
  static int run(String... args) throws Exception {
    try {
      start(args);
      return 0;
    } catch (UsageException e) {
      (e.isHelp() ? System.out : System.err).println(e.getMessage());
      return e.isHelp() ? 0 : WRONG;
    }
  }

  private static void start(String[] args) throws Exception {
    String names = "the examples are " + String.join(", ", EXAMPLES) + "; each answers --help";
    if (args.length == 0 || args[0].equals(Options.HELP)) {
      throw UsageException.help(names);
    }
    if (!EXAMPLES.contains(args[0])) {
      throw UsageException.wrong("no example " + args[0] + "; " + names);
    }
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    try {
      Class.forName(Launcher.class.getPackageName() + "." + args[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) rest);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
