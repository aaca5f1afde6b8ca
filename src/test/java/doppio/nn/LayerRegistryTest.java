package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A new layer is more than its class: this test names every file that still lacks it. */
class LayerRegistryTest {
  private static final Path SOURCES = Path.of("src/main/java/doppio/nn");
  private static final Path TESTS = Path.of("src/test/java/doppio");
  private static final Path CASES = TESTS.resolve("nn/ModuleCases.java");
  private static final Path TWIN = Path.of("src/parity/java/doppio/nn/LayerTwin.java");
  private static final Path LIBRARY = Path.of("src/main/java/doppio/model/Library.java");
  private static final Path ONNX = Path.of("src/main/java/doppio/internal/onnx/save/Table.java");
  private static final Path API = Path.of("src/test/resources/doppio/api.txt");
  private static final Path README = Path.of("README.md");

  @Test
  void everyLayerIsInEveryPlaceThatALayerHas() throws Exception {
    List<String> missing = new ArrayList<>();
    Set<Class<?>> layers = concreteLayers();
    assertThat(layers).contains(Linear.class, Dropout.class);
    for (Class<?> layer : layers) {
      missing.addAll(missing(layer));
    }
    assertThat(missing).as("what new layers lack; .github/CONTRIBUTING.md explains").isEmpty();
  }

  @Test
  void aLayerThatIsNoMoreThanAClassIsToldAllThatItLacks() throws Exception {
    assertThat(missing(Bare.class))
        .hasSize(8)
        .allMatch(line -> line.startsWith("Bare: "))
        .contains("Bare: add a row to " + CASES)
        .contains("Bare: say in " + TWIN + " what it is in libtorch");
  }

  /** Nothing but the class. */
  private static final class Bare extends Layer {
    @Override
    protected void compute(Tensor x, Tensor y) {}
  }

  private static List<String> missing(Class<?> layer) throws Exception {
    String name = layer.getSimpleName();
    List<String> missing = new ArrayList<>();
    if (layer.getMethod("describe").getDeclaringClass() == Module.class) {
      missing.add(
          name + ": override describe() in " + SOURCES + ", or it has no copies and no files");
    }
    if (ModuleCases.layers().noneMatch(c -> c.create(1).getClass() == layer)) {
      missing.add(name + ": add a row to " + CASES);
    }
    if (!anyTestMakes(name)) {
      missing.add(name + ": test numbers worked by hand, in " + CASES.getParent());
    }
    if (!names(Files.readString(TWIN), name)) {
      missing.add(name + ": say in " + TWIN + " what it is in libtorch");
    }
    if (!Files.readString(LIBRARY).contains(name + ".class")) {
      missing.add(name + ": give it a name in files, in " + LIBRARY);
    }
    if (!Files.readString(ONNX).contains(name + ".class")) {
      missing.add(name + ": say in " + ONNX + " what it is in ONNX");
    }
    if (!Files.readString(API).contains("doppio.nn." + name + " is ")) {
      missing.add(name + ": renew " + API + ", mvn -q test -Dtest=ApiTest -Ddoppio.api=write");
    }
    if (!Files.readString(README).contains("`" + name + "`")) {
      missing.add(name + ": name it in " + README + ", What is in the box");
    }
    return missing;
  }

  private static boolean names(String source, String layer) {
    return source.contains("\"" + layer + "\"")
        || source.contains("instanceof " + layer + " ")
        || source.contains("instanceof " + layer + ")");
  }

  /** Whether a test other than the laws, which know no numbers, makes one. */
  private static boolean anyTestMakes(String layer) throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
        if (Files.readString(file).contains("new " + layer + "(")) {
          return true;
        }
      }
    }
    return false;
  }

  private static Set<Class<?>> concreteLayers() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java") && !name.equals("package-info.java"))
          .map(name -> load("doppio.nn." + name.replace(".java", "")))
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
