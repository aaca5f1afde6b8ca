package doppio.internal;

import java.lang.System.Logger.Level;

/**
 * Which kernels run: {@code -Ddoppio.kernels=auto|scalar|vector}, decided once.
 *
 * <p>The vector kernels are loaded by name, and only where the module of the Vector API is there: a
 * class that names it fails to link elsewhere.
 */
final class Choice {
  private static final String PROPERTY = "doppio.kernels";
  private static final String MODULE = "jdk.incubator.vector";
  private static final String FLAG = "--add-modules " + MODULE;

  /** The kernels, or null if the settings ask for what cannot be had. */
  static final Kernels KERNELS;

  /** Why there are none. */
  static final String PROBLEM;

  static {
    Kernels kernels = null;
    String problem = null;
    try {
      Parallel.threads();
      kernels = choose(System.getProperty(PROPERTY, "auto"));
    } catch (IllegalArgumentException | IllegalStateException e) {
      problem = e.getMessage();
    }
    KERNELS = kernels;
    PROBLEM = problem;
  }

  private Choice() {}

  private static Kernels choose(String wanted) {
    return switch (wanted) {
      case "auto" -> automatic();
      case "scalar" -> new ScalarKernels();
      case "vector" -> {
        String obstacle = obstacle();
        if (obstacle != null) {
          throw new IllegalStateException("-D" + PROPERTY + "=vector needs " + obstacle);
        }
        yield vector(true);
      }
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + " must be auto, scalar or vector, got " + wanted);
    };
  }

  private static Kernels automatic() {
    String obstacle = obstacle();
    if (obstacle == null) {
      log(Level.DEBUG, "vector kernels");
      return vector(false);
    }
    log(Level.INFO, "scalar kernels; the faster vector kernels need " + obstacle);
    return new ScalarKernels();
  }

  /** The JDK's logging takes 60 ms to start, which is not the caller's time. */
  private static void log(Level level, String message) {
    Thread logging =
        new Thread("doppio-log") {
          @Override
          public void run() {
            System.getLogger("doppio").log(level, message);
          }
        };
    logging.setDaemon(true);
    logging.start();
  }

  /** What the vector kernels lack, or null. */
  private static String obstacle() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "the java option " + FLAG;
    }
    return Fma.FAST ? null : "a processor with fused multiply-add";
  }

  private static Kernels vector(boolean fromTheStart) {
    try {
      return Class.forName("doppio.internal.VectorKernels")
          .asSubclass(Kernels.class)
          .getDeclaredConstructor(boolean.class)
          .newInstance(fromTheStart);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException("the vector kernels cannot be loaded: " + e, e);
    }
  }
}
