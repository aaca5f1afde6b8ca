/**
 * Training on Apache Spark with the bits of one machine, and predictions for a {@code Dataset}.
 *
 * <p>A {@link doppio.spark.SparkTrainer} is a {@link doppio.train.Trainer} whose gradient blocks
 * are computed by executors; a {@link doppio.spark.SparkModel} adds predictions to a table.
 */
package doppio.spark;
