package doppio.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Generator;
import doppio.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImportanceTest {
  private final List<Column> columns =
      List.of(
          new Column("size", "double", Column.Kind.NUMBER, 0, 1, true, Map.of()),
          new Column("price", "double", Column.Kind.NUMBER, 0, 1, false, Map.of()));

  /** Every number of the inputs says where it stood: row · 10 + column. */
  @Test
  void theInputsOfOneComponentAreShuffledTogetherAndNoOthers() {
    int n = 7;
    Tensor inputs = Tensor.zeros(n, 3);
    for (int i = 0; i < inputs.size(); i++) {
      inputs.data()[i] = i / 3 * 10 + i % 3;
    }
    List<double[]> seen = new ArrayList<>();
    Importance.of(
        columns,
        inputs,
        1,
        new Generator(1),
        x -> {
          seen.add(x.data().clone());
          return 0;
        });
    assertThat(seen).hasSize(3);
    int[] rowsOfSize = rows(seen.get(1), 0);
    assertThat(rowsOfSize).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
    assertThat(rowsOfSize).isNotEqualTo(rows(inputs.data(), 0));
    assertThat(rows(seen.get(1), 1)).isEqualTo(rowsOfSize);
    assertThat(rows(seen.get(1), 2)).isEqualTo(rows(inputs.data(), 2));
    assertThat(rows(seen.get(2), 0)).isEqualTo(rows(inputs.data(), 0));
    assertThat(rows(seen.get(2), 2)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void theGreatestLossOfScoreComesFirst() {
    double[] scores = {0.9, 0.8, 0.6, 0.5, 0.3};
    int[] asked = new int[1];
    Importance importance =
        Importance.of(columns, Tensor.zeros(2, 3), 2, new Generator(1), x -> scores[asked[0]++]);
    assertThat(importance.score()).isEqualTo(0.9);
    assertThat(importance.drops().keySet()).containsExactly("price", "size");
    assertThat(importance.drops().get("size").values()).containsExactly(0.9 - 0.8, 0.9 - 0.6);
    assertThat(importance.toString()).startsWith("score 0.9000\nprice                ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Importance.of(columns, Tensor.zeros(2, 3), 0, new Generator(1), x -> 0))
        .withMessage("repetitions must be at least 1, got 0");
  }

  /** The rows that the numbers of a column were in. */
  private static int[] rows(double[] x, int column) {
    int[] rows = new int[x.length / 3];
    Arrays.setAll(rows, i -> (int) (x[3 * i + column] - column) / 10);
    return rows;
  }
}
