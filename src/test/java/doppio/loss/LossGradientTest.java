package doppio.loss;

import doppio.Generator;
import doppio.Tensor;
import doppio.check.GradientCheck;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every loss, reduction and form of target against central differences, on random shapes. */
class LossGradientTest {
  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void gradientsOfMseAreItsSlopes(@ForAll @IntRange(min = 1, max = 5) int n, @ForAll long seed) {
    Generator random = new Generator(seed);
    Tensor prediction = normal(random, n, 3);
    Tensor target = normal(random, n, 3);
    for (Reduction reduction : Reduction.values()) {
      Differences.check(new MSE(reduction), prediction, target);
      Differences.check(MSE.half(reduction), prediction, target);
      Differences.check(new MSE(reduction), prediction.reshape(3, 1, n), target.reshape(3, 1, n));
    }
  }

  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void gradientsOfHingeAreItsSlopes(@ForAll @IntRange(min = 1, max = 5) int n, @ForAll long seed) {
    Generator random = new Generator(seed);
    Tensor prediction = normal(random, n, 4);
    Tensor target = normal(random, n, 4);
    for (int i = 0; i < target.size(); i++) {
      target.data()[i] = Math.signum(target.data()[i]);
      double margin = prediction.data()[i] * target.data()[i];
      if (Math.abs(margin - 1) < 1e-3) {
        prediction.data()[i] = 0;
      }
    }
    for (Reduction reduction : Reduction.values()) {
      Differences.check(new Hinge(reduction), prediction, target);
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void gradientsOfCrossEntropyAreItsSlopes(
      @ForAll @IntRange(min = 1, max = 4) int n,
      @ForAll @IntRange(min = 2, max = 5) int classes,
      @ForAll long seed) {
    Generator random = new Generator(seed);
    Tensor logits = normal(random, n, classes);
    Tensor indices = Tensor.zeros(n);
    for (int row = 0; row < n; row++) {
      indices.set(random.permutation(classes)[0], row);
    }
    Tensor probabilities = Tensor.zeros(n, classes);
    random.uniform(probabilities.data(), 0, 1);
    double[] weights = new double[classes];
    random.uniform(weights, 0.1, 3);
    Tensor someIgnored = indices.copy();
    for (int row = 1; row < n; row += 2) {
      someIgnored.set(-1, row);
    }
    Tensor sample = normal(random, classes);
    Tensor index = Tensor.wrap(new double[] {classes - 1});
    for (Reduction reduction : Reduction.values()) {
      for (double smoothing : new double[] {0, 0.1, 1}) {
        CrossEntropy loss = new CrossEntropy(reduction).labelSmoothing(smoothing);
        Differences.check(loss, logits, indices);
        Differences.check(loss, logits, probabilities);
        Differences.check(loss, sample, index);
        Differences.check(loss, sample, normalised(sample));
        loss.weights(weights);
        Differences.check(loss, logits, probabilities);
        Differences.check(loss, logits, indices);
        Differences.check(loss, logits.reshape(n, 1, classes), indices.reshape(n, 1));
        Differences.check(loss, sample, index);
        Differences.check(loss.ignoreIndex(-1), logits, someIgnored);
      }
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void gradientsOfAbsoluteErrorsAreTheirSlopes(
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll @IntRange(min = 1, max = 7) int outputs,
      @ForAll long seed) {
    Generator random = new Generator(seed);
    Tensor prediction = normal(random, n, outputs);
    Tensor target = normal(random, n, outputs);
    double delta = 0.1 + 2 * random.uniform();
    for (int i = 0; i < target.size(); i++) {
      double d = Math.abs(prediction.data()[i] - target.data()[i]);
      if (d < 1e-3 || Math.abs(d - delta) < 1e-3) {
        // Away from the kinks, of the value or of its slope.
        prediction.data()[i] += 1e-2;
      }
    }
    for (Reduction reduction : Reduction.values()) {
      for (Loss loss : new Loss[] {new L1(reduction), new Huber(delta, reduction)}) {
        Differences.check(loss, prediction, target);
        GradientCheck.check(loss, prediction.reshape(outputs, 1, n), target.reshape(outputs, 1, n));
      }
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void gradientsOfBinaryCrossEntropyAreItsSlopes(
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll @IntRange(min = 1, max = 7) int outputs,
      @ForAll long seed) {
    Generator random = new Generator(seed);
    Tensor logits = normal(random, n, outputs);
    Tensor target = Tensor.zeros(n, outputs);
    random.uniform(target.data(), 0, 1);
    for (int i = 0; i < target.size(); i += 2) {
      target.data()[i] = Math.rint(target.data()[i]);
    }
    double[] weights = new double[outputs];
    random.uniform(weights, 0, 3);
    for (Reduction reduction : Reduction.values()) {
      BCEWithLogits loss = new BCEWithLogits(reduction);
      Differences.check(loss, logits, target);
      Differences.check(loss.positiveWeight(2.5), logits, target);
      GradientCheck.check(loss, logits.reshape(outputs, n), target.reshape(outputs, n));
      Differences.check(loss.positiveWeight(weights), logits, target);
      GradientCheck.check(loss, logits.reshape(n, 1, outputs), target.reshape(n, 1, outputs));
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void gradientsOfNegativeLogLikelihoodAreItsSlopes(
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll @IntRange(min = 1, max = 7) int classes,
      @ForAll long seed) {
    Generator random = new Generator(seed);
    Tensor x = normal(random, n, classes);
    Tensor indices = Tensor.zeros(n);
    for (int row = 0; row < n; row++) {
      indices.set(row % 3 == 2 ? -100 : random.permutation(classes)[0], row);
    }
    double[] weights = new double[classes];
    random.uniform(weights, 0.1, 3);
    for (Reduction reduction : Reduction.values()) {
      NLL loss = new NLL(reduction).ignoreIndex(-100);
      Differences.check(loss, x, indices);
      Differences.check(loss.weights(weights), x, indices);
      GradientCheck.check(loss, x.reshape(1, n, classes), indices.reshape(1, n));
      int middle = classes / 2;
      GradientCheck.check(loss, normal(random, classes), Tensor.full(middle));
    }
  }

  private static Tensor normal(Generator random, int... shape) {
    Tensor t = Tensor.zeros(shape);
    random.normal(t.data(), 0, 1);
    return t;
  }

  private static Tensor normalised(Tensor t) {
    Tensor distribution = t.copy();
    double sum = 0;
    for (double v : t.data()) {
      sum += v * v;
    }
    for (int i = 0; i < t.size(); i++) {
      distribution.data()[i] = t.data()[i] * t.data()[i] / sum;
    }
    return distribution;
  }
}
