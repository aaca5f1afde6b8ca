package doppio.spark;

import doppio.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Adds predictions to the rows of a partition, a batch at a time. */
final class PredictionTask implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;
  private static final int BATCH = 256;

  private final Broadcast<RemoteInference> model;
  private final int featuresAt;
  private final String features;

  PredictionTask(Broadcast<RemoteInference> model, int featuresAt, String features) {
    this.model = model;
    this.featuresAt = featuresAt;
    this.features = features;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Iterator<>() {
      private final Deque<Row> answered = new ArrayDeque<>();

      @Override
      public boolean hasNext() {
        return !answered.isEmpty() || rows.hasNext();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (answered.isEmpty()) {
          answer(rows, answered);
        }
        return answered.pop();
      }
    };
  }

  private void answer(Iterator<Row> rows, Deque<Row> answered) {
    List<Row> batch = new ArrayList<>();
    List<double[]> inputs = new ArrayList<>();
    while (batch.size() < BATCH && rows.hasNext()) {
      Row row = rows.next();
      batch.add(row);
      inputs.add(numbers(row, inputs));
    }
    Tensor outputs = model.value().infer(inputs.toArray(double[][]::new));
    int width = outputs.size() / batch.size();
    for (int i = 0; i < batch.size(); i++) {
      double[] output = Arrays.copyOfRange(outputs.data(), i * width, (i + 1) * width);
      answered.add(with(batch.get(i), output));
    }
  }

  private double[] numbers(Row row, List<double[]> before) {
    double[] numbers;
    try {
      numbers = Columns.numbers(row, featuresAt, features);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + " in row " + row, e);
    }
    if (!before.isEmpty() && before.get(0).length != numbers.length) {
      throw new IllegalArgumentException(
          "column "
              + features
              + " has another width than in the rows before: "
              + numbers.length
              + ", not "
              + before.get(0).length
              + ", in row "
              + row);
    }
    return numbers;
  }

  private static Row with(Row row, double[] output) {
    Object[] values = new Object[row.size() + 2];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    values[row.size()] = Vectors.dense(output);
    values[row.size() + 1] = output.length == 1 ? output[0] : (double) largest(output);
    return RowFactory.create(values);
  }

  /** The index of the largest, of the first of several. */
  private static int largest(double[] output) {
    int largest = 0;
    for (int i = 1; i < output.length; i++) {
      if (output[i] > output[largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
