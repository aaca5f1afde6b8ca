package doppio.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** Reads the samples of a table, row by row. */
final class TableRows implements Function<Tuple2<Row, Long>, RowData> {
  private static final long serialVersionUID = 1L;

  private final String features;
  private final String label;
  private final int featuresAt;
  private final int labelAt;

  private TableRows(Dataset<Row> table, Columns columns) {
    features = columns.features;
    label = columns.label;
    featuresAt = Columns.find(table.schema(), features, "featuresCol");
    labelAt = Columns.find(table.schema(), label, "labelCol");
  }

  /** The samples; rows that cannot be read say why. */
  static JavaRDD<RowData> of(Dataset<Row> table, Columns columns) {
    TableRows rows = new TableRows(table, columns);
    if (columns.index == null) {
      return table.javaRDD().zipWithIndex().map(rows);
    }
    String name = columns.index;
    int at = Columns.find(table.schema(), name, "indexCol");
    return table.javaRDD().map(row -> rows.indexed(row, at, name));
  }

  @Override
  public RowData call(Tuple2<Row, Long> numbered) {
    return read(numbered._1(), numbered._2());
  }

  private RowData indexed(Row row, int at, String name) {
    double index = row.isNullAt(at) ? Double.NaN : Columns.numbers(row, at, name)[0];
    return index == Math.rint(index)
        ? read(row, (long) index)
        : new RowData(-1, null, null, "column " + name + " has no whole number in row " + row);
  }

  private RowData read(Row row, long index) {
    try {
      double[] input = Columns.numbers(row, featuresAt, features);
      return new RowData(index, input, Columns.numbers(row, labelAt, label), null);
    } catch (IllegalArgumentException e) {
      return new RowData(index, null, null, "row " + index + ": " + e.getMessage());
    }
  }
}
