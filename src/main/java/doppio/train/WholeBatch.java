package doppio.train;

import doppio.data.Batch;

/** The gradient of the whole batch at once. */
final class WholeBatch implements GradientSource {
  @Override
  public double compute(Step step) {
    Batch batch = step.batch();
    double value = step.loss().forward(step.model().forward(batch.inputs()), batch.targets());
    step.divisor(step.loss().divisor());
    if (Double.isFinite(value)) {
      step.model().accumulateGradients(step.loss().backward());
    }
    return value;
  }
}
