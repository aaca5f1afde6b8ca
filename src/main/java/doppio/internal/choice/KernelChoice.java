package doppio.internal.choice;

import doppio.internal.Fma;
import doppio.internal.Jvm;
import doppio.internal.Kernels;
import doppio.internal.Keys;
import doppio.internal.Log;
import doppio.internal.Log.Level;
import doppio.internal.scalar.ScalarKernels;
import doppio.internal.threads.Parallel;

/**
 * Which kernels run: {@code -Ddoppio.kernels=auto|scalar|vector}, decided once and said in one line
 * of the log.
 *
 * <p>By default the vector kernels run where they are there and faster, for the same bits.
 */
public final class KernelChoice {
  private static final String PROPERTY = Keys.of("kernels");
  private static final String FLAG = "--add-modules " + VectorApi.MODULE;

  /** The kernels, or null if the settings ask for what cannot be had. */
  private static final Kernels KERNELS;

  /** Why there are none. */
  private static final String PROBLEM;

  static {
    Kernels kernels = null;
    String problem = null;
    try {
      Parallel.threads();
      Fma.checkSetting();
      kernels = choose(System.getProperty(PROPERTY, "auto"));
    } catch (IllegalArgumentException | IllegalStateException e) {
      problem = e.getMessage();
    }
    KERNELS = kernels;
    PROBLEM = problem;
  }

  private KernelChoice() {}

  /**
   * The implementation in use, the same for the life of the JVM.
   *
   * @throws IllegalStateException if the settings ask for one that cannot be had, or make no sense
   */
  public static Kernels kernels() {
    if (KERNELS == null) {
      throw new IllegalStateException(PROBLEM);
    }
    return KERNELS;
  }

  private static Kernels choose(String wanted) {
    return switch (wanted) {
      case "auto" -> automatic();
      case "scalar" -> scalar(Level.DEBUG, "");
      case "vector" -> forced();
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + " must be auto, scalar or vector, got " + wanted);
    };
  }

  private static Kernels automatic() {
    String obstacle;
    try {
      obstacle = obstacle();
      if (obstacle == null) {
        obstacle = obstacleToSpeed();
      }
      if (obstacle == null) {
        return vector(false);
      }
    } catch (ReflectiveOperationException | LinkageError e) {
      obstacle = "classes that cannot be loaded: ".concat(e.toString());
    }
    return scalar(Level.INFO, "; the faster vector kernels need ".concat(obstacle));
  }

  private static Kernels forced() {
    try {
      String obstacle = obstacle();
      if (obstacle != null) {
        throw new IllegalStateException("-D" + PROPERTY + "=vector needs " + obstacle);
      }
      return vector(true);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException("the vector kernels cannot be loaded: " + e, e);
    }
  }

  /** What the vector kernels cannot do without, or null. */
  private static String obstacle() {
    if (!VectorApi.isThere()) {
      return "the java option " + FLAG;
    }
    return Fma.FAST ? null : "a processor with fused multiply-add";
  }

  /** What they lack to be faster, or null. */
  private static String obstacleToSpeed() {
    String option = Jvm.obstacleToVectors();
    return option == null
        ? null
        : "vectors of the JIT compiler, which makes none here: ".concat(option);
  }

  private static Kernels scalar(Level level, String reason) {
    say(level, "scalar kernels", reason);
    return new ScalarKernels();
  }

  private static Kernels vector(boolean fromTheStart) throws ReflectiveOperationException {
    Kernels kernels = VectorApi.kernels(fromTheStart);
    say(Level.DEBUG, "vector kernels", "");
    return kernels;
  }

  /** Without operators on strings, whose first use takes 20 ms. */
  private static void say(Level level, String kernels, String reason) {
    Log.say(level, kernels.concat("; fused multiply-add: ").concat(Fma.VERDICT).concat(reason));
  }
}
