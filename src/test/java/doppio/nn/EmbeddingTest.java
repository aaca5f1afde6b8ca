package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.optim.Adagrad;
import doppio.optim.Adam;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
  private static Embedding counting() {
    Embedding embedding = new Embedding(3, 2, new Generator(1));
    double[] w = embedding.weight().value().data();
    for (int i = 0; i < w.length; i++) {
      w[i] = 10 * (i / 2) + i % 2;
    }
    return embedding;
  }

  @Test
  void anIndexBecomesItsRow() {
    Tensor y = counting().forward(Tensor.of(new double[][] {{2, 0}, {2, 1}}));
    assertThat(y.shape()).containsExactly(2, 2, 2);
    assertThat(y.data()).containsExactly(20, 21, 0, 1, 20, 21, 10, 11);
    assertThat(counting().infer(Tensor.full(1)).data()).containsExactly(10, 11);
    assertThat(counting().infer(Tensor.of(-0.0)).shape()).containsExactly(1, 2);
  }

  @Test
  void theGradientsOfAnIndexAddUpInItsRow() {
    Embedding embedding = counting();
    embedding.forward(Tensor.of(2, 0, 2));
    Tensor gx = embedding.backward(Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}}));
    assertThat(gx.data()).containsExactly(0, 0, 0);
    assertThat(embedding.weight().grad().data()).containsExactly(3, 4, 0, 0, 6, 8);
  }

  /** After torch.manual_seed(0): torch.nn.Embedding(3, 2).weight, of single precision. */
  @Test
  void drawsItsRowsAsPyTorchDoes() {
    assertThat(new Embedding(3, 2, new Generator(0).singlePrecision()).weight().value().data())
        .containsExactly(
            new double[] {
              1.5409960746765137,
              -0.293428897857666,
              -2.1787893772125244,
              0.5684312582015991,
              -1.0845223665237427,
              -1.3985954523086548
            },
            within(1e-6));
  }

  /** After torch.manual_seed(66), of double precision; from 16 numbers on torch draws otherwise. */
  @Test
  void drawsLargerTablesAsPyTorchDoes() {
    double[] w = new Embedding(5, 4, new Generator(66)).weight().value().data();
    assertThat(w[0]).isCloseTo(-1.140405423000762, within(1e-15));
    assertThat(w[1]).isCloseTo(1.7366485564293392, within(1e-15));
    assertThat(w[2]).isCloseTo(-1.6943259288010788, within(1e-15));
    assertThat(w[19]).isCloseTo(0.3417010380766226, within(1e-15));
  }

  @Test
  void whatIsNoIndexIsRefusedWithItsPlace() {
    Embedding embedding = counting();
    for (double bad : new double[] {3, -1, 0.5, Double.NaN, 1e300}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> embedding.infer(Tensor.of(new double[][] {{0, 1}, {2, bad}})))
          .withMessage(
              "Embedding(3, 2) expects whole numbers from 0 to 2 but got " + bad + " at [1, 1]");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Embedding(0, 2))
        .withMessage("count must be at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Embedding(2, 0))
        .withMessage("dim must be at least 1, got 0");
  }

  /** Every way to look at a gradient, or none, between steps of all kinds. */
  @Property(tries = 60)
  void noNumberDependsOnWhetherRowsWereKeptApart(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int count) {
    for (Function<List<Parameter>, Optimizer> rule :
        List.<Function<List<Parameter>, Optimizer>>of(
            p -> new SGD(p, 0.1),
            p -> new SGD(p, 0.1).weightDecay(0.01),
            p -> new Adagrad(p, 0.1),
            p -> new Adagrad(p, 0.1).weightDecay(0.01),
            p -> new Adagrad(p, 0.1).decoupledWeightDecay(0.01),
            p -> new Adagrad(p, 0.1, 0, 0, 0),
            p -> new Adam(p, 0.1))) {
      Embedding sparse = new Embedding(count, 3, new Generator(seed));
      Embedding dense = (Embedding) sparse.copy();
      Optimizer ours = rule.apply(sparse.parameters());
      Optimizer usual = rule.apply(dense.parameters());
      Generator random = new Generator(seed);
      for (int step = 0; step < 6; step++) {
        int n = (int) (random.random32() % 4);
        Tensor x = Tensor.zeros(n);
        for (int i = 0; i < n; i++) {
          x.data()[i] = random.random32() % count;
        }
        Tensor gy = RandomTensors.normal(seed + step, n, 3);
        ours.zeroGrad();
        usual.zeroGrad();
        Tensor live = dense.weight().grad();
        for (Embedding e : List.of(sparse, dense)) {
          e.forward(x);
          e.accumulateGradients(gy);
        }
        assertThat(sparse.weight().hasGradient()).isTrue();
        assertThat(sparse.weight().gradientSquares()).isEqualTo(dense.weight().gradientSquares());
        assertThat(sparse.weight().hasGradientWithin(0.5))
            .isEqualTo(dense.weight().hasGradientWithin(0.5));
        if (step % 3 == 1) {
          sparse.weight().scaleGradient(0.5);
          dense.weight().scaleGradient(0.5);
        }
        if (step % 3 == 2) {
          assertSame(sparse.weight().grad(), live);
        }
        ours.step();
        usual.step();
        assertSame(sparse.weight().value(), dense.weight().value());
      }
    }
  }

  @Test
  void onlyRowsInUseAreHandedToARuleThatSkipsZeros() {
    Embedding embedding = new Embedding(1000, 2, new Generator(1));
    List<Integer> seen = new ArrayList<>();
    Parameter.GradientPart part =
        new Parameter.GradientPart() {
          @Override
          public void accept(double[] gradient, int at, int from, int length) {
            assertThat(length).isEqualTo(2);
            seen.add(from / 2);
          }

          @Override
          public boolean skipsZeros() {
            return true;
          }
        };
    for (int[] rows : new int[][] {{7, 3, 7}, {999}, {}}) {
      seen.clear();
      embedding.zeroGrad();
      Tensor x = Tensor.zeros(rows.length);
      for (int i = 0; i < rows.length; i++) {
        x.data()[i] = rows[i];
      }
      embedding.forward(x);
      embedding.accumulateGradients(Tensor.full(1, rows.length, 2));
      double squares = rows.length == 3 ? 2 * 4 + 2 : 2 * rows.length;
      assertThat(embedding.weight().gradientSquares()).isEqualTo(squares);
      embedding.weight().gradientParts(part);
      assertThat(seen)
          .isEqualTo(
              rows.length == 3 ? List.of(7, 3) : rows.length == 1 ? List.of(999) : List.of());
    }
    assertThat(embedding.weight().grad().data()).containsOnly(0);
  }

  /** A write through grad() may be anywhere. */
  @Test
  void aGradientThatSomebodyWroteToIsHandedOnWhole() {
    Embedding embedding = counting();
    embedding.forward(Tensor.of(1));
    embedding.accumulateGradients(Tensor.of(new double[][] {{1, 1}}));
    embedding.weight().grad().set(5, 2, 0);
    new SGD(embedding.parameters(), 1).step();
    assertThat(embedding.weight().value().data()).containsExactly(0, 1, 9, 10, 15, 21);
    embedding.zeroGrad();
    embedding.forward(Tensor.of(0));
    embedding.accumulateGradients(Tensor.of(new double[][] {{1, 1}}));
    assertThat(embedding.weight().grad().data()).containsExactly(1, 1, 0, 0, 0, 0);
  }

  @Test
  void aTableThatIsNoMatrixIsRefused() {
    Map<String, Parameter> parameters = Map.of("weight", new Parameter(Tensor.zeros(6)));
    Parts parts = new Parts(Map.of(), parameters, Map.of(), Map.of(), Map.of());
    assertShapeException(
        () -> new Embedding(parts), "Embedding expects a weight [count, dim] but got Parameter[6]");
  }

  @Test
  void aFrozenTableHasNoGradient() {
    Embedding embedding = counting();
    embedding.weight().frozen(true);
    embedding.forward(Tensor.of(1));
    embedding.backward(Tensor.of(new double[][] {{1, 1}}));
    assertThat(embedding.weight().hasGradient()).isFalse();
  }

  @Test
  void theCheckOfGradientsTakesIndicesForWhatTheyAre() {
    Module net =
        new Sequential(
            new Concat(counting(), new Sequential(counting(), new Tanh())), new Linear(4, 2));
    GradientCheck.check(net, Tensor.of(0, 2, 1));
  }
}
