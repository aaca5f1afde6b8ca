package doppio.internal.choice;

import doppio.internal.Kernels;
import java.util.Optional;

/**
 * The Vector API of this JDK, and the kernels that use it: loaded by name, and only where its
 * module is there, for a class that names it fails to link elsewhere. No other class asks for
 * modules. Android has none: this class does not link there.
 */
final class VectorApi {
  static final String MODULE = "jdk.incubator.vector";

  private VectorApi() {}

  static boolean isThere() {
    return module().isPresent();
  }

  /**
   * The kernels. The module of the library declares nothing about the incubator, of which a user's
   * compiler would warn, so it is told here to read it.
   */
  static Kernels kernels() throws ReflectiveOperationException {
    VectorApi.class.getModule().addReads(module().orElseThrow());
    // The library's class loader may show it less of the JDK than there is.
    Class.forName("jdk.incubator.vector.DoubleVector", false, VectorApi.class.getClassLoader());
    return Class.forName("doppio.internal.vector.VectorKernels")
        .asSubclass(Kernels.class)
        .getDeclaredConstructor()
        .newInstance();
  }

  private static Optional<Module> module() {
    return ModuleLayer.boot().findModule(MODULE);
  }
}
