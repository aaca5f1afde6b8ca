package doppio.train;

import doppio.internal.Require;
import doppio.nn.Parameter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records the mean of |∂w| over the elements of each parameter, for every batch: before clipping, 0
 * for a parameter without a gradient. It shows gradients that vanish or explode.
 *
 * <p>Costs a pass over the gradients of a batch. The recorded numbers are in no checkpoint.
 */
public final class GradientStatistics implements Callback {
  private final List<String> wanted;
  private final Map<String, Doubles> means = new LinkedHashMap<>();
  private Parameter[] parameters = {};
  private Doubles[] columns = {};

  /**
   * Records the named parameters, or all where none is named.
   *
   * @param names as {@link doppio.nn.Module#namedParameters()} has them, {@code 0.weight} say
   */
  public GradientStatistics(String... names) {
    wanted = Require.copy("names", names);
  }

  /**
   * Finds the parameters.
   *
   * @throws IllegalStateException if the model has none of a name that was asked for
   */
  @Override
  public void start(Training training) {
    Map<String, Parameter> all = training.model().namedParameters();
    List<String> names = wanted.isEmpty() ? new ArrayList<>(all.keySet()) : wanted;
    for (String name : names) {
      if (!all.containsKey(name)) {
        throw new IllegalStateException("no parameter " + name + "; there are " + all.keySet());
      }
    }
    names.forEach(name -> means.computeIfAbsent(name, n -> new Doubles()));
    parameters = names.stream().map(all::get).toArray(Parameter[]::new);
    columns = names.stream().map(means::get).toArray(Doubles[]::new);
  }

  @Override
  public void gradients(Training training) {
    for (int i = 0; i < parameters.length; i++) {
      columns[i].add(meanSize(parameters[i]));
    }
  }

  /** The names of the parameters recorded; none before the training has begun. */
  public List<String> names() {
    return List.copyOf(means.keySet());
  }

  /**
   * The means of a parameter, one number a batch.
   *
   * @throws IllegalArgumentException if this parameter is not recorded
   */
  public double[] means(String name) {
    Doubles column = means.get(name);
    if (column == null) {
      throw new IllegalArgumentException(
          "parameter " + name + " is not recorded; there are " + means.keySet());
    }
    return column.toArray();
  }

  /**
   * Writes a line for each batch: {@code step}, counted from 1, and a number for each parameter.
   *
   * @param file replaced as a whole, see {@link doppio.io}
   * @throws IOException if it cannot be written
   */
  public void save(Path file) throws IOException {
    CsvFile.write(file, text());
  }

  /** As {@link #save(Path)}, to a stream, which is flushed and not closed. */
  public void save(OutputStream out) throws IOException {
    CsvFile.write(out, text());
  }

  private StringBuilder text() {
    StringBuilder csv = new StringBuilder("step");
    means.keySet().forEach(name -> csv.append(',').append(name));
    csv.append('\n');
    int steps = columns.length == 0 ? 0 : columns[0].size();
    for (int step = 0; step < steps; step++) {
      csv.append(step + 1);
      for (Doubles column : columns) {
        csv.append(',').append(column.get(step));
      }
      csv.append('\n');
    }
    return csv;
  }

  /** The names of the parameters asked for. */
  @Override
  public String toString() {
    return wanted.isEmpty()
        ? "GradientStatistics(all parameters)"
        : "GradientStatistics(" + String.join(", ", wanted) + ")";
  }

  private static double meanSize(Parameter parameter) {
    if (!parameter.hasGradient()) {
      return 0;
    }
    double sum = 0;
    for (double g : parameter.grad().data()) {
      sum += Math.abs(g);
    }
    return sum / parameter.value().size();
  }
}
