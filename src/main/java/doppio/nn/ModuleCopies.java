package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Copies and replicas: modules made again from their descriptions. What two modules share, a
 * parameter, a child, a generator, their twins share.
 */
final class ModuleCopies {
  private final UnaryOperator<Parameter> parameterTwin;
  private final UnaryOperator<Generator> streamTwin;
  private final IdentityHashMap<Object, Object> made = new IdentityHashMap<>();

  private ModuleCopies(
      UnaryOperator<Parameter> parameterTwin, UnaryOperator<Generator> streamTwin) {
    this.parameterTwin = parameterTwin;
    this.streamTwin = streamTwin;
  }

  static Module copy(Module original) {
    return new ModuleCopies(Parameter::copy, ModuleCopies::ownStream).of(original);
  }

  static Module replica(Module original) {
    return replica(original, ModuleCopies::ownStream);
  }

  static Module replica(Module original, UnaryOperator<Generator> streamTwin) {
    Objects.requireNonNull(streamTwin, "generators");
    return new ModuleCopies(p -> new Parameter(p.value()).frozen(p.isFrozen()), streamTwin)
        .of(original);
  }

  /** The default generator stays the default. */
  private static Generator ownStream(Generator original) {
    return original.sharesStream(Generator.defaultGenerator()) ? original : original.copy();
  }

  static UnsupportedOperationException undescribed(Module module) {
    String name = module.name();
    StringBuilder arguments = new StringBuilder();
    module.members.parameters.keySet().forEach(n -> argument(arguments, "parameter", n));
    module.members.buffers.keySet().forEach(n -> argument(arguments, "buffer", n));
    module.members.children.keySet().forEach(n -> argument(arguments, "child", n));
    module.members.generators.keySet().forEach(n -> argument(arguments, "generator", n));
    return new UnsupportedOperationException(
        name
            + " does not say how it is made again; add: @Override public Description<"
            + name
            + "> describe() { return Description.of(parts -> new "
            + name
            + "("
            + arguments
            + ")); }");
  }

  private static void argument(StringBuilder arguments, String kind, String name) {
    arguments
        .append(arguments.length() == 0 ? "" : ", ")
        .append("parts.")
        .append(kind)
        .append("(\"")
        .append(name)
        .append("\")");
  }

  private Module of(Module original) {
    Module known = (Module) made.get(original);
    if (known != null) {
      return known;
    }
    Members<Module> own = original.members;
    Description<? extends Module> description =
        Objects.requireNonNull(original.describe(), "description of model");
    Map<String, Parameter> parameters = twins(own.parameters, parameterTwin);
    Map<String, Tensor> buffers = twins(own.buffers, Tensor::copy);
    Map<String, Module> children = new LinkedHashMap<>();
    own.children.forEach((name, child) -> children.put(name, of(child)));
    Map<String, Generator> generators = new LinkedHashMap<>();
    own.generators.forEach((name, g) -> generators.put(name, generatorTwin(g)));
    Module twin =
        new Parts(description.settings(), parameters, buffers, children, generators)
            .mode(own.training)
            .make(
                description.maker(), original.getClass(), "the description of " + original.title());
    made.put(original, twin);
    return twin;
  }

  private <T> Map<String, T> twins(Map<String, T> originals, UnaryOperator<T> twin) {
    Map<String, T> twins = new LinkedHashMap<>();
    originals.forEach((name, thing) -> twins.put(name, known(thing, twin)));
    return twins;
  }

  @SuppressWarnings("unchecked") // the twin of a thing is of its type
  private <T> T known(T original, UnaryOperator<T> twin) {
    return (T) made.computeIfAbsent(original, o -> twin.apply((T) o));
  }

  /** Two generators of one stream, in single and double precision say, have twins of one stream. */
  private Generator generatorTwin(Generator original) {
    for (Map.Entry<Object, Object> entry : made.entrySet()) {
      if (entry.getKey() instanceof Generator other && other.sharesStream(original)) {
        Generator twin = (Generator) entry.getValue();
        return known(original, g -> twin.inPrecisionOf(original));
      }
    }
    return known(original, streamTwin);
  }
}
