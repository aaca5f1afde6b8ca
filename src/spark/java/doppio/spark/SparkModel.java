package doppio.spark;

import doppio.model.Registry;
import doppio.nn.Module;
import java.util.Arrays;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Adds a model's predictions to a table.
 *
 * <pre>{@code
 * Dataset<Row> answered = new SparkModel(model).featuresCol("pixels").transform(table);
 * }</pre>
 *
 * <p>The columns are those of Spark's own models, so that its evaluators take them: {@code
 * rawPrediction}, a vector of the outputs, and {@code prediction}, the output where there is one,
 * else the index of the largest. Each executor loads the model once; rows are inferred in batches,
 * with the bits of {@link Module#infer}.
 */
public final class SparkModel {
  private final Module model;
  private final Registry own;
  private final Columns columns = new Columns();
  private String prediction = "prediction";
  private String raw = "rawPrediction";
  private int[] inputShape;

  /** A trained model of the library's modules. */
  public SparkModel(Module model) {
    this(model, Registry.none());
  }

  /**
   * A trained model.
   *
   * @param own the names of the modules that are not the library's
   */
  public SparkModel(Module model, Registry own) {
    this.model = Objects.requireNonNull(model, "model");
    this.own = Objects.requireNonNull(own, "own");
  }

  /**
   * Sets the column of inputs: vectors, arrays of numbers, or numbers; {@code features} at first.
   */
  public SparkModel featuresCol(String name) {
    columns.features = Objects.requireNonNull(name, "name");
    return this;
  }

  /** Sets the column that is added for the answer, a number; {@code prediction} at first. */
  public SparkModel predictionCol(String name) {
    prediction = Objects.requireNonNull(name, "name");
    return this;
  }

  /** Sets the column that is added for the outputs, a vector; {@code rawPrediction} at first. */
  public SparkModel rawPredictionCol(String name) {
    raw = Objects.requireNonNull(name, "name");
    return this;
  }

  /** Sets the shape of one input, {@code 1, 8, 8} say; a vector without it. */
  public SparkModel inputShape(int... shape) {
    inputShape = shape.clone();
    return this;
  }

  /**
   * The table with two columns more, computed when they are asked for.
   *
   * @throws IllegalArgumentException if the column of inputs is missing or holds no numbers, or one
   *     that is added is there already, or a module is neither the library's nor in the registry
   */
  public Dataset<Row> transform(Dataset<Row> table) {
    StructType schema = table.schema();
    int at = Columns.find(schema, columns.features, "featuresCol");
    for (String name : new String[] {raw, prediction}) {
      if (Arrays.asList(schema.fieldNames()).contains(name)) {
        throw new IllegalArgumentException("there is a column " + name + " already");
      }
    }
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(table.sparkSession().sparkContext());
    RemoteInference remote = new RemoteInference(new PackedModel(model, own), inputShape);
    return table.mapPartitions(
        new PredictionTask(context.broadcast(remote), at, columns.features),
        Encoders.row(
            schema
                .add(raw, SQLDataTypes.VectorType(), false)
                .add(prediction, DataTypes.DoubleType, false)));
  }

  /** The columns. */
  @Override
  public String toString() {
    return "SparkModel(" + columns.features + " to " + raw + " and " + prediction + ")";
  }
}
