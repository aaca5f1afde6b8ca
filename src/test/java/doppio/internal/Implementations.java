package doppio.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doppio.internal.scalar.ScalarKernels;
import java.util.List;

/** The implementations of {@link Kernels}, by the names that {@code -Ddoppio.kernels} has. */
final class Implementations {
  static final String SCALAR = "scalar";
  static final String VECTOR = "vector";
  static final String MODULE = "jdk.incubator.vector";

  private Implementations() {}

  /** The kernels of that name, whatever the JVM itself uses; the test is skipped without them. */
  static Kernels of(String name) {
    if (name.equals(SCALAR)) {
      return new ScalarKernels();
    }
    assumeTrue(hasVectorModule(), "the vector kernels need --add-modules " + MODULE);
    assumeTrue(Fma.FAST, "the vector kernels need fused multiply-add");
    return vector();
  }

  /** The kernels that this JVM has, the plain ones first. */
  static List<Kernels> present() {
    Kernels plain = new ScalarKernels();
    return hasVectorModule() && Fma.FAST ? List.of(plain, vector()) : List.of(plain);
  }

  private static Kernels vector() {
    try {
      // By name, for the class does not link without the module.
      return Class.forName("doppio.internal.vector.VectorKernels")
          .asSubclass(Kernels.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }
}
