package doppio.examples;

import doppio.Generator;
import doppio.loss.CrossEntropy;
import doppio.model.ModelFile;
import doppio.nn.Linear;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.spark.SparkModel;
import doppio.spark.SparkTrainer;
import doppio.train.Checkpoints;
import doppio.train.ProgressBar;
import doppio.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

public final class TrainOnSpark {
  public static void main(String[] args) throws IOException {
    SparkSession spark = SparkSession.builder().appName("digits").getOrCreate();
    Dataset<Row> table = spark.read().parquet(args[0]); // id, pixels, digit
    Path folder = Path.of(args[1]); // of the driver

    Generator generator = new Generator(66);
    Sequential model =
        new Sequential(new Linear(64, 128, generator), new ReLU(), new Linear(128, 10, generator));
    Trainer trainer =
        new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 1e-3))
            .epochs(5)
            .batchSize(512)
            .shuffle(generator)
            .callback(new ProgressBar(System.out))
            .callback(Checkpoints.everyEpochs(1, folder.resolve("training.safetensors")));
    new SparkTrainer(trainer, 64).featuresCol("pixels").labelCol("digit").indexCol("id").fit(table);
    ModelFile.save(folder.resolve("digits.safetensors"), model);

    Dataset<Row> answered = new SparkModel(model).featuresCol("pixels").transform(table);
    System.out.println(answered.where("prediction = digit").count() + " digits are read right");
  }
}
