package doppio.spark.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.optim.SGD;
import doppio.spark.Sample;
import doppio.spark.SparkTrainer;
import doppio.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What cannot be trained on is refused with the row that it is about, and nothing is left behind.
 */
class InputTest {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start("local[2]");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void nothingStaysWithTheExecutors() {
    assertThat(cluster.context().getPersistentRDDs()).isEmpty();
  }

  @Test
  void noRowsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit())
        .withMessageStartingWith("the training set is empty: no rows in ");
  }

  @Test
  void rowsOfDifferentWidthsAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(row(0, 1, 2), row(1, 1, 2), row(3, 1, 2), row(2, 1, 2, 3)))
        .withMessage("row 2: the input has another width than in row 0: 3, not 2");
    Sample wide = new Sample(1, new double[] {1, 2}, 0, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(row(0, 1, 2), wide))
        .withMessage("row 1: the target has another width than in row 0: 2, not 1");
  }

  @Test
  void whatIsNullIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(row(0, 1, 2), new Sample(1, null, 0), new Sample(2, null, 0)))
        .withMessage("row 1: the input is null");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(row(0, 1, 2), new Sample(1, new double[2], (double[]) null)))
        .withMessage("row 1: the target is null");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(row(0, 1, 2), (Sample) null))
        .withMessage("a sample is null");
  }

  @Test
  void indicesThatRepeatOrSkipAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(row(0, 1, 2), row(1, 1, 2), row(1, 1, 2), row(3, 1, 2)))
        .withMessage(
            "4 rows need the indices 0 to 3, each once, but 2 is missing and 1 is there more than"
                + " once");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(row(0, 1, 2), row(5, 1, 2), row(1, 1, 2)))
        .withMessage("3 rows need the indices 0 to 2, each once, but 2 is missing and 5 is there");
    for (long wrong : new long[] {-1, Integer.MAX_VALUE, Long.MAX_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> fit(row(0, 1, 2), row(wrong, 1, 2)))
          .withMessage("row " + wrong + ": an index is expected from 0 to 2147483646");
    }
  }

  @Test
  void aShapeThatDoesNotTakeTheRowsIsNamed() {
    Module model = new Linear(2, 1, new Generator(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> on(model, new MSE()).inputShape(2, 2).fit(rows(row(0, 1, 2))))
        .withMessage("row 0: the input has 2 numbers but the shape [2, 2] takes 4");
    assertThatThrownBy(() -> on(model, new MSE()).fit(rows(row(0, 1, 2), row(1, 3, 4))))
        .isInstanceOf(ShapeException.class)
        .hasMessage("MSE expects a target [2, 1] but got [2]");
  }

  @Test
  void aModelThatIsNotTrainableIsRefused() {
    Module model = new Linear(2, 1, new Generator(1));
    model.parameters().forEach(p -> freeze(p));
    assertThatThrownBy(() -> on(model, new MSE()).fit(rows(row(0, 1, 2))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("are frozen: nothing would be trained");
  }

  private static void freeze(Parameter parameter) {
    Parameter unused = parameter.frozen(true);
  }

  @Test
  void aModuleThatIsInNoRegistryIsNamed() {
    Module model = new Sequential(new Doubled(), new Linear(2, 1, new Generator(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> on(model, new MSE()).targetShape(1).fit(rows(row(0, 1, 2))))
        .withMessage(
            "module 0 is of the class doppio.spark.test.Doubled, which has no name in files: add"
                + " Registry.of(\"Doubled\", Doubled.class, the function of its description)");
  }

  @Test
  void aLossThatDoesNotDescribeItselfSaysWhatToAdd() {
    Loss own =
        new Loss() {
          @Override
          protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
            return 0;
          }
        };
    Module model = new Linear(2, 1, new Generator(1));
    assertThatThrownBy(() -> on(model, own).targetShape(1).fit(rows(row(0, 1, 2))))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("does not say how it is made again; add:");
  }

  @Test
  void blocksHaveRowsAndTrainersAreGivenBeforeTheyBegin() {
    Module model = new Linear(2, 1, new Generator(1));
    Trainer trainer = new Trainer(model, new MSE(), new SGD(model.parameters(), 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SparkTrainer(trainer, 0))
        .withMessage("rows must be at least 1, got 0");
    assertThat(new SparkTrainer(trainer, 8).toString())
        .startsWith("SparkTrainer(Trainer(Linear(2")
        .contains("gradients by blocks of 8 rows by Spark");
    assertThat(trainer.training().epoch()).isZero();
    assertThatThrownBy(() -> new SparkTrainer(trainer, 8))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the training has begun");
  }

  @Test
  void samplesOfThisJvmAreRefused() {
    Module model = new Linear(2, 1, new Generator(1));
    Trainer trainer = new Trainer(model, new MSE(), new SGD(model.parameters(), 1));
    SparkTrainer unused = new SparkTrainer(trainer, 8);
    assertThatThrownBy(() -> trainer.fit(new Dataset(Tensor.zeros(4, 2), Tensor.zeros(4, 1))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the gradients come from Spark, but the samples do not: call fit of the SparkTrainer");
  }

  private static void fit(Sample... samples) {
    on(new Linear(2, 1, new Generator(1)), new MSE()).targetShape(1).fit(rows(samples));
  }

  private static SparkTrainer on(Module model, Loss loss) {
    return new SparkTrainer(new Trainer(model, loss, new SGD(model.parameters(), 1)), 2);
  }

  private static Sample row(long index, double... input) {
    return new Sample(index, input, 0);
  }

  private static JavaRDD<Sample> rows(Sample... samples) {
    List<Sample> list = new ArrayList<>(Arrays.asList(samples));
    return cluster.context().parallelize(list, 3);
  }
}
