package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.internal.Slices;
import doppio.loss.Loss;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.List;

/** A replica of the model and what it made of the last block. */
final class Block {
  final Module model;
  final List<Parameter> parameters;
  final List<Tensor> buffers;
  private final Modes modes;
  private final Loss loss;
  private final List<Generator> generators;
  private final List<Module> originalModules;
  private final List<Parameter> originalParameters;
  private final List<Tensor> originalBuffers;

  int[] outputShape;
  int size;
  double divisor;
  double lossSum;

  Block(Module original, Loss loss) {
    model = original.replica(Generator::copy);
    modes = new Modes(model);
    this.loss = loss.copy();
    parameters = model.parameters();
    buffers = List.copyOf(model.namedBuffers().values());
    generators = List.copyOf(model.namedGenerators().values());
    originalModules = List.copyOf(original.namedModules().values());
    originalParameters = original.parameters();
    originalBuffers = List.copyOf(original.namedBuffers().values());
  }

  /** Whether the model still has the modules that it was replicated with. */
  boolean fits(Module original) {
    return originalModules.equals(List.copyOf(original.namedModules().values()));
  }

  /** Freezes what is frozen in the model, and thaws the rest. */
  void freezeAsTheOriginal() {
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).frozen(originalParameters.get(i).isFrozen());
    }
  }

  /** Gives the replica the modes of the model's modules. */
  void follow(Modes original) {
    original.copyTo(modes);
  }

  /**
   * Computes a block's loss and gradient.
   *
   * @param rows the number of rows in each block, the last one perhaps excepted
   * @param number the block's, counted from 0
   * @param seed what the generators' seeds are made of
   */
  void compute(Step step, int rows, int number, long seed) {
    Batch batch =
        step.read(
            Slices.start(step.size(), rows, number), Slices.start(step.size(), rows, number + 1));
    size = batch.size();
    for (int i = 0; i < buffers.size(); i++) {
      double[] now = originalBuffers.get(i).data();
      System.arraycopy(now, 0, buffers.get(i).data(), 0, now.length);
    }
    for (int i = 0; i < generators.size(); i++) {
      generators.get(i).seed(Mix.of(seed, step.number(), number, i));
    }
    model.zeroGrad();
    Tensor prediction = model.forward(batch.inputs());
    outputShape = prediction.shape();
    divisor = loss.divisor(prediction, batch.targets());
    lossSum = 0;
    if (divisor > 0) {
      double value = loss.forward(prediction, batch.targets());
      lossSum = loss.sum();
      if (Double.isFinite(value)) {
        model.accumulateGradients(loss.backward());
      }
    }
  }
}
