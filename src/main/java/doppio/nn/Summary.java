package doppio.nn;

import doppio.Tensor;
import doppio.internal.Observer;
import doppio.internal.Shapes;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The table that {@link Module#summary} returns. */
final class Summary {
  private static final String ROW = "%-32s %-18s %,12d\n";

  private final StringBuilder table = new StringBuilder();
  private final IdentityHashMap<Module, int[]> outputs = new IdentityHashMap<>();
  private final Set<Parameter> counted = new LinkedHashSet<>();

  private Summary() {}

  static String of(Module module, int... inputShape) {
    Summary s = new Summary();
    new Observer() {
      @Override
      public void output(Object seen, Tensor x, Tensor y) {
        s.outputs.putIfAbsent((Module) seen, y.shape());
      }
    }.during(() -> s.outputs.put(module, module.infer(Tensor.zeros(inputShape)).shape()));
    return s.table(module);
  }

  private String table(Module module) {
    table.append(String.format(Locale.ROOT, "%-32s %-18s %12s\n", "layer", "output", "parameters"));
    rows("", module);
    long frozen = counted.stream().filter(Parameter::isFrozen).mapToLong(Summary::size).sum();
    long total = counted.stream().mapToLong(Summary::size).sum();
    table.append(String.format(Locale.ROOT, ROW, "total", "", total));
    if (frozen > 0) {
      table.append(String.format(Locale.ROOT, ROW, "of them frozen", "", frozen));
    }
    long buffers = module.namedBuffers().values().stream().mapToLong(Tensor::size).sum();
    if (buffers > 0) {
      table.append(String.format(Locale.ROOT, ROW, "in buffers besides", "", buffers));
    }
    return table.toString();
  }

  /** A composite has its children's rows, and one of its own where it has parameters itself. */
  private void rows(String path, Module module) {
    Map<String, Module> children = module.members.children;
    boolean inside = children.values().stream().anyMatch(outputs::containsKey);
    if (!inside) {
      row(path, module, module.parameters());
      return;
    }
    if (!module.members.parameters.isEmpty()) {
      row(path, module, module.members.parameters.values());
    }
    children.forEach((name, child) -> rows(Members.join(path, name), child));
  }

  private void row(String path, Module module, Iterable<Parameter> parameters) {
    long own = 0;
    for (Parameter p : parameters) {
      own += counted.add(p) ? size(p) : 0;
    }
    String name = module.members.children.isEmpty() ? module.toString() : module.name();
    String label = path.isEmpty() ? name : path + "  " + name;
    int[] output = outputs.get(module);
    String shape = output == null ? "not called" : Shapes.text(output);
    table.append(String.format(Locale.ROOT, ROW, label, shape, own));
  }

  private static long size(Parameter p) {
    return p.value().size();
  }
}
