package doppio.internal;

import java.net.URL;
import java.net.URLClassLoader;

/** Loads the library as an OSGi framework does, which shows it nothing of the Vector API. */
final class HidingProgram {
  private HidingProgram() {}

  /** Prints which kernels it takes. */
  public static void main(String[] arguments) throws Exception {
    try (URLClassLoader loader = new Hiding(ClassPath.urls())) {
      Class<?> choice = loader.loadClass("doppio.internal.choice.KernelChoice");
      Object kernels = choice.getMethod("kernels").invoke(null);
      System.out.println(kernels.getClass().getSimpleName());
    }
  }

  private static final class Hiding extends URLClassLoader {
    Hiding(URL[] urls) {
      super(urls, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("jdk.incubator.")) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }
}
