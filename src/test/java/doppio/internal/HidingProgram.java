package doppio.internal;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads the library as an OSGi framework does, which shows it nothing of the Vector API. */
final class HidingProgram {
  private HidingProgram() {}

  /** Prints which kernels it takes. */
  public static void main(String[] arguments) throws Exception {
    try (URLClassLoader loader = new Hiding(urls())) {
      Class<?> choice = loader.loadClass("doppio.internal.Choice");
      var field = choice.getDeclaredField("KERNELS");
      field.setAccessible(true);
      System.out.println(field.get(null).getClass().getSimpleName());
    }
  }

  private static URL[] urls() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
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
