package doppio.spark.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import doppio.metric.Metric;
import doppio.metric.Predictions;
import doppio.model.Registry;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.spark.Sample;
import doppio.spark.SparkModel;
import doppio.spark.SparkTrainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables of Spark are trained on and get predictions. */
class TableTest {
  private static final Workload WORKLOAD = Workload.EVERYTHING;
  private static final AtomicInteger LOADED = new AtomicInteger();
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start("local[2]");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void vectorsAndArraysInAnyOrderWithAnIndexGiveTheBitsOfOneJvm() {
    Dataset<Row> table = table(3, true).withColumnRenamed("features", "pixels");
    Dataset<Row> arrays =
        table
            .withColumn(
                "pixels",
                org.apache.spark.ml.functions.vector_to_array(table.col("pixels"), "float64"))
            .withColumn("digit", table.col("label").cast("int"));
    for (Dataset<Row> each : List.of(table.withColumnRenamed("label", "digit"), arrays)) {
      Module trained = WORKLOAD.model();
      SparkTrainer trainer =
          WORKLOAD
              .onSpark(WORKLOAD.trainer(trained))
              .featuresCol("pixels")
              .labelCol("digit")
              .indexCol("id");
      assertThat(Workload.fingerprint(trained, trainer.fit(each))).isEqualTo(WORKLOAD.local());
    }
  }

  @Test
  void withoutAnIndexRowsAreNumberedAsTheyCome() {
    Module trained = WORKLOAD.model();
    SparkTrainer trainer = WORKLOAD.onSpark(WORKLOAD.trainer(trained));
    assertThat(Workload.fingerprint(trained, trainer.fit(table(7, false).drop("id"))))
        .isEqualTo(WORKLOAD.local());
  }

  @Test
  void predictionsHaveTheBitsOfTheModelAndSparksEvaluatorsTakeThem() {
    Module model = WORKLOAD.model().eval();
    Tensor expected = Predictions.of(model, WORKLOAD.data());
    for (int partitions : new int[] {1, 3, 200}) {
      Dataset<Row> table = table(partitions, true);
      Dataset<Row> answered = new SparkModel(model).transform(table);
      assertThat(answered.columns())
          .containsExactly("id", "features", "label", "rawPrediction", "prediction");
      List<Row> rows = answered.collectAsList();
      assertThat(rows).hasSize(Workload.SAMPLES);
      for (Row row : rows) {
        int id = (int) row.getLong(0);
        double[] output = Arrays.copyOfRange(expected.data(), 3 * id, 3 * id + 3);
        assertThat(((Vector) row.get(3)).toArray()).containsExactly(output);
        assertThat(output[(int) row.getDouble(4)])
            .isEqualTo(Arrays.stream(output).max().orElseThrow());
      }
    }
    Dataset<Row> counted = table(3, true).filter("label >= 0");
    double accuracy =
        new MulticlassClassificationEvaluator()
            .setMetricName("accuracy")
            .evaluate(new SparkModel(model).transform(counted));
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < Workload.SAMPLES; i++) {
      if (WORKLOAD.data().targets().get(i) >= 0) {
        counts.add(i);
      }
    }
    doppio.data.Dataset part = WORKLOAD.data().subset(counts.stream().mapToInt(i -> i).toArray());
    assertThat(accuracy)
        .isEqualTo(Metric.accuracy().of(Predictions.of(model, part), part.targets()));
  }

  @Test
  void oneOutputIsTheAnswerAndTheColumnsHaveTheNamesAskedFor() {
    Module model = new Linear(6, 1, new Generator(2));
    Dataset<Row> answered =
        new SparkModel(model)
            .featuresCol("x")
            .predictionCol("y")
            .rawPredictionCol("all")
            .transform(table(2, true).withColumnRenamed("features", "x"));
    for (Row row : answered.select("x", "all", "y").collectAsList()) {
      double expected = model.infer(Tensor.of(((Vector) row.get(0)).toArray())).data()[0];
      assertThat(row.getDouble(2)).isEqualTo(expected);
      assertThat(((Vector) row.get(1)).toArray()).containsExactly(expected);
    }
  }

  @Test
  void imagesAreInferredInTheirShape() {
    Module model = Workload.IMAGES.model().eval();
    Dataset<Row> table = table(Workload.IMAGES, 2, true);
    List<Row> rows =
        new SparkModel(model, Workload.own())
            .inputShape(2, 3, 3)
            .transform(table)
            .orderBy("id")
            .collectAsList();
    Tensor expected = Predictions.of(model, Workload.IMAGES.data());
    for (int i = 0; i < Workload.SAMPLES; i++) {
      assertThat(((Vector) rows.get(i).get(3)).toArray())
          .containsExactly(Arrays.copyOfRange(expected.data(), 3 * i, 3 * i + 3));
    }
  }

  @Test
  void aModelIsLoadedOnceAnExecutor() {
    Registry counting =
        Registry.of(
            "Doubled",
            Doubled.class,
            parts -> {
              LOADED.incrementAndGet();
              return new Doubled();
            });
    Module model = new Sequential(new Linear(6, 3, new Generator(1)), new Doubled());
    SparkModel onSpark = new SparkModel(model, counting);
    Dataset<Row> answered = onSpark.transform(table(16, true));
    // Whoever saves a model tries whether it can be read.
    LOADED.set(0);
    assertThat(answered.collectAsList()).hasSize(Workload.SAMPLES);
    assertThat(LOADED).hasValue(1);
  }

  @Test
  void columnsThatAreMissingOrHoldNoNumbersAreNamed() {
    Dataset<Row> table = table(2, true).withColumn("name", functions.lit("a"));
    Module model = WORKLOAD.model();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> WORKLOAD.onSpark(WORKLOAD.trainer(model)).featuresCol("pixels").fit(table))
        .withMessage(
            "there is no column pixels among [id, features, label, name]; name another by"
                + " featuresCol(…)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WORKLOAD.onSpark(WORKLOAD.trainer(model)).labelCol("name").fit(table))
        .withMessage(
            "the column name is of type string; expected a vector, an array of numbers or a"
                + " number");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WORKLOAD.onSpark(WORKLOAD.trainer(model)).indexCol("nr").fit(table))
        .withMessageContaining("there is no column nr among")
        .withMessageEndingWith("indexCol(…)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SparkModel(model).featuresCol("x").transform(table))
        .withMessageStartingWith("there is no column x among");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SparkModel(model).predictionCol("label").transform(table))
        .withMessage("there is a column label already");
  }

  @Test
  void nullsAndWidthsAreNamedByRowAndColumn() {
    Row first = RowFactory.create(0L, Vectors.dense(1, 2, 3, 4, 5, 6), 1.0);
    refused("row 1: column features is null", first, RowFactory.create(1L, null, 1.0));
    Row noLabel = RowFactory.create(1L, Vectors.dense(1, 2, 3, 4, 5, 6), null);
    refused("row 1: column label is null", first, noLabel);
    refused(
        "row 1: the column features has another width than in row 0: 2, not 6",
        first,
        RowFactory.create(1L, Vectors.dense(1, 2), 1.0));
    refused(
        "column id has no whole number in row [null,[1.0,2.0],1.0]",
        RowFactory.create(null, Vectors.dense(1, 2), 1.0));
    Dataset<Row> hollow =
        cluster
            .session()
            .createDataFrame(
                List.of(RowFactory.create(0L, Arrays.asList(1.0, null), 1.0)),
                schema(DataTypes.createArrayType(DataTypes.DoubleType)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WORKLOAD.onSpark(WORKLOAD.trainer(WORKLOAD.model())).fit(hollow))
        .withMessage("row 0: column features has null at position 1");
    assertThatThrownBy(() -> new SparkModel(WORKLOAD.model()).transform(hollow).collectAsList())
        .hasStackTraceContaining("column features has null at position 1 in row [0,");
  }

  private static void refused(String message, Row... rows) {
    Dataset<Row> table =
        cluster.session().createDataFrame(List.of(rows), schema(SQLDataTypes.VectorType()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> WORKLOAD.onSpark(WORKLOAD.trainer(WORKLOAD.model())).indexCol("id").fit(table))
        .withMessage(message);
  }

  @Test
  void modelsPrintTheirColumns() {
    assertThat(new SparkModel(WORKLOAD.model()))
        .hasToString("SparkModel(features to rawPrediction and prediction)");
    assertThat(new Sample(3, new double[2], 1)).hasToString("Sample(3, 2 inputs, 1 targets)");
  }

  private static StructType schema(DataType features) {
    return new StructType()
        .add("id", DataTypes.LongType)
        .add("features", features)
        .add("label", DataTypes.DoubleType);
  }

  private static Dataset<Row> table(int partitions, boolean shuffled) {
    return table(WORKLOAD, partitions, shuffled);
  }

  private static Dataset<Row> table(Workload workload, int partitions, boolean shuffled) {
    List<Row> rows = new ArrayList<>();
    for (Sample sample : workload.samples()) {
      rows.add(
          RowFactory.create(sample.index(), Vectors.dense(sample.input()), sample.target()[0]));
    }
    if (shuffled) {
      Collections.shuffle(rows, new Random(partitions));
    }
    return cluster
        .session()
        .createDataFrame(
            cluster.context().parallelize(rows, partitions), schema(SQLDataTypes.VectorType()));
  }
}
