package doppio.metric;

import doppio.Tensor;

/** A metric that prints its name. */
record NamedMetric(String name, Metric metric) implements Metric {
  @Override
  public double of(Tensor predictions, Tensor targets) {
    return metric.of(predictions, targets);
  }

  @Override
  public void check(Tensor predictions, Tensor targets) {
    double unused = of(predictions, targets);
  }

  @Override
  public String toString() {
    return name;
  }
}
