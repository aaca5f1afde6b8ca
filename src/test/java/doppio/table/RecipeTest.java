package doppio.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.train.Callback;
import doppio.train.Training;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeTest {
  record Point(double x, double weight, double y) {}

  /** What the last epoch has left to look at. */
  private Training seen;

  private final Callback watching =
      new Callback() {
        @Override
        public void epoch(Training training) {
          seen = training;
        }
      };

  private static List<Point> points(int n) {
    List<Point> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      rows.add(new Point(i, 1 + i % 3, 2 * i));
    }
    return rows;
  }

  private Regressor<Point> settings() {
    return Regressor.of(Point.class, "y").progress(watching).trainer(t -> t.epochs(2));
  }

  @Test
  void theUsualNetworkHasTwoHiddenLayers() {
    assertThat(Recipe.USUAL.network(3, 2, new Generator(1)))
        .hasToString(
            "Sequential(\n  (0): Linear(3 → 128)\n  (1): ReLU()\n  (2): Linear(128 → 64)\n"
                + "  (3): ReLU()\n  (4): Linear(64 → 2)\n)");
  }

  /** In batches of 16: 45 rows are three, 49 rows are four. */
  @Test
  void aTenthIsHeldOutOfFiftyRowsOrMore() {
    settings()
        .trainer(t -> t.epochs(2).metric("rows", (predictions, targets) -> targets.dim(0)))
        .fit(points(50));
    assertThat(seen.batches()).isEqualTo(3);
    assertThat(seen.history().metric("rows")).containsExactly(5, 5);
    settings().fit(points(49));
    assertThat(seen.batches()).isEqualTo(4);
    assertThat(seen.history().validationLoss()).containsOnly(Double.NaN);
  }

  /** At such a rate no epoch is better than the first. */
  @Test
  void theTrainingEndsWhenNoEpochOfSomeWasBetter() {
    Recipe still = new Recipe(List.of(4), 1e-300, 0.1, 100, 16, 2);
    Regressor.of(Point.class, "y").progress(watching).recipe(still).fit(points(60));
    assertThat(seen.epoch()).isEqualTo(3);
    assertThat(seen.restoredEpoch()).isEqualTo(1);
    Regressor.of(Point.class, "y").progress(watching).recipe(still).fit(points(30));
    assertThat(seen.epoch()).isEqualTo(100);
  }

  @Test
  void rowsThatWeighMoreMayBeTrainedInBlocks() {
    List<Point> rows = points(40);
    double[] whole = settings().weights("weight").fit(rows).predict(rows);
    double[] blocks =
        settings()
            .weights("weight")
            .trainer(t -> t.epochs(2).gradientBlocks(5))
            .fit(rows)
            .predict(rows);
    assertThat(blocks).containsExactly(whole, within(1e-9));
  }
}
