package doppio.spark;

import doppio.Tensor;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.train.Step;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step has that the one before had not: the numbers of the model, as one array, above all.
 */
final class StepState implements Serializable {
  private static final long serialVersionUID = 1L;

  final long number;
  final long seed;

  /** The step's place in its epoch, counted from the first that was cut with it. */
  final int batch;

  final int size;

  /** Parameters, then buffers. */
  private final double[] numbers;

  private final boolean[] training;
  private final boolean[] frozen;

  StepState(Step step, int batch, long seed) {
    number = step.number();
    this.seed = seed;
    this.batch = batch;
    size = step.size();
    List<Tensor> tensors = tensors(step.model());
    numbers = new double[tensors.stream().mapToInt(Tensor::size).sum()];
    int at = 0;
    for (Tensor tensor : tensors) {
      System.arraycopy(tensor.data(), 0, numbers, at, tensor.size());
      at += tensor.size();
    }
    List<Module> modules = modules(step.model());
    training = new boolean[modules.size()];
    for (int i = 0; i < training.length; i++) {
      training[i] = modules.get(i).isTraining();
    }
    List<Parameter> parameters = step.model().parameters();
    frozen = new boolean[parameters.size()];
    for (int i = 0; i < frozen.length; i++) {
      frozen[i] = parameters.get(i).isFrozen();
    }
  }

  /** Makes a model of the same structure what the trained one was at this step. */
  void writeTo(Module model) {
    int at = 0;
    for (Tensor tensor : tensors(model)) {
      System.arraycopy(numbers, at, tensor.data(), 0, tensor.size());
      at += tensor.size();
    }
    // A module comes before those below it, which it takes along.
    List<Module> modules = modules(model);
    for (int i = 0; i < training.length; i++) {
      Module unused = training[i] ? modules.get(i).train() : modules.get(i).eval();
    }
    List<Parameter> parameters = model.parameters();
    for (int i = 0; i < frozen.length; i++) {
      parameters.get(i).frozen(frozen[i]);
    }
  }

  private static List<Tensor> tensors(Module model) {
    List<Tensor> tensors = new ArrayList<>();
    model.parameters().forEach(parameter -> tensors.add(parameter.value()));
    tensors.addAll(model.namedBuffers().values());
    return tensors;
  }

  private static List<Module> modules(Module model) {
    return List.copyOf(model.namedModules().values());
  }
}
