package doppio.pages;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.data.Digits;
import doppio.internal.state.JsonReader;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Executable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is looked up by name at run time stands in the metadata that image builders read. */
@Tag("once")
class NativeImageTest {
  private static final Path SOURCES = Path.of("src/main/java");

  private static final Path METADATA =
      Path.of("src/main/resources/META-INF/native-image/io.github.doppio-nn/doppio");

  /** A lookup: what it is asked of, the method, and the name that it gets if that is a text. */
  private static final Pattern LOOKUP =
      Pattern.compile(
          "([\\w.]+|\\))\\s*\\.\\s*(forName|loadClass|getResource\\w*|getRecordComponents"
              + "|get(?:Declared)?(?:Method|Field|Constructor|Class)(?:e?s)?)\\((?:\\s*\"([^\"]*)\")?"
              + "|\\b(?:ServiceLoader|MethodHandles?|VarHandle|Proxy|ResourceBundle"
              + "|ObjectInputStream)\\b");

  /** Looks up what is in the records of a program, which has metadata of its own. */
  private static final Path OF_RECORDS = SOURCES.resolve("doppio/table/Schema.java");

  /** What a constructor is called there. */
  private static final String INIT = "<init>";

  private static final List<String> RECORD =
      List.of("name", "allRecordComponents", "allDeclaredConstructors", "allDeclaredMethods");

  @Test
  void everyLookupByNameIsThere() throws IOException {
    Map<String, List<String>> classes = classes();
    List<String> members = new ArrayList<>();
    classes.values().forEach(members::addAll);
    List<String> unknown = new ArrayList<>();
    int lookups = 0;
    for (Path file : sources()) {
      for (MatchResult found : LOOKUP.matcher(code(file)).results().toList()) {
        String of = String.valueOf(found.group(1));
        String name = found.group(3);
        boolean known =
            switch (String.valueOf(found.group(2))) {
              case "getClass" -> true;
              case "forName" -> of.equals("Charset") || classes.containsKey(name);
              case "getMethod" -> isFoundInCode(of, name) || contains(members, name);
              case "getDeclaredConstructor" -> contains(members, INIT);
              case "getResourceAsStream" -> of.equals("Digits.class");
              default -> false;
            };
        lookups++;
        if (!known && !file.equals(OF_RECORDS)) {
          unknown.add(file + ": " + found.group());
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(lookups).isGreaterThan(8);
  }

  /** Image builders see for themselves what is asked of a class by a text. */
  private static boolean isFoundInCode(String of, String name) {
    return of.endsWith(".class") && name != null;
  }

  private static boolean contains(List<String> members, String name) {
    return members.stream().anyMatch(member -> member.startsWith(name + "("));
  }

  @Test
  void whatIsThereExists() throws Exception {
    Map<String, List<String>> classes = classes();
    assertThat(classes).containsKey("doppio.internal.vector.VectorKernels");
    for (Map.Entry<String, List<String>> entry : classes.entrySet()) {
      String file = entry.getKey().replace('.', '/') + ".class";
      boolean own = getClass().getClassLoader().getResource(file) != null;
      assertThat(own || isOfTheJdk(file)).as(entry.getKey()).isTrue();
      boolean loads = !file.contains("vector") || isVectorApiThere();
      if (loads && !entry.getValue().isEmpty()) {
        Class<?> type = Class.forName(entry.getKey(), false, getClass().getClassLoader());
        assertThat(members(type)).as(entry.getKey()).containsAll(entry.getValue());
      }
    }
  }

  @Test
  void theDigitsAreThere() throws IOException {
    String json = Files.readString(METADATA.resolve("resource-config.json"));
    String pattern = json.replaceFirst("(?s).*\"pattern\": *\"([^\"]*)\".*", "$1");
    assertThat("doppio/data/digits.csv.gz").matches(pattern);
    assertThat(Digits.class.getResource("digits.csv.gz")).isNotNull();
  }

  /** What {@code Schema} looks up: components, with their accessors, and the constructor. */
  @Test
  void theLineForARecordHasWhatIsLookedUpInRecords() throws IOException {
    Page.Block block =
        Page.read(Page.SITE.resolve("stability.md")).blocks().stream()
            .filter(b -> b.language().equals("json"))
            .findFirst()
            .orElseThrow();
    JsonReader json = new JsonReader(block.code().strip().getBytes(StandardCharsets.UTF_8));
    List<String> keys = new ArrayList<>();
    for (boolean more = json.open('[', ']'); more; more = json.more(']')) {
      HashSet<String> seen = new HashSet<>();
      for (boolean field = json.open('{', '}'); field; field = json.more('}')) {
        String key = json.key(seen);
        keys.add(key);
        assertThat(key.equals("name") ? json.string() : json.truth())
            .isIn("com.acme.Penguin", true);
      }
    }
    json.end();
    assertThat(keys).containsExactlyElementsOf(RECORD);
    List<String> asked =
        LOOKUP.matcher(code(OF_RECORDS)).results().map(found -> found.group(2)).toList();
    assertThat(asked).contains("getRecordComponents", "getDeclaredConstructor");
  }

  /** The members that each class of the metadata has there, each with the types that it takes. */
  private static Map<String, List<String>> classes() throws IOException {
    JsonReader json =
        new JsonReader(
            Files.readString(METADATA.resolve("reflect-config.json"))
                .strip()
                .getBytes(StandardCharsets.UTF_8));
    Map<String, List<String>> classes = new LinkedHashMap<>();
    for (boolean more = json.open('[', ']'); more; more = json.more(']')) {
      HashSet<String> seen = new HashSet<>();
      String name = null;
      List<String> members = new ArrayList<>();
      for (boolean field = json.open('{', '}'); field; field = json.more('}')) {
        if (json.key(seen).equals("name")) {
          name = json.string();
        } else {
          for (boolean member = json.open('[', ']'); member; member = json.more(']')) {
            members.add(member(json));
          }
        }
      }
      classes.put(name, members);
    }
    json.end();
    return classes;
  }

  private static String member(JsonReader json) throws IOException {
    HashSet<String> seen = new HashSet<>();
    String name = null;
    List<String> types = new ArrayList<>();
    for (boolean field = json.open('{', '}'); field; field = json.more('}')) {
      if (json.key(seen).equals("name")) {
        name = json.string();
      } else {
        for (boolean type = json.open('[', ']'); type; type = json.more(']')) {
          types.add(json.string());
        }
      }
    }
    return name + "(" + String.join(", ", types) + ")";
  }

  private static List<String> members(Class<?> type) {
    List<String> members = new ArrayList<>();
    Arrays.stream(type.getDeclaredConstructors()).forEach(c -> members.add(text(INIT, c)));
    Arrays.stream(type.getMethods()).forEach(m -> members.add(text(m.getName(), m)));
    return members;
  }

  private static String text(String name, Executable member) {
    List<String> types = Arrays.stream(member.getParameterTypes()).map(Class::getName).toList();
    return name + "(" + String.join(", ", types) + ")";
  }

  private static boolean isVectorApiThere() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  private static boolean isOfTheJdk(String file) throws IOException {
    for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
      try (ModuleReader reader = module.open()) {
        if (reader.find(file).isPresent()) {
          return true;
        }
      }
    }
    return false;
  }

  private static String code(Path file) throws IOException {
    return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
