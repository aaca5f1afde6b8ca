package doppio.model;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.state.JsonWriter;
import doppio.model.Architecture.Node;
import doppio.model.Architecture.Stream;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Parts;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a module of an architecture and the tensors that it names. */
final class Builder {
  private final Registry own;
  private final Map<String, Tensor> tensors;
  private final Set<String> frozen;
  private final Map<String, Parameter> parameters = new HashMap<>();
  private final Map<String, Module> made = new HashMap<>();
  private final Map<Stream, Generator> generators = new HashMap<>();

  private Builder(Registry own, Map<String, Tensor> tensors, List<String> frozen) {
    this.own = own;
    this.tensors = tensors;
    this.frozen = new HashSet<>(frozen);
    generators.put(new Stream(0, false), Generator.defaultGenerator());
  }

  /**
   * Makes the module, over the tensors themselves.
   *
   * @throws IllegalArgumentException if the architecture and the tensors, or the registry, do not
   *     fit each other; the message names the module
   */
  static Module build(Architecture architecture, Map<String, Tensor> tensors, Registry own) {
    Builder builder = new Builder(own, tensors, architecture.frozen);
    Module module = builder.module(architecture.root, "");
    for (String name : builder.frozen) {
      if (!builder.parameters.containsKey(name)) {
        throw new IllegalArgumentException(JsonWriter.brief(name) + " is frozen but no parameter");
      }
    }
    requireAll(module.stateDict(), tensors);
    return module;
  }

  private Module module(Node node, String path) {
    Module module = node.same == null ? make(node, path) : made.get(node.same);
    if (module == null) {
      throw refused(path, "there is no module " + JsonWriter.brief(node.same) + " before it");
    }
    return module;
  }

  private Module make(Node node, String path) {
    Registry.Entry entry = (node.isOwn ? own : Library.MODULES).named(node.type);
    if (entry == null) {
      throw refused(path, unknown(node));
    }
    Map<String, Parameter> itsParameters = new LinkedHashMap<>();
    node.parameters.forEach((name, key) -> itsParameters.put(name, parameter(key, path)));
    Map<String, Tensor> itsBuffers = new LinkedHashMap<>();
    node.buffers.forEach((name, key) -> itsBuffers.put(name, tensor(key, path)));
    Map<String, Module> children = new LinkedHashMap<>();
    node.children.forEach(
        (name, child) -> children.put(name, module(child, Architecture.join(path, name))));
    Map<String, Generator> itsGenerators = new LinkedHashMap<>();
    node.generators.forEach((name, stream) -> itsGenerators.put(name, generator(stream)));
    Parts parts =
        new Parts(node.settings, itsParameters, itsBuffers, children, itsGenerators)
            .mode(node.isTraining);
    Module module;
    try {
      module = parts.make(entry.maker(), entry.type(), "the registered function of " + node.type);
      requireSettings(node, module);
    } catch (RuntimeException e) {
      // A function of the user's may throw anything where its parts are not what it expects, and a
      // null where a parameter is missing is met by many.
      throw refused(path, node.type + " cannot be made of its parts: " + e.getMessage(), e);
    }
    made.put(path, module);
    return module;
  }

  private String unknown(Node node) {
    String name = JsonWriter.brief(node.type);
    return node.isOwn
        ? name
            + " is not among the names of "
            + own
            + ": give the loader Registry.of("
            + name
            + ", its class, the function of its description)"
        : "the library has no " + name + "; a later version may have it";
  }

  /** Whoever ignores a setting of a file would compute something else, silently. */
  private static void requireSettings(Node node, Module module) {
    Map<String, Object> settings = module.describe().settings();
    node.settings.forEach(
        (name, value) -> {
          if (!settings.containsKey(name)) {
            throw new IllegalArgumentException("there is no setting " + JsonWriter.brief(name));
          }
          Object has = settings.get(name);
          if (!number(value).equals(number(has))) {
            throw new IllegalArgumentException(
                "the setting " + name + " is " + value + ", and of what is made " + has);
          }
        });
  }

  /** The setting, with its numbers as doubles, for 1 and 1.0 are the same to a reader. */
  private static Object number(Object setting) {
    if (setting instanceof List<?> list) {
      return list.stream().map(Builder::number).collect(Collectors.toUnmodifiableList());
    }
    return setting instanceof Number n ? (Object) n.doubleValue() : String.valueOf(setting);
  }

  private Parameter parameter(String key, String path) {
    Parameter known = parameters.get(key);
    if (known == null) {
      known = new Parameter(tensor(key, path)).frozen(frozen.contains(key));
      parameters.put(key, known);
    }
    return known;
  }

  private Tensor tensor(String key, String path) {
    Tensor tensor = tensors.get(key);
    if (tensor == null) {
      throw refused(path, "the tensor " + JsonWriter.brief(key) + " is missing");
    }
    return tensor;
  }

  private Generator generator(Stream stream) {
    Generator known = generators.get(stream);
    if (known == null) {
      known =
          stream.isSingle()
              ? generator(new Stream(stream.number(), false)).singlePrecision()
              : new Generator(stream.number());
      generators.put(stream, known);
    }
    return known;
  }

  /** All tensors must be the module's, and what is shared have one value under all its names. */
  private static void requireAll(Map<String, Tensor> expected, Map<String, Tensor> given) {
    expected.forEach(
        (name, tensor) -> {
          Tensor value = given.get(name);
          if (value == null) {
            throw new IllegalArgumentException("the tensor " + name + " is missing");
          }
          if (!value.sameShape(tensor) || !Arrays.equals(value.data(), tensor.data())) {
            throw new IllegalArgumentException(
                "the tensor " + name + " is shared but has other values than its other names");
          }
        });
    for (String name : given.keySet()) {
      if (!expected.containsKey(name)) {
        throw new IllegalArgumentException("unexpected tensor " + JsonWriter.brief(name));
      }
    }
  }

  private static IllegalArgumentException refused(String path, String why) {
    return refused(path, why, null);
  }

  private static IllegalArgumentException refused(String path, String why, Throwable cause) {
    return new IllegalArgumentException(Architecture.place(path) + ": " + why, cause);
  }
}
