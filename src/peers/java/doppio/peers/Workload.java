package doppio.peers;

import doppio.Tensor;
import doppio.loss.Loss;
import doppio.nn.Module;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is measured: a model, and what is done with it again and again.
 *
 * @param what the model and the batch in words
 * @param model with the first weights, the same for all contestants
 * @param inputs samples, of which a run takes the next {@code batch}
 * @param targets of the samples; null where nothing is trained
 * @param loss null where nothing is trained
 * @param momentum 0 for plain gradient descent
 */
record Workload(
    String what,
    Kind kind,
    Unit unit,
    Module model,
    Tensor inputs,
    Tensor targets,
    int batch,
    Loss loss,
    double rate,
    double momentum) {

  /** What a run does. */
  enum Kind {
    /** A training step. */
    TRAINING,
    /** An answer to one sample, without gradients. */
    ANSWER,
    /** The answer to the next step of one stream, from a state that is kept. */
    STREAM
  }

  /** The inputs of each run; after the last comes the first. */
  List<Tensor> inputBatches() {
    return batches(inputs);
  }

  /** The targets of each run. */
  List<Tensor> targetBatches() {
    return batches(targets);
  }

  private List<Tensor> batches(Tensor samples) {
    int[] shape = samples.shape();
    int numbers = batch * (samples.size() / shape[0]);
    int count = shape[0] / batch;
    shape[0] = batch;
    return IntStream.range(0, count)
        .mapToObj(i -> Arrays.copyOfRange(samples.data(), i * numbers, (i + 1) * numbers))
        .map(data -> Tensor.wrap(data, shape))
        .toList();
  }
}
