package doppio.model;

import doppio.Generator;
import doppio.Tensor;
import doppio.model.Architecture.Node;
import doppio.model.Architecture.Stream;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Parts;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the architecture of a module, by the descriptions that it and those below it give. */
final class Describer {
  private final Registry own;
  private final Architecture architecture = new Architecture();
  private final IdentityHashMap<Module, String> paths = new IdentityHashMap<>();
  private final IdentityHashMap<Tensor, String> tensors = new IdentityHashMap<>();
  private final List<Generator> streams = new ArrayList<>();

  private Describer(Registry own) {
    this.own = own;
    streams.add(Generator.defaultGenerator());
  }

  /**
   * The architecture of a module.
   *
   * @throws IllegalArgumentException if a module in it is not described or not registered
   */
  static Architecture describe(Module module, Registry own) {
    Describer describer = new Describer(own);
    describer.architecture.root = describer.node(module, "", 1);
    return describer.architecture;
  }

  private Node node(Module module, String path, int depth) {
    Node node = new Node();
    String before = paths.putIfAbsent(module, path);
    if (before != null) {
      node.same = before;
      return node;
    }
    if (depth > Architecture.MAX_DEPTH) {
      throw refused(
          path, "stands in more than " + Architecture.MAX_DEPTH + " modules within each other");
    }
    type(node, module, path);
    Parts parts = parts(module, path);
    node.settings.putAll(parts.settings());
    node.isTraining = parts.isTraining();
    parts.parameters().forEach((name, p) -> node.parameters.put(name, parameter(p, path, name)));
    parts.buffers().forEach((name, b) -> node.buffers.put(name, tensor(b, path, name)));
    parts.generators().forEach((name, g) -> node.generators.put(name, stream(g)));
    Map<String, Module> children = new LinkedHashMap<>(module.children());
    children.forEach(
        (name, child) ->
            node.children.put(name, node(child, Architecture.join(path, name), depth + 1)));
    return node;
  }

  private void type(Node node, Module module, String path) {
    Registry.Entry entry = Library.MODULES.of(module.getClass());
    node.isOwn = entry == null;
    if (entry == null) {
      entry = own.of(module.getClass());
    }
    if (entry == null) {
      String name = module.getClass().getSimpleName();
      throw refused(
          path,
          "is of the class "
              + module.getClass().getName()
              + ", which has no name in files: add Registry.of(\""
              + name
              + "\", "
              + name
              + ".class, the function of its description)");
    }
    node.type = entry.name();
  }

  /** A description is code of the user's, and a checkpoint must be written whatever it throws. */
  private static Parts parts(Module module, String path) {
    try {
      return Parts.of(module);
    } catch (UnsupportedOperationException e) {
      throw new IllegalArgumentException(Architecture.place(path) + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          Architecture.place(path) + ": its description fails: " + e, e);
    }
  }

  private String parameter(Parameter parameter, String path, String name) {
    boolean isNew = !tensors.containsKey(parameter.value());
    String tensor = tensor(parameter.value(), path, name);
    if (isNew && parameter.isFrozen()) {
      architecture.frozen.add(tensor);
    }
    return tensor;
  }

  private String tensor(Tensor tensor, String path, String name) {
    return tensors.computeIfAbsent(tensor, t -> Architecture.join(path, name));
  }

  private Stream stream(Generator generator) {
    int number = 0;
    while (number < streams.size() && !streams.get(number).sharesStream(generator)) {
      number++;
    }
    if (number == streams.size()) {
      streams.add(generator);
    }
    return new Stream(number, generator.isSinglePrecision());
  }

  private static IllegalArgumentException refused(String path, String why) {
    return new IllegalArgumentException(Architecture.place(path) + " " + why);
  }
}
