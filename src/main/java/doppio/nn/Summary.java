package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The table that {@link Module#summary} returns. */
final class Summary {
  private static final String ROW = "%-32s %-18s %,12d\n";

  private final StringBuilder table = new StringBuilder();
  private final Set<Parameter> counted = new LinkedHashSet<>();

  private Summary() {}

  static String of(Module module, int... inputShape) {
    Summary s = new Summary();
    s.table.append(
        String.format(Locale.ROOT, "%-32s %-18s %12s\n", "layer", "output", "parameters"));
    s.add("", module, Tensor.zeros(inputShape));
    long frozen =
        s.counted.stream().filter(Parameter::isFrozen).mapToLong(p -> p.value().size()).sum();
    long total = s.counted.stream().mapToLong(p -> p.value().size()).sum();
    s.table.append(String.format(Locale.ROOT, ROW, "total", "", total));
    if (frozen > 0) {
      s.table.append(String.format(Locale.ROOT, ROW, "of them frozen", "", frozen));
    }
    return s.table.toString();
  }

  private Tensor add(String path, Module module, Tensor x) {
    if (module instanceof Sequential) {
      Tensor y = x;
      for (Map.Entry<String, Module> child : module.children().entrySet()) {
        try {
          y =
              add(
                  path.isEmpty() ? child.getKey() : path + "." + child.getKey(),
                  child.getValue(),
                  y);
        } catch (ShapeException e) {
          throw e.in(child.getKey(), "Sequential");
        }
      }
      return y;
    }
    Tensor y = module.infer(x);
    long own = 0;
    for (Parameter p : module.parameters()) {
      own += counted.add(p) ? p.value().size() : 0;
    }
    String name =
        module.children().isEmpty() ? module.toString() : module.getClass().getSimpleName();
    String label = path.isEmpty() ? name : path + "  " + name;
    table.append(String.format(Locale.ROOT, ROW, label, Arrays.toString(y.shape()), own));
    return y;
  }
}
