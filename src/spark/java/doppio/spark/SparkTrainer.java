package doppio.spark;

import doppio.model.Registry;
import doppio.train.History;
import doppio.train.Trainer;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Trains on Apache Spark: a {@link Trainer} whose gradients come from executors. Everything else is
 * the trainer's own: order, schedule, clipping, optimizer, history, callbacks, checkpoints.
 *
 * <pre>{@code
 * Trainer trainer = new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 1e-3))
 *     .epochs(20).batchSize(1024).shuffle(new Generator(0)).callback(new ProgressBar(System.out));
 * History history = new SparkTrainer(trainer, 128)
 *     .featuresCol("pixels").labelCol("digit").indexCol("id").fit(table);
 * }</pre>
 *
 * <p>The result is that of {@code trainer.gradientBlocks(128)} in one JVM, to the bit, whatever the
 * number of partitions, executors and cores, in whatever order tasks run, and however often. A step
 * is a job: the parameters go to the executors as one array, each block's gradient comes back, and
 * the driver adds them in their order. So a batch is computed by as many cores as it has blocks, at
 * most, and as the rows have partitions.
 *
 * <p>Rows are kept, in memory or on the executors' disks, while {@code fit} runs, and once an epoch
 * they are sent to where the epoch's order needs them.
 */
public final class SparkTrainer {
  private final Trainer trainer;
  private final ClusterBlocks blocks = new ClusterBlocks();
  private final Columns columns = new Columns();
  private int[] inputShape;
  private int[] targetShape;

  /**
   * Gives the trainer another source of gradients.
   *
   * @param trainer not begun yet; all layers and the loss describe themselves
   * @param rows the rows of a block; the last one of a batch may have fewer
   * @throws IllegalArgumentException if {@code rows < 1}
   * @throws IllegalStateException if the training has begun
   */
  public SparkTrainer(Trainer trainer, int rows) {
    this.trainer = trainer.gradientSource(blocks.blocksOf(rows));
  }

  /** Names the modules of your own in the model, for executors and for checkpoints. */
  public SparkTrainer registry(Registry own) {
    trainer.registry(own);
    blocks.own = own;
    return this;
  }

  /**
   * Sets the column of inputs: vectors, arrays of numbers, or numbers; {@code features} at first.
   */
  public SparkTrainer featuresCol(String name) {
    columns.features = Objects.requireNonNull(name, "name");
    return this;
  }

  /** Sets the column of targets, of the same kinds; {@code label} at first. */
  public SparkTrainer labelCol(String name) {
    columns.label = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sets a column of row numbers 0 … n − 1. Without it rows are numbered as they come, which is the
   * same in another run only if their order is: that of a file, say.
   */
  public SparkTrainer indexCol(String name) {
    columns.index = Objects.requireNonNull(name, "name");
    return this;
  }

  /** Sets the shape of one input, {@code 1, 8, 8} say; a vector without it. */
  public SparkTrainer inputShape(int... shape) {
    inputShape = shape.clone();
    return this;
  }

  /**
   * Sets the shape of one target, {@code 1} for a number that the model's one output should be,
   * say. Without it a single number is a class index, of shape {@code []}, and several are a
   * vector.
   */
  public SparkTrainer targetShape(int... shape) {
    targetShape = shape.clone();
    return this;
  }

  /**
   * Trains as {@link Trainer#fit} does.
   *
   * @param samples the rows, in any partitions and order
   * @return the trainer's history
   * @throws IllegalArgumentException if there are none, they are of different widths, have a null,
   *     or their indices are not 0 … n − 1, each once; the message names the row. Also if a module
   *     of your own is not in the {@link #registry}
   * @throws RuntimeException what {@link Trainer#fit} or a task throws, as on one machine
   * @throws IllegalStateException if the cluster cannot do its part, because executors die again
   *     and again, say
   */
  public History fit(JavaRDD<Sample> samples) {
    return fit(samples.map(RowData::of), "input", "target");
  }

  /**
   * Trains as {@link #fit(JavaRDD)} does, on the rows of a table.
   *
   * @throws IllegalArgumentException also if a column is missing, or holds no numbers
   */
  public History fit(Dataset<Row> table) {
    return fit(
        TableRows.of(table, columns), "column " + columns.features, "column " + columns.label);
  }

  private History fit(JavaRDD<RowData> rows, String input, String target) {
    rows.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      RowScan scan = new RowScan(rows, input, target);
      return trainer.fit(
          new ClusterSamples(
              rows, scan.size, scan.inputShape(inputShape), scan.targetShape(targetShape)));
    } finally {
      ClusterJob.run(
          () -> {
            blocks.forget();
            return rows.unpersist(false);
          });
    }
  }

  /** The trainer, and what the rows are read from. */
  @Override
  public String toString() {
    return "SparkTrainer(" + trainer + ")";
  }
}
