package doppio.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** The columns of a table that hold numbers: vectors, arrays of numbers, numbers. */
final class Columns implements Serializable {
  private static final long serialVersionUID = 1L;

  String features = "features";
  String label = "label";

  /** Null where rows are numbered as they come. */
  String index;

  /**
   * Where a column stands.
   *
   * @throws IllegalArgumentException if there is none of this name, or it holds no numbers
   */
  static int find(StructType schema, String name, String setting) {
    Objects.requireNonNull(name, setting);
    int at = Arrays.asList(schema.fieldNames()).indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException(
          "there is no column "
              + name
              + " among "
              + Arrays.toString(schema.fieldNames())
              + "; name another by "
              + setting
              + "(…)");
    }
    DataType type = schema.fields()[at].dataType();
    boolean isNumeric =
        type instanceof NumericType
            || (type instanceof ArrayType array && array.elementType() instanceof NumericType)
            || type.equals(SQLDataTypes.VectorType());
    if (!isNumeric) {
      throw new IllegalArgumentException(
          "the column "
              + name
              + " is of type "
              + type.simpleString()
              + "; expected a vector, an array of numbers or a number");
    }
    return at;
  }

  /**
   * The numbers in a column of a row.
   *
   * @throws IllegalArgumentException if it is null or has a null
   */
  static double[] numbers(Row row, int at, String name) {
    if (row.isNullAt(at)) {
      throw new IllegalArgumentException("column " + name + " is null");
    }
    Object value = row.get(at);
    if (value instanceof Vector vector) {
      return vector.toArray();
    }
    if (value instanceof Number number) {
      return new double[] {number.doubleValue()};
    }
    List<Number> list = row.getList(at);
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (list.get(i) == null) {
        throw new IllegalArgumentException("column " + name + " has null at position " + i);
      }
      numbers[i] = list.get(i).doubleValue();
    }
    return numbers;
  }
}
