package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.loss.Loss;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.List;
import java.util.Objects;

/**
 * Computes gradient blocks on a replica of a model, for a {@link BlockSource}: one for each thread
 * that does so, on whatever machine.
 *
 * <p>The replica has the model's own parameter values, and follows its buffers, modes and frozen
 * parameters: whoever computes elsewhere makes the model there as it is here before each step.
 */
public final class BlockWorker {
  private final Module original;
  private final Modes originalModes;
  private final List<Parameter> originalParameters;
  private final List<Tensor> originalBuffers;
  private final List<Module> originalModules;
  private final Module model;
  private final Modes modes;
  private final Loss loss;
  private final List<Parameter> parameters;
  private final List<Tensor> buffers;
  private final List<Generator> generators;
  private final BlockGradient result;

  /**
   * A worker.
   *
   * @param model what is trained; its layers describe themselves
   * @param loss what is minimised; describes itself, too
   */
  public BlockWorker(Module model, Loss loss) {
    original = Objects.requireNonNull(model, "model");
    originalModes = new Modes(model);
    originalParameters = model.parameters();
    originalBuffers = List.copyOf(model.namedBuffers().values());
    originalModules = List.copyOf(model.namedModules().values());
    this.model = model.replica(Generator::copy);
    modes = new Modes(this.model);
    this.loss = loss.copy();
    parameters = this.model.parameters();
    buffers = List.copyOf(this.model.namedBuffers().values());
    generators = List.copyOf(this.model.namedGenerators().values());
    result = new BlockGradient(parameters.size(), buffers.stream().map(Tensor::data).toList());
  }

  /**
   * Computes a block: a forward and a backward pass in the modes that the model's modules have now.
   *
   * @param batch the block's rows
   * @param number the block's within its step, counted from 0
   * @param step the {@link Step#number} of the step
   * @param seed what {@link BlockSource#compute} got; the numbers that random layers draw depend on
   *     it, the step and the block, and on nothing else
   * @return the gradient, which is the caller's
   */
  public BlockGradient compute(Batch batch, int number, long step, long seed) {
    originalModes.note();
    follow(originalModes);
    return computed(batch, number, step, seed).copy();
  }

  /** As {@link #compute}, for a replica that follows already: what it returns is lent. */
  BlockGradient computed(Batch batch, int number, long step, long seed) {
    for (int i = 0; i < buffers.size(); i++) {
      double[] now = originalBuffers.get(i).data();
      System.arraycopy(now, 0, buffers.get(i).data(), 0, now.length);
    }
    for (int i = 0; i < generators.size(); i++) {
      generators.get(i).seed(Mix.of(seed, step, number, i));
    }
    model.zeroGrad();
    Tensor prediction = model.forward(batch.inputs());
    result.outputShape = prediction.shape();
    result.rows = batch.size();
    result.targetShape = batch.targets().shape();
    result.targets = batch.targets().data();
    result.divisor = loss.divisor(prediction, batch.targets());
    result.value = 0;
    result.sum = 0;
    if (result.divisor > 0) {
      result.value = loss.forward(prediction, batch.targets());
      result.sum = loss.sum();
      if (Double.isFinite(result.value)) {
        model.accumulateGradients(loss.backward());
      }
    }
    for (int p = 0; p < result.gradients.length; p++) {
      Parameter parameter = parameters.get(p);
      result.gradients[p] = parameter.hasGradient() ? parameter.grad().data() : null;
    }
    return result;
  }

  /** Whether the model still has the modules that it was replicated with. */
  boolean fits(Module model) {
    return originalModules.equals(List.copyOf(model.namedModules().values()));
  }

  /** Gives the replica these modes, and freezes what is frozen in the model. */
  void follow(Modes noted) {
    noted.copyTo(modes);
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).frozen(originalParameters.get(i).isFrozen());
    }
  }

  /** What is computed. */
  @Override
  public String toString() {
    return "BlockWorker(" + Titles.of(original) + ", " + loss + ")";
  }
}
