package doppio.pages;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.examples.TrainOnSpark;
import doppio.metric.Metric;
import doppio.metric.Predictions;
import doppio.model.ModelFile;
import doppio.nn.Module;
import doppio.spark.test.Cluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** The program on the page about Spark runs. */
class SparkPageTest {
  private static final Path PROGRAM =
      Path.of("src/spark-test/java/doppio/examples/TrainOnSpark.java");
  private static final int PIXELS = 64;
  private static final int ROWS = 600;
  private static final double WHITE = 16;

  @TempDir private Path folder;

  @Test
  void thePageHasTheProgramWordForWord() throws IOException {
    String program = Files.readString(PROGRAM);
    assertThat(Page.read(Page.SITE.resolve("spark.md")).java())
        .extracting(Page.Block::code)
        .extracting(String::strip)
        .containsExactly(program.substring(program.indexOf("public final class")).strip());
  }

  /** Hadoop, which reads the file, asks for what a JDK from 24 on has dropped. */
  @Test
  @DisabledForJreRange(minVersion = 24)
  void theProgramTrainsOnATableAndReadsDigits() throws IOException {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (Cluster cluster = Cluster.start("local[2]")) {
      Path table = folder.resolve("digits");
      cluster.session().createDataFrame(rows(), schema()).write().parquet(table.toString());
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      TrainOnSpark.main(new String[] {table.toString(), folder.toString()});
    } finally {
      System.setOut(out);
    }
    String last = printed.toString(StandardCharsets.UTF_8).strip().replaceAll("(?s).*\\n", "");
    assertThat(folder.resolve("training.safetensors")).exists();
    Module model = ModelFile.load(folder.resolve("digits.safetensors"));
    Dataset seen = Digits.load().scale(1 / WHITE).slice(0, ROWS);
    double right = ROWS * Metric.accuracy().of(Predictions.of(model, seen), seen.targets());
    assertThat(last).isEqualTo(Math.round(right) + " digits are read right");
  }

  private static StructType schema() {
    return new StructType()
        .add("id", DataTypes.IntegerType)
        .add("pixels", DataTypes.createArrayType(DataTypes.DoubleType))
        .add("digit", DataTypes.DoubleType);
  }

  private static List<Row> rows() {
    Dataset digits = Digits.load().scale(1 / WHITE);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double[] pixels = Arrays.copyOfRange(digits.inputs().data(), i * PIXELS, (i + 1) * PIXELS);
      rows.add(
          RowFactory.create(i, Arrays.stream(pixels).boxed().toList(), digits.targets().get(i)));
    }
    return rows;
  }
}
