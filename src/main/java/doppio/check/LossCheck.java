package doppio.check;

import doppio.Tensor;
import doppio.internal.Names;
import doppio.loss.Loss;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** One check of one loss at one prediction and target. */
final class LossCheck {
  private static final String PREDICTION = "prediction";

  private final Loss loss;
  private final Tensor point;
  private final Tensor target;
  private final double tolerance;
  private final String name;

  LossCheck(Loss loss, Tensor prediction, Tensor target, double tolerance) {
    this.loss = Objects.requireNonNull(loss, "loss");
    this.point = prediction.copy();
    this.target = target;
    this.tolerance = tolerance;
    this.name = Names.of(loss);
  }

  void run() {
    // Before the one that counts: what a loss makes for its first batch is not made for that one.
    oneRow();
    double value = value();
    if (!Double.isFinite(value)) {
      throw Wording.failure("the value of " + name + " is " + value);
    }
    Tensor gradient = loss.backward().copy();
    checkRepetition(value, gradient);
    Probe probe = new Probe(() -> new double[] {loss.forward(point, target)}, new double[] {1});
    Comparison comparison = new Comparison(probe, name, tolerance, true);
    for (int i = 0; i < point.size(); i++) {
      comparison.compare(PREDICTION, point, i, gradient.data()[i], e -> 0);
    }
    comparison.finish();
  }

  private void oneRow() {
    if (OtherBatch.hasRows(point) && target.rank() > 0 && target.dim(0) == point.dim(0)) {
      boolean unused = takes(OtherBatch.oneRow(point), OtherBatch.oneRow(target));
    }
  }

  /** Whether a forward of other numbers was one. */
  private boolean takes(Tensor prediction, Tensor targets) {
    try {
      double unused = loss.forward(prediction, targets);
      return true;
    } catch (RuntimeException refused) {
      return false;
    }
  }

  private double value() {
    Tensor prediction = point.copy();
    Tensor wanted = target.copy();
    double value = loss.forward(prediction, wanted);
    Wording.requireUnwritten(prediction, point, PREDICTION, "forward", name);
    Wording.requireUnwritten(wanted, target, "target", "forward", name);
    return value;
  }

  /** After one other prediction and after two: a loss may keep two arrays and take turns. */
  private void checkRepetition(double value, Tensor gradient) {
    for (int others = 1; others <= 2; others++) {
      for (int k = 0; k < others; k++) {
        UnaryOperator<Tensor> pass =
            prediction -> {
              loss.forward(prediction, target);
              return prediction;
            };
        if (k > 0 || !takes(OtherBatch.flipped(point), target)) {
          OtherBatch.through(pass, point);
        }
      }
      double again = value();
      if (again != value) {
        throw Wording.failure(
            "a later forward of " + name + " gives " + again + " but the first " + value);
      }
      double[] now = loss.backward().data();
      for (int i = 0; i < now.length; i++) {
        double before = gradient.data()[i];
        if (Double.compare(before, now[i]) != 0) {
          throw Wording.failure(
              Wording.element(PREDICTION, point, i)
                  + " of "
                  + name
                  + ": after other passes backward gives "
                  + Wording.rounded(now[i])
                  + " but at first "
                  + Wording.rounded(before));
        }
      }
    }
  }
}
