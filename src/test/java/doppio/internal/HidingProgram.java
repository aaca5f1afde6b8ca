package doppio.internal;

import java.net.URL;
import java.net.URLClassLoader;

/**
 * Loads the library as an OSGi framework does, which shows it nothing of the Vector API, or as a
 * minimised jar has it, without the vector kernels.
 */
final class HidingProgram {
  private HidingProgram() {}

  /** Prints which kernels it takes where there is no class whose name begins with the argument. */
  public static void main(String[] arguments) throws Exception {
    // Left open: the line of the log is written by a thread that needs more classes.
    URLClassLoader loader = new Hiding(arguments[0], ClassPath.urls());
    Class<?> choice = loader.loadClass("doppio.internal.choice.KernelChoice");
    Object first = choice.getMethod("kernels").invoke(null);
    loader
        .loadClass("doppio.internal.scalar.Enough")
        .getMethod("seen", loader.loadClass("doppio.internal.Kernels"))
        .invoke(null, first);
    System.out.println(choice.getMethod("kernels").invoke(null).getClass().getSimpleName());
  }

  private static final class Hiding extends URLClassLoader {
    private final String hidden;

    Hiding(String hidden, URL[] urls) {
      super(urls, ClassLoader.getPlatformClassLoader());
      this.hidden = hidden;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(hidden)) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }
}
