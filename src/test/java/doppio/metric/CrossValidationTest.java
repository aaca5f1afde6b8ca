package doppio.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrossValidationTest {
  private final List<Integer> rows = IntStream.range(0, 23).boxed().toList();

  @Test
  void everyRowIsHeldOutOnce() {
    List<Integer> held = new ArrayList<>();
    CrossValidation.Scores scores =
        CrossValidation.of(5, new Generator(1))
            .scores(
                rows,
                (train, test) -> {
                  assertThat(train).hasSize(23 - test.size()).doesNotContainAnyElementsOf(test);
                  held.addAll(test);
                  return test.size();
                });
    assertThat(held).containsExactlyInAnyOrderElementsOf(rows);
    assertThat(scores.values()).containsExactlyInAnyOrder(4.0, 4.0, 5.0, 5.0, 5.0);
    assertThat(scores.mean()).isEqualTo(4.6);
    assertThat(scores.deviation()).isEqualTo(Math.sqrt(0.24));
    assertThat(scores).hasToString("4.6000 +/- 0.4899");
  }

  @Test
  void aClassIsSpreadOverTheFolds() {
    CrossValidation.of(4, new Generator(2))
        .scores(
            rows,
            row -> row % 5 == 0 ? null : "other",
            (train, test) -> {
              assertThat(test).filteredOn(row -> row % 5 == 0).hasSizeBetween(1, 2);
              return 0;
            });
  }

  @Test
  void theGeneratorDecidesTheFolds() {
    CrossValidation folds = CrossValidation.of(3, new Generator(3));
    int[] first = folds.assign(rows);
    assertThat(CrossValidation.of(3, new Generator(3)).assign(rows)).isEqualTo(first);
    assertThat(folds.assign(rows)).isNotEqualTo(first);
  }

  @Test
  void asManyFoldsAsRowsHoldOutOneEach() {
    CrossValidation folds = CrossValidation.of(23, new Generator(4));
    assertThat(folds).hasToString("CrossValidation(folds 23)");
    assertThat(folds.assign(rows))
        .containsExactlyInAnyOrder(rows.stream().mapToInt(i -> i).toArray());
  }

  @Test
  void fewerRowsThanFoldsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrossValidation.of(24, new Generator(1)).assign(rows))
        .withMessage("expected at least a row for each of 24 folds but got 23");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrossValidation.of(1, new Generator(1)))
        .withMessageContaining("folds");
  }
}
