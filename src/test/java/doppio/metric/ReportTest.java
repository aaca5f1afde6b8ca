package doppio.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The texts are what {@code classification_report} of scikit-learn 1.9.1 prints. */
class ReportTest {
  private static Report report(int[] actual, int[] predicted, String... names) {
    Tensor predictions = Tensor.zeros(actual.length, names.length);
    Tensor targets = Tensor.zeros(actual.length);
    for (int i = 0; i < actual.length; i++) {
      predictions.set(1, i, predicted[i]);
      targets.set(actual[i], i);
    }
    return new Report(new ConfusionMatrix(predictions, targets, List.of(names)));
  }

  private static final int[] ACTUAL = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2};
  private static final int[] PREDICTED = {0, 0, 1, 2, 1, 1, 0, 2, 2, 2, 2, 2, 2, 2, 0, 1};

  private final Report report = report(ACTUAL, PREDICTED, "ab", "b", "a longer name", "absent");

  @Test
  void printsWhatScikitLearnPrintsAnAbsentClassIncluded() {
    assertThat(report)
        .hasToString(
            """
                           precision    recall  f1-score   support

                       ab       0.50      0.50      0.50         4
                        b       0.50      0.67      0.57         3
            a longer name       0.88      0.78      0.82         9
                   absent       0.00      0.00      0.00         0

                 accuracy                           0.69        16
                macro avg       0.47      0.49      0.47        16
             weighted avg       0.71      0.69      0.70        16
            """);
  }

  @Test
  void oneClassOnlyIsReportedToo() {
    assertThat(
            report(
                new int[] {1, 1, 1, 1, 1, 1, 1, 1},
                new int[] {1, 1, 1, 1, 1, 1, 1, 0},
                "no",
                "yes"))
        .hasToString(
            """
                          precision    recall  f1-score   support

                      no       0.00      0.00      0.00         0
                     yes       1.00      0.88      0.93         8

                accuracy                           0.88         8
               macro avg       0.50      0.44      0.47         8
            weighted avg       1.00      0.88      0.93         8
            """);
  }

  /** Of no samples the accuracy has no value, and the means are those of figures of 0. */
  @Test
  void noSamplesAreReportedToo() {
    Report none = report(new int[0], new int[0], "no", "yes");
    assertThat(none.weighted()).isEqualTo(new Report.Scores(0, 0, 0, 0));
    assertThat(none.toString()).contains("    accuracy                            nan         0\n");
  }

  @Test
  void halvesGoToTheEvenDigitAsInPython() {
    assertThat(
            report(new int[] {0, 0, 0, 0, 0, 0, 0, 0}, new int[] {0, 1, 1, 1, 1, 1, 1, 1}, "0", "1")
                .toString())
        .contains("           0       1.00      0.12      0.22         8\n");
  }

  @Test
  void theFiguresAreValuesToo() {
    assertThat(report.of("a longer name"))
        .isEqualTo(new Report.Scores(7 / 8.0, 7 / 9.0, 14 / 17.0, 9));
    assertThat(report.of("ab")).isEqualTo(new Report.Scores(0.5, 0.5, 0.5, 4));
    assertThat(report.of(3)).isEqualTo(new Report.Scores(0, 0, 0, 0));
    assertThat(report.macro().precision()).isEqualTo((0.5 + 0.5 + 7 / 8.0) / 4);
    assertThat(report.weighted().recall()).isEqualTo(11 / 16.0);
    assertThat(report.accuracy()).isEqualTo(11 / 16.0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> report.of("c"))
        .withMessage("no class c among [ab, b, a longer name, absent]");
  }

  @Test
  void theMatrixHasTheNamesOfTheClasses() {
    assertThat(report(new int[] {0, 1, 1}, new int[] {0, 1, 0}, "no", "perhaps").matrix())
        .hasToString(
            """
             actual | predicted
                    |      no perhaps    found
            --------+-------------------------
                 no |       1       .  100.0 %
            perhaps |       1       1   50.0 %
            """);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> report(new int[] {0}, new int[] {0}, "a"))
        .isInstanceOf(doppio.ShapeException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ConfusionMatrix(Tensor.zeros(1, 2), Tensor.zeros(1), List.of("a", "b", "c")))
        .withMessageContaining("a name for each of 2 classes");
  }
}
