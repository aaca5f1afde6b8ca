package doppio;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The types of the library, found where its classes lie. */
public final class ExportedTypes {
  private ExportedTypes() {}

  /** Types that code outside can name: those of exported packages, nested ones too, by name. */
  public static List<Class<?>> visible() {
    return all().stream().filter(ExportedTypes::isVisible).toList();
  }

  /** All types of the exported packages, those of no name among them, by name. */
  public static List<Class<?>> all() {
    Path root = root();
    return exports(root).stream()
        .flatMap(name -> typeNames(root, name))
        .sorted()
        .<Class<?>>map(ExportedTypes::load)
        .toList();
  }

  private static boolean isVisible(Class<?> type) {
    boolean open =
        Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
    Class<?> outer = type.getDeclaringClass();
    return open
        && !type.isAnonymousClass()
        && !type.isLocalClass()
        && (outer == null || isVisible(outer));
  }

  private static List<String> exports(Path root) {
    try (InputStream in = Files.newInputStream(root.resolve("module-info.class"))) {
      return ModuleDescriptor.read(in).exports().stream()
          .filter(exports -> !exports.isQualified())
          .map(ModuleDescriptor.Exports::source)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> typeNames(Path root, String packageName) {
    try (Stream<Path> files = Files.list(root.resolve(packageName.replace('.', '/')))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> packageName + "." + name.substring(0, name.length() - ".class".length()))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static Path root() {
    try {
      return Path.of(Tensor.class.getResource("Tensor.class").toURI()).getParent().getParent();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
