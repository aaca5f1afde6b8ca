package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step changes before the optimizer does, and the end of an epoch before the history: the
 * model's buffers, the numbers that are drawn, the loss. Where it fails they are put back, which
 * takes no memory, for that may be what there was too little of.
 */
final class Undo {
  private final Training training;
  private final Tensor[] buffers;
  private final double[][] values;

  /** Those of the model, and the last one what shuffles, if anything does. */
  private final Generator[] generators;

  private final long[][] states;
  private final boolean modelDraws;
  private boolean remembersGenerators;
  private double loss;
  private double learningRate;

  Undo(Settings settings, Training training) {
    this.training = training;
    buffers = settings.model.namedBuffers().values().toArray(new Tensor[0]);
    values = new double[buffers.length][];
    for (int i = 0; i < buffers.length; i++) {
      values[i] = new double[buffers[i].size()];
    }
    List<Generator> all = new ArrayList<>(settings.model.namedGenerators().values());
    modelDraws = !all.isEmpty();
    if (settings.shuffle != null) {
      all.add(settings.shuffle);
    }
    generators = all.toArray(new Generator[0]);
    states = new long[generators.length][];
    for (int i = 0; i < states.length; i++) {
      states[i] = generators[i].state();
    }
  }

  /**
   * Remembers how it is.
   *
   * @param orderDraws whether what the end of an order draws is drawn next
   */
  void remember(boolean orderDraws) {
    for (int i = 0; i < buffers.length; i++) {
      System.arraycopy(buffers[i].data(), 0, values[i], 0, values[i].length);
    }
    remembersGenerators = modelDraws || orderDraws;
    for (int i = 0; remembersGenerators && i < generators.length; i++) {
      generators[i].copyState(states[i]);
    }
    loss = training.running.loss;
    learningRate = training.running.learningRate;
  }

  void putBack() {
    for (int i = 0; i < buffers.length; i++) {
      System.arraycopy(values[i], 0, buffers[i].data(), 0, values[i].length);
    }
    for (int i = 0; remembersGenerators && i < generators.length; i++) {
      Generator unused = generators[i].state(states[i]);
    }
    training.running.loss = loss;
    training.running.learningRate = learningRate;
  }
}
