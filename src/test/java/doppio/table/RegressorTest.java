package doppio.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.io.SafeTensors;
import doppio.model.Registry;
import doppio.nn.Description;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Sequential;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegressorTest {
  record Point(double x, String side, Double weight, double y) {}

  @TempDir private Path folder;

  private final List<Point> rows = new ArrayList<>();

  RegressorTest() {
    Generator generator = new Generator(1);
    for (int i = 0; i < 120; i++) {
      double x = generator.normal();
      String side = i % 2 == 0 ? "left" : "right";
      rows.add(new Point(x, side, i % 2 == 0 ? 1.0 : 0.0, 1000 + 50 * x + (i % 2 == 0 ? 0 : 100)));
    }
  }

  private static Regressor<Point> settings() {
    return Regressor.of(Point.class, "y").seed(1).trainer(t -> t.epochs(40));
  }

  @Test
  void learnsNumbersInTheirOwnUnit() {
    Regressor<Point> y = settings().without("weight").fit(rows);
    assertThat(y.predict(new Point(0.5, "right", null, 0))).isCloseTo(1125, within(10.0));
    Regressor.Report report = y.report(rows);
    assertThat(report.rSquared()).isGreaterThan(0.99);
    assertThat(report.meanAbsoluteError()).isLessThan(report.rootMeanSquaredError()).isLessThan(6);
    assertThat(report.toString()).matches("R2 (0.99..|1.0000), MAE .*, RMSE .* on 120 rows");
    assertThat(y.importance(rows, 2, new Generator(1)).drops().get("x").mean()).isPositive();
  }

  @Test
  void oneFileBringsBackTheSameAnswers() throws IOException {
    Regressor<Point> y = settings().log("weight").fit(rows);
    Path file = folder.resolve("y.doppio");
    y.save(file);
    double[] answers = y.predict(rows);
    assertThat(Regressor.load(file, Point.class).predict(rows)).isEqualTo(answers);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(Regressor.load(bytes, Point.class).predict(rows)).isEqualTo(answers);
    assertThat(Regressor.load(new ByteArrayInputStream(bytes), Point.class).predict(rows))
        .isEqualTo(answers);
  }

  private static final class Double2 extends Layer {
    @Override
    protected void compute(Tensor x, Tensor y) {
      for (int i = 0; i < x.size(); i++) {
        y.data()[i] = 2 * x.data()[i];
      }
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      compute(gy, gx);
    }

    @Override
    public Description<Double2> describe() {
      return Description.of(parts -> new Double2());
    }
  }

  @Test
  void aModuleOfOnesOwnIsNamedForEveryKindOfFile() throws IOException {
    Registry own = Registry.of("Double2", Double2.class, parts -> new Double2());
    Regressor<Point> y =
        settings()
            .registry(own)
            .network((in, out) -> new Sequential(new Linear(in, out), new Double2()))
            .fit(rows);
    Path file = folder.resolve("own.doppio");
    y.save(file);
    byte[] bytes = Files.readAllBytes(file);
    for (Regressor<Point> loaded :
        List.of(
            Regressor.load(file, Point.class, own),
            Regressor.load(bytes, Point.class, own),
            Regressor.load(new ByteArrayInputStream(bytes), Point.class, own))) {
      assertThat(loaded.predict(rows)).isEqualTo(y.predict(rows));
      loaded.save(file);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regressor.load(bytes, Point.class))
        .withMessageContaining("Double2");
  }

  @Test
  void rowsThatWeighNothingTeachNothing() {
    List<Point> both = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      both.add(new Point(1, "left", i % 2 == 0 ? 1.0 : 0.0, i % 2 == 0 ? 10 : 20));
    }
    Regressor<Point> y = settings().weights("weight").fit(both);
    assertThat(y.predict(both.get(0))).isCloseTo(10, within(0.5));
    assertThat(settings().fit(both.subList(0, 1)).predict(both.get(0))).isCloseTo(10, within(0.5));
  }

  @Test
  void theWeightedLossHasTheGradientOfItsValue() {
    GradientCheck.check(
        new WeightedMSE(),
        Tensor.of(new double[][] {{1}, {-2}, {0.5}}),
        Tensor.of(new double[][] {{2, 0.5}, {1, 2}, {0, 0}}));
    assertThat(
            new WeightedMSE()
                .forward(
                    Tensor.of(new double[][] {{1}, {3}}),
                    Tensor.of(new double[][] {{0, 3}, {1, 0.5}})))
        .isEqualTo(2.5);
    Tensor answers = Tensor.zeros(3, 1);
    for (Tensor[] wrong :
        new Tensor[][] {{Tensor.zeros(3), Tensor.zeros(3, 2)}, {answers, answers}}) {
      assertThatThrownBy(() -> new WeightedMSE().forward(wrong[0], wrong[1]))
          .isInstanceOf(ShapeException.class)
          .hasMessageStartingWith("expected a network with one output");
    }
    assertThatThrownBy(
            () -> settings().weights("weight").network((in, out) -> new Linear(in, 2)).fit(rows))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("a network with one output");
  }

  @Test
  void anAnswerThatIsNoNumberIsRefused() {
    Regressor<Point> y = settings().without("weight", "side").fit(rows);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> y.predict(List.of(rows.get(0), new Point(1e308, "left", null, 0))))
        .withMessageStartingWith("row 1: the network has no finite answer");
  }

  @Test
  void aFileWithFiguresThatCannotBeIsRefused() throws IOException {
    Path file = folder.resolve("y.doppio");
    settings().without("weight", "side").fit(rows).save(file);
    SafeTensors.Contents contents = SafeTensors.read(file);
    String text = contents.metadata().get("doppio.table");
    Map<String, String> damaged = new HashMap<>(contents.metadata());
    damaged.put("doppio.table", text.replaceFirst(" y \\S+ \\S+", " y 1.0 0.0"));
    SafeTensors.save(file, new SafeTensors.Contents(contents.tensors(), damaged));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regressor.load(file, Point.class))
        .withMessage(file + ": mean and std of y must be finite, std positive, got [1.0, 0.0]");
    for (String figures : new String[] {"1.0", "", "1.0 NaN", "-1.0E308 -1.0", "1.0E308 1.0E308"}) {
      String written = figures.isEmpty() ? "" : " " + figures;
      damaged.put("doppio.table", text.replaceFirst(" y \\S+ \\S+", " y" + written));
      SafeTensors.save(file, new SafeTensors.Contents(contents.tensors(), damaged));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Regressor.load(file, Point.class))
          .withMessage(
              "%s: mean and std of y must be finite, std positive, got [%s]",
              file, figures.replace(" ", ", "));
    }
    damaged.put("doppio.table", text.replaceFirst("^1", "2"));
    SafeTensors.save(file, new SafeTensors.Contents(contents.tensors(), damaged));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regressor.load(file, Point.class))
        .withMessage(file + ": expected version 1 of a Regressor but got version 2 of a Regressor");
    damaged.put("doppio.table", text.replaceFirst("NUMBER \\S+", "NUMBER Infinity"));
    SafeTensors.save(file, new SafeTensors.Contents(contents.tensors(), damaged));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regressor.load(file, Point.class))
        .withMessageContaining("x: mean and std must be finite, std not negative, got Infinity");
    for (String figures : new String[] {"0.0 -1.0", "1.0E308 1.0E308"}) {
      damaged.put("doppio.table", text.replaceFirst("NUMBER \\S+ \\S+", "NUMBER " + figures));
      SafeTensors.save(file, new SafeTensors.Contents(contents.tensors(), damaged));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Regressor.load(file, Point.class))
          .withMessageEndingWith("std not negative, got " + figures.replace(" ", " and "));
    }
    damaged.put("doppio.table", text.substring(0, text.indexOf('\n')));
    SafeTensors.save(file, new SafeTensors.Contents(contents.tensors(), damaged));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regressor.load(file, Point.class))
        .withMessage(file + ": metadata doppio.table: there is no column");
  }

  @Test
  void aTargetThatDoesNotVaryIsLearnedAndSaved() throws IOException {
    List<Point> same = List.of(new Point(1, "a", 1.0, 5), new Point(2, "a", 1.0, 5));
    Regressor<Point> y = settings().fit(same);
    assertThat(y.answers()).containsExactly("5.0", "1.0");
    Path file = folder.resolve("same.doppio");
    y.save(file);
    assertThat(Regressor.load(file, Point.class).predict(same)).isEqualTo(y.predict(same));
  }

  @Test
  void targetsThatAreNoNumbersAreRefused() {
    List<Point> infinite = List.of(new Point(1, "a", 1.0, 1), new Point(1, "a", 1.0, 1 / 0.0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings().fit(infinite))
        .withMessage("row 1, y: expected a finite number but got Infinity");
    List<Point> gap = List.of(new Point(1, "a", 1.0, Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings().fit(gap))
        .withMessage("row 0, y: the value is missing");
    assertThatIllegalArgumentException().isThrownBy(() -> settings().fit(List.of()));
  }
}
