package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a graph computes, in its order; the same for all copies of its module. */
final class Plan {
  /** Where the input lies. */
  static final int INPUT = 0;

  private final List<Step> steps;
  private final Tensor[] constants;
  private final int[] parameters;
  private final boolean[] smooth;
  private final int output;
  private final int[] shape;

  /**
   * A plan.
   *
   * @param steps those that the output needs
   * @param shape what the input must have, −1 for any size; null where nothing is known
   */
  Plan(GraphBuilder graph, List<Step> steps, int output, int[] shape) {
    this.output = output;
    this.shape = shape;
    constants = new Tensor[graph.slots()];
    smooth = new boolean[graph.slots()];
    smooth[INPUT] = !graph.fact(INPUT).whole();
    Set<Integer> trained = new LinkedHashSet<>();
    for (Step step : steps) {
      for (int k = 0; k < step.in().length; k++) {
        int slot = step.in()[k];
        constants[slot] = graph.fact(slot).constant();
        boolean differs = step.module() == null && step.function().isDifferentiable(k);
        if (constants[slot] != null && differs && graph.isTrained(slot)) {
          trained.add(slot);
          smooth[slot] = true;
        }
        smooth[step.out()] |= smooth[slot];
      }
      smooth[step.out()] &= !graph.fact(step.out()).whole();
    }
    this.steps = List.copyOf(steps);
    parameters = trained.stream().mapToInt(Integer::intValue).toArray();
  }

  List<Step> steps() {
    return steps;
  }

  /** The slots of the tensors that training may change. */
  int[] parameters() {
    return parameters;
  }

  int output() {
    return output;
  }

  /** The shape that an input must have, −1 for any size; null where nothing is known. */
  int[] shape() {
    return shape;
  }

  /** A new array of all values, of which the constant ones are there. */
  Tensor[] constants() {
    return constants.clone();
  }

  /** Whether a value depends on numbers that have a gradient. */
  boolean isSmooth(int slot) {
    return smooth[slot];
  }

  /** Throws unless the input may have the shape. */
  void check(int[] given) {
    boolean fits = shape == null || shape.length == given.length;
    for (int d = 0; fits && shape != null && d < shape.length; d++) {
      fits = shape[d] < 0 || shape[d] == given[d];
    }
    if (!fits) {
      throw new ShapeException(
          "the graph expects input "
              + Shapes.text(shape).replace("-1", "n")
              + " but got "
              + Shapes.text(given));
    }
  }
}
