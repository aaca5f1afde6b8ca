package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import doppio.nn.Composite;
import doppio.nn.Description;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Parts;
import doppio.nn.Pass;
import java.util.List;

/**
 * A graph of layers and functions that is no chain. Its children are the layers, {@code 0}, {@code
 * 1}, … in the order of the graph; tensors of the file that functions read are parameters of its
 * own.
 */
final class GraphModule extends Composite {
  private final Plan plan;
  private final List<Module> layers;
  private final List<Parameter> parameters;

  /** The values of the last recording pass, by slot. */
  private Tensor[] recorded;

  GraphModule(Plan plan, List<Module> layers, List<Parameter> parameters) {
    this.plan = plan;
    this.layers = List.copyOf(layers);
    this.parameters = List.copyOf(parameters);
    for (int k = 0; k < layers.size(); k++) {
      child(Integer.toString(k), layers.get(k));
    }
    for (int k = 0; k < parameters.size(); k++) {
      parameter(name(k), parameters.get(k));
    }
  }

  private GraphModule(Plan plan, Parts parts) {
    this(plan, parts.children(), parameters(plan, parts));
  }

  @Override
  public Description<GraphModule> describe() {
    Plan same = plan;
    return Description.of(parts -> new GraphModule(same, parts));
  }

  private static List<Parameter> parameters(Plan plan, Parts parts) {
    Parameter[] parameters = new Parameter[plan.parameters().length];
    for (int k = 0; k < parameters.length; k++) {
      parameters[k] = parts.parameter(name(k));
    }
    return List.of(parameters);
  }

  private static String name(int k) {
    return "tensor" + k;
  }

  @Override
  protected Tensor compute(Pass pass, Tensor x) {
    plan.check(x.shape());
    Tensor[] values = plan.constants();
    values[Plan.INPUT] = x;
    for (int k = 0; k < parameters.size(); k++) {
      values[plan.parameters()[k]] = parameters.get(k).value();
    }
    int next = 0;
    for (Step step : plan.steps()) {
      values[step.out()] =
          step.module() == null
              ? compute(pass, step, values)
              : pass.call(layers.get(next++), values[step.in()[0]]);
    }
    if (pass.isRecording()) {
      recorded = values;
    }
    return values[plan.output()];
  }

  private static Tensor compute(Pass pass, Step step, Tensor[] values) {
    Tensor[] in = arguments(step, values);
    try {
      Tensor y = pass.tensor(step.function().shape(Argument.of(in)));
      step.function().compute(in, y);
      return y;
    } catch (ShapeException e) {
      throw new ShapeException(step.title() + ": " + e.getMessage());
    }
  }

  private static Tensor[] arguments(Step step, Tensor[] values) {
    Tensor[] in = new Tensor[step.in().length];
    for (int k = 0; k < in.length; k++) {
      in[k] = values[step.in()[k]];
    }
    return in;
  }

  @Override
  protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
    Tensor[] gradients = new Tensor[recorded.length];
    gradients[plan.output()] = gradOutput;
    int last = layers.size();
    for (int s = plan.steps().size() - 1; s >= 0; s--) {
      Step step = plan.steps().get(s);
      Module layer = step.module() == null ? null : layers.get(--last);
      Tensor gy = gradients[step.out()];
      if (gy == null) {
        continue;
      }
      if (layer != null) {
        add(pass, gradients, step.in()[0], pass.call(layer, gy));
      } else {
        back(pass, step, gy, gradients);
      }
    }
    for (int k = 0; k < parameters.size(); k++) {
      accumulate(parameters.get(k), gradients[plan.parameters()[k]]);
    }
    Tensor gx = gradients[Plan.INPUT];
    return gx == null ? pass.tensor(recorded[Plan.INPUT].shape()).fill(0) : gx;
  }

  private void back(Pass pass, Step step, Tensor gy, Tensor[] gradients) {
    Tensor[] in = arguments(step, recorded);
    for (int k = 0; k < in.length; k++) {
      if (plan.isSmooth(step.in()[k]) && step.function().isDifferentiable(k)) {
        if (!step.function().hasGradient()) {
          throw new UnsupportedOperationException(
              step.title() + " has no gradient: it only infers");
        }
        Tensor gx = pass.tensor(in[k].shape());
        step.function().gradient(in, recorded[step.out()], gy, k, gx);
        add(pass, gradients, step.in()[k], gx);
      }
    }
  }

  private void add(Pass pass, Tensor[] gradients, int slot, Tensor more) {
    Tensor before = gradients[slot];
    if (before == null) {
      gradients[slot] = more;
      return;
    }
    Tensor sum = pass.tensor(more.shape());
    for (int i = 0; i < sum.size(); i++) {
      sum.data()[i] = before.data()[i] + more.data()[i];
    }
    gradients[slot] = sum;
  }

  private static void accumulate(Parameter parameter, Tensor gradient) {
    if (gradient == null || parameter.isFrozen()) {
      return;
    }
    double[] sum = parameter.accumulator().data();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += gradient.data()[i];
    }
  }

  @Override
  public String toString() {
    return "Graph of "
        + plan.steps().size()
        + " steps on "
        + Shapes.text(plan.shape()).replace("-1", "n")
        + super.toString().replaceFirst("^[^(]*", "");
  }
}
