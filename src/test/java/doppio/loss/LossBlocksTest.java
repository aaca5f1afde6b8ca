package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Tensor;
import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A batch computed in blocks of rows, put together as the javadoc of {@link Loss} says. */
class LossBlocksTest {
  private static final int CLASSES = 3;
  private static final int IGNORED = -100;

  /** Its divisor is the default one. */
  private static final class Quartic extends Loss {
    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      int n = prediction.size();
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double d = prediction.data()[i] - target.data()[i];
        sum += d * d * d * d;
        gradient.data()[i] = 4 * d * d * d / n;
      }
      return sum / n;
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void blocksComeOutAsOneBatch(
      @ForAll @IntRange(min = 1, max = 23) int n,
      @ForAll @IntRange(min = 1, max = 9) int block,
      @ForAll long seed) {
    Generator random = new Generator(seed);
    Tensor prediction = Tensor.zeros(n, CLASSES);
    random.normal(prediction.data(), 0, 2);
    Tensor numbers = Tensor.zeros(n, CLASSES);
    random.uniform(numbers.data(), 0, 1);
    Tensor signs = numbers.copy();
    for (int i = 0; i < signs.size(); i++) {
      signs.data()[i] = signs.data()[i] < 0.5 ? -1 : 1;
    }
    // Half are ignored, so that whole blocks are, too; the last one counts.
    Tensor indices = Tensor.zeros(n);
    for (int row = 0; row < n; row++) {
      int draw = random.permutation(2 * CLASSES)[0];
      indices.set(draw < CLASSES ? draw : IGNORED, row);
    }
    indices.set(1, n - 1);
    check(new Quartic(), prediction, numbers, block);
    for (Reduction reduction : Reduction.values()) {
      check(new MSE(reduction), prediction, numbers, block);
      check(MSE.half(reduction), prediction, numbers, block);
      check(new Hinge(reduction), prediction, signs, block);
      check(new L1(reduction), prediction, numbers, block);
      check(new Huber(0.7, reduction), prediction, numbers, block);
      check(new BCEWithLogits(reduction), prediction, numbers, block);
      check(new BCEWithLogits(reduction).positiveWeight(0.5, 2, 0), prediction, numbers, block);
      NLL nll = new NLL(reduction).ignoreIndex(IGNORED);
      check(nll, prediction, indices, block);
      check(nll.weights(0.5, 2, 0), prediction, indices, block);
      CrossEntropy loss = new CrossEntropy(reduction).ignoreIndex(IGNORED);
      check(loss, prediction, indices, block);
      check(loss.weights(0.5, 2, 0), prediction, indices, block);
      check(loss, prediction, numbers, block);
      loss.weights(0.5, 2, 1).labelSmoothing(0.1);
      check(loss, prediction, indices, block);
      check(loss, prediction, numbers, block);
    }
  }

  private static void check(Loss loss, Tensor prediction, Tensor target, int block) {
    int n = prediction.dim(0);
    double sum = 0;
    double divisor = 0;
    Tensor gradient = Tensor.zeros(n, CLASSES);
    double[] divisors = new double[n];
    for (int from = 0; from < n; from += block) {
      Tensor x = rows(prediction, from, block);
      Tensor y = rows(target, from, block);
      double own = loss.divisor(x, y);
      if (own == 0) {
        continue;
      }
      double value = loss.forward(x, y);
      assertThat(loss.divisor()).isEqualTo(own);
      if (!(loss instanceof Quartic)) {
        assertThat(loss.sum() / own).isEqualTo(value);
      }
      sum += loss.sum();
      divisor += own;
      double[] part = loss.backward().data();
      System.arraycopy(part, 0, gradient.data(), from * CLASSES, part.length);
      Arrays.fill(divisors, from, from + x.dim(0), own);
    }
    if (loss.reduction() == Reduction.SUM) {
      divisor = 1;
    }
    for (int i = 0; i < gradient.size(); i++) {
      gradient.data()[i] *= divisors[i / CLASSES] / divisor;
    }
    double value = loss.forward(prediction, target);
    assertThat(loss.divisor()).as("%s", loss).isCloseTo(divisor, within(1e-14 * divisor));
    assertThat(sum / divisor)
        .as("%s", loss)
        .isCloseTo(value, within(1e-13 * Math.max(Math.abs(value), 1)));
    double[] whole = loss.backward().data();
    for (int i = 0; i < whole.length; i++) {
      assertThat(gradient.data()[i])
          .as("%s, element %d", loss, i)
          .isCloseTo(whole[i], within(1e-14 * Math.max(1, Math.abs(whole[i]))));
    }
  }

  private static Tensor rows(Tensor t, int from, int count) {
    int row = t.size() / t.dim(0);
    int to = Math.min(t.dim(0), from + count);
    double[] data = Arrays.copyOfRange(t.data(), from * row, to * row);
    return t.rank() == 1 ? Tensor.of(data) : Tensor.wrap(data, to - from, row);
  }
}
