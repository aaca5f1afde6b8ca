package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LayerRegistryTest {
  @Test
  void everyLayerOfThePackageHasARow() throws Exception {
    Set<Class<?>> tested =
        ModuleCases.layers().map(c -> c.create(1).getClass()).collect(Collectors.toSet());
    Set<Class<?>> layers = concreteLayers();
    assertThat(layers).contains(Linear.class, Dropout.class);
    assertThat(tested).containsAll(layers);
  }

  private static Set<Class<?>> concreteLayers() throws IOException, URISyntaxException {
    Path classes = Path.of(Layer.class.getResource("Layer.class").toURI()).getParent();
    try (Stream<Path> files = Files.list(classes)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
          .map(name -> load("doppio.nn." + name.replace(".class", "")))
          .filter(Layer.class::isAssignableFrom)
          .filter(type -> !Modifier.isAbstract(type.getModifiers()))
          .collect(Collectors.toSet());
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
