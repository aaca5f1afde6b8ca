package doppio.nn;

import doppio.Tensor;
import doppio.internal.Observer;
import doppio.internal.Shapes;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The table that {@link Module#summary} returns.
 *
 * @param <M> what has members: a module
 */
final class Summary<M> {
  private static final String ROW = "%-32s %-18s %,12d\n";

  private final StringBuilder table = new StringBuilder();
  private final IdentityHashMap<Object, int[]> outputs = new IdentityHashMap<>();
  private final Set<Parameter> counted = new LinkedHashSet<>();

  private final Function<M, String> nameOf;

  private Summary(Function<M, String> nameOf) {
    this.nameOf = nameOf;
  }

  /**
   * The table.
   *
   * @param nameOf the name of a module without its children
   * @param answer lets the module infer
   */
  static <M> String of(
      M module, Members<M> members, Function<M, String> nameOf, Supplier<Tensor> answer) {
    Summary<M> s = new Summary<>(nameOf);
    new Observer() {
      @Override
      public void output(Object seen, Tensor x, Tensor y) {
        s.outputs.putIfAbsent(seen, y.shape());
      }
    }.during(() -> s.outputs.put(module, answer.get().shape()));
    return s.table(module, members);
  }

  private String table(M module, Members<M> members) {
    table.append(String.format(Locale.ROOT, "%-32s %-18s %12s\n", "layer", "output", "parameters"));
    rows("", module, members);
    long frozen = counted.stream().filter(Parameter::isFrozen).mapToLong(Summary::size).sum();
    long total = counted.stream().mapToLong(Summary::size).sum();
    table.append(String.format(Locale.ROOT, ROW, "total", "", total));
    if (frozen > 0) {
      table.append(String.format(Locale.ROOT, ROW, "of them frozen", "", frozen));
    }
    long buffers =
        members.named(module, m -> m.buffers).values().stream().mapToLong(Tensor::size).sum();
    if (buffers > 0) {
      table.append(String.format(Locale.ROOT, ROW, "in buffers besides", "", buffers));
    }
    return table.toString();
  }

  /** A composite has its children's rows, and one of its own where it has parameters itself. */
  private void rows(String path, M module, Members<M> members) {
    Map<String, M> children = members.children;
    boolean inside = children.values().stream().anyMatch(outputs::containsKey);
    if (!inside) {
      row(path, module, members, members.named(module, m -> m.parameters).values());
      return;
    }
    if (!members.parameters.isEmpty()) {
      row(path, module, members, members.parameters.values());
    }
    children.forEach((name, child) -> rows(Members.join(path, name), child, members.of(child)));
  }

  private void row(String path, M module, Members<M> members, Iterable<Parameter> parameters) {
    long own = 0;
    for (Parameter p : parameters) {
      own += counted.add(p) ? size(p) : 0;
    }
    String name = members.children.isEmpty() ? module.toString() : nameOf.apply(module);
    String label = path.isEmpty() ? name : path + "  " + name;
    int[] output = outputs.get(module);
    String shape = output == null ? "not called" : Shapes.text(output);
    table.append(String.format(Locale.ROOT, ROW, label, shape, own));
  }

  private static long size(Parameter p) {
    return p.value().size();
  }
}
