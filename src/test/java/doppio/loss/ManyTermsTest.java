package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Total;
import doppio.nn.Parameter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ten million terms lose no more than ten; the numbers expected are BigDecimal's. */
class ManyTermsTest {
  private static final int MANY = 10_000_000;

  /** Half a unit in the last place for each of: a term, their sum, the division. */
  private static final double RELATIVE = 4e-16;

  private static BigDecimal exact(double x) {
    return new BigDecimal(x);
  }

  private static void close(double actual, BigDecimal expected) {
    assertThat(actual).isCloseTo(expected.doubleValue(), within(RELATIVE * expected.doubleValue()));
  }

  @Test
  void theMeanSquaredErrorOfTenMillionEqualErrors() {
    Tensor prediction = Tensor.full(0.1, MANY);
    Tensor target = Tensor.zeros(MANY);
    close(new MSE().forward(prediction, target), exact(0.1).pow(2));
    MSE sum = new MSE(Reduction.SUM);
    close(sum.forward(prediction, target), exact(0.1).pow(2).multiply(exact(MANY)));
  }

  @Test
  void theMeanSquaredErrorOfAMillionRandomErrorsIsExact() {
    Tensor prediction = Tensor.zeros(1000, 1000);
    new Generator(1).normal(prediction.data(), 0, 3);
    BigDecimal sum = BigDecimal.ZERO;
    for (double d : prediction.data()) {
      sum = sum.add(exact(d).pow(2));
    }
    Loss loss = MSE.half(Reduction.SUM);
    close(loss.forward(prediction, Tensor.zeros(1000, 1000)), sum.divide(exact(2)));
    assertThat(loss.sum()).isEqualTo(loss.forward(prediction, Tensor.zeros(1000, 1000)));
  }

  @Test
  void theHingeOfTenMillionElementsIsExact() {
    // 1 − 0.3 is rounded once, as every element has it.
    Tensor prediction = Tensor.full(0.3, MANY / 10, 10);
    Tensor target = Tensor.full(1, MANY / 10, 10);
    close(new Hinge().forward(prediction, target), exact(1 - 0.3));
  }

  @Test
  void theCrossEntropyOfManyRowsIsThatOfOne() {
    Tensor row = Tensor.of(new double[][] {{0.25, 1}});
    Tensor rows = Tensor.zeros(MANY / 5, 2);
    for (int i = 0; i < rows.size(); i++) {
      rows.data()[i] = row.data()[i % 2];
    }
    CrossEntropy loss = new CrossEntropy().weights(0.1, 0.3);
    double one = loss.forward(row, Tensor.of(0));
    close(loss.forward(rows, Tensor.zeros(MANY / 5)), exact(one));
    close(loss.divisor(), exact(0.1).multiply(exact(MANY / 5)));
  }

  @Test
  void theCrossEntropyOverAMillionClassesIsExact() {
    int classes = 1_000_000;
    Tensor logits = Tensor.full(0, 1, classes).set(1, 0, 7);
    Tensor uniform = Tensor.full(1e-6, 1, classes);
    BigDecimal exponentials = exact(classes - 1).divide(exact(Math.E), MathContext.DECIMAL64);
    double logSum = Math.log(exponentials.add(BigDecimal.ONE).doubleValue());
    BigDecimal expected =
        exact(logSum + 1).multiply(exact(classes - 1)).add(exact(logSum)).multiply(exact(1e-6));
    close(new CrossEntropy().forward(logits, uniform), expected);
  }

  @Test
  void thePenaltyOnManyWeightsIsExact() {
    Parameter weights = new Parameter(Tensor.full(0.1, 1000, 1000));
    Parameter bias = new Parameter(Tensor.full(0.2, 1000));
    BigDecimal squares =
        exact(0.1).pow(2).multiply(exact(1e6)).add(exact(0.2).pow(2).multiply(exact(1000)));
    close(L2.penalty(2, List.of(weights, bias)), squares);
  }

  /** A batch that is not large has the bits it always had. */
  @Test
  void upToTheLengthOfAChainTermsAddUpOneByOne() {
    for (int n : new int[] {1, 2, 1000, Total.CHAIN - 1, Total.CHAIN}) {
      Tensor prediction = Tensor.zeros(n);
      new Generator(n).normal(prediction.data(), 0, 1);
      double chain = 0;
      for (double d : prediction.data()) {
        chain = Math.fma(d, d, chain);
      }
      MSE loss = new MSE(Reduction.SUM);
      assertThat(loss.forward(prediction, Tensor.zeros(n))).isEqualTo(chain);
    }
  }

  @Test
  void infinityAndNanAreNotHidden() {
    for (double bad : new double[] {Double.POSITIVE_INFINITY, 1e200, Double.NaN}) {
      Tensor prediction = Tensor.full(1, 10_000).set(bad, 17);
      Double value = new MSE().forward(prediction, Tensor.zeros(10_000));
      assertThat(value).isEqualTo(Double.valueOf(bad * bad));
    }
  }
}
