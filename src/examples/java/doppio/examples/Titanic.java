package doppio.examples;

import doppio.Generator;
import doppio.metric.CrossValidation;
import doppio.metric.Report;
import doppio.table.Classifier;
import doppio.table.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who survived: a table with words, numbers and gaps, from the file to a report, to what mattered,
 * and to the answer for one passenger.
 *
 * <p>The columns of {@code titanic.csv} are those that the record names; others are passed over.
 * Without the file the passengers are made up.
 */
public final class Titanic {
  private static final int MADE_UP = 400;
  private static final int FOLDS = 5;
  private static final int REPETITIONS = 5;

  /** A passenger; what is a class of tickets is no number to calculate with. */
  public record Passenger(
      boolean survived,
      int pclass,
      String sex,
      Double age,
      int sibsp,
      int parch,
      double fare,
      String embarked) {}

  private Titanic() {}

  /** Takes {@code --data}, {@code --seed} and {@code --epochs}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Learns who survived, and what that depended on.")
            .option("data", "a folder with titanic.csv (made-up passengers without it)")
            .option("epochs", "epochs at most (100)")
            .seed()
            .parse(args);
    int seed = options.number("seed", 0, 66);
    Generator generator = new Generator(seed);
    Path folder = options.folder("data", null);
    List<Passenger> rows =
        folder == null
            ? madeUp(generator)
            : Rows.read(folder.resolve("titanic.csv"), Passenger.class);
    Classifier<Passenger> settings =
        Classifier.of(Passenger.class, "survived")
            .categorical("pclass")
            .log("fare")
            .seed(seed)
            .trainer(trainer -> trainer.epochs(options.number("epochs", 1, 100)));

    Rows.Split<Passenger> parts = Rows.split(rows, 0.8, "survived", generator);
    Classifier<Passenger> survived = settings.fit(parts.first());
    Report report = survived.report(parts.second());
    System.out.println(report);
    System.out.println(report.matrix());
    System.out.println("what the accuracy loses without a column:");
    System.out.println(survived.importance(parts.second(), REPETITIONS, generator));

    Passenger asked = new Passenger(false, 1, "female", 30.0, 0, 1, 80, "C");
    System.out.println(asked + "\n  survives: " + survived.predict(asked).probability("true"));

    System.out.println(
        "accuracy of "
            + FOLDS
            + " folds: "
            + CrossValidation.of(FOLDS, generator)
                .scores(
                    rows,
                    Passenger::survived,
                    (train, test) -> settings.fit(train).report(test).accuracy()));
  }

  /** Women and children first, and the first class before the third. */
  private static List<Passenger> madeUp(Generator generator) {
    List<Passenger> rows = new ArrayList<>();
    for (int i = 0; i < MADE_UP; i++) {
      int pclass = 1 + i % 3;
      boolean female = generator.uniform() < 0.4;
      double age = Math.max(1, Math.rint(30 + 14 * generator.normal()));
      double chances = (female ? 2.5 : -0.5) + (age < 12 ? 2 : 0) - 0.8 * (pclass - 1);
      rows.add(
          new Passenger(
              chances + generator.normal() > 0,
              pclass,
              female ? "female" : "male",
              generator.uniform() < 0.2 ? null : age,
              i % 2,
              i % 5 / 4,
              Math.rint(90.0 / pclass + 5 * generator.normal()),
              "CQS".substring(i % 3, i % 3 + 1)));
    }
    return rows;
  }
}
