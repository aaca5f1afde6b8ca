package doppio.internal.choice;

import doppio.internal.Fma;
import doppio.internal.Jvm;
import doppio.internal.Kernels;
import doppio.internal.Keys;
import doppio.internal.Log;
import doppio.internal.Log.Level;
import doppio.internal.TileShape;
import doppio.internal.scalar.Countdown;
import doppio.internal.scalar.ScalarKernels;
import doppio.internal.threads.Parallel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Which kernels run: {@code -Ddoppio.kernels=auto|scalar|vector}, said in one line of the log.
 *
 * <p>By default the plain kernels begin. Where so much is computed that it pays, the vector kernels
 * go on, if they are there and faster, for the same bits; or else the log says what they need. A
 * short program would only wait for the JIT to compile them, a second of work that they do slowly.
 */
public final class KernelChoice {
  /** Multiply-adds, a second or some of the plain kernels: what the JIT takes for the others. */
  private static final long ENOUGH = 1L << 33;

  private static final String PROPERTY = Keys.of("kernels");
  private static final String FLAG = "--add-modules " + VectorApi.MODULE;

  /**
   * The kernels, or null if the settings ask for what cannot be had. A thread that sees the first
   * ones for longer than others gets the same bits.
   */
  private static Kernels kernels;

  /** Why there are none. */
  private static final String PROBLEM;

  static {
    String problem = null;
    try {
      Parallel.threads();
      Fma.checkSetting();
      TileShape.checkSetting();
      kernels = choose(System.getProperty(PROPERTY, "auto"));
    } catch (IllegalArgumentException | IllegalStateException e) {
      problem = e.getMessage();
    }
    PROBLEM = problem;
  }

  private KernelChoice() {}

  /**
   * The implementation in use.
   *
   * @throws IllegalStateException if the settings ask for one that cannot be had, or make no sense
   */
  public static Kernels kernels() {
    Kernels now = kernels;
    if (now == null) {
      throw new IllegalStateException(PROBLEM);
    }
    return now;
  }

  private static Kernels choose(String wanted) {
    return switch (wanted) {
      case "auto" -> new ScalarKernels(new Countdown(ENOUGH, new Automatic()));
      case "scalar" -> scalar(Level.DEBUG, "");
      case "vector" -> forced();
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + " must be auto, scalar or vector, got " + wanted);
    };
  }

  /** Goes over to the vector kernels or says what they need, when so much has been computed. */
  private static final class Automatic implements Runnable {
    private final AtomicBoolean done = new AtomicBoolean();

    @Override
    public void run() {
      if (done.compareAndSet(false, true)) {
        kernels = automatic();
      }
    }
  }

  private static Kernels automatic() {
    String obstacle;
    try {
      obstacle = obstacle();
      if (obstacle == null) {
        obstacle = obstacleToSpeed();
      }
      if (obstacle == null) {
        return vector();
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
      return vector();
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

  private static Kernels vector() throws ReflectiveOperationException {
    Kernels vector = VectorApi.kernels();
    say(Level.DEBUG, "vector kernels", "");
    return vector;
  }

  /** Without operators on strings, whose first use takes 20 ms. */
  private static void say(Level level, String kernels, String reason) {
    Log.say(level, kernels.concat("; fused multiply-add: ").concat(Fma.VERDICT).concat(reason));
  }
}
