package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private static final String LINE =
      ": loss \\d\\.\\d{4}, validation loss \\d\\.\\d{4}, accuracy \\d\\.\\d{4};"
          + " [\\d,]+ samples/s";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void linesElsewhere() {
    new Problem(1).trainer().callback(new ProgressBar(out)).fit(Problem.DATA);
    List<String> lines = text().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).matches("epoch 1/3" + LINE + ", \\d+:\\d\\d left");
    assertThat(lines.get(1)).matches("epoch 2/3" + LINE + ", \\d+:\\d\\d left");
    assertThat(lines.get(2)).matches("epoch 3/3" + LINE);
    assertThat(text()).doesNotContain("\r");
  }

  @Test
  void aBarIsRedrawnInPlace() {
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.BAR).label("Seed 7");
    new Problem(1).trainer().callback(bar).fit(Problem.DATA);
    String first = text().substring(0, text().indexOf('\r'));
    assertThat(first)
        .matches("Seed 7, epoch 1/3 \\[####-{20}\\] loss \\d\\.\\d{4}, [\\d,]+ samples/s, .*")
        .hasSizeLessThanOrEqualTo(79);
    assertThat(text()).matches("(?s).*\rSeed 7, epoch 1/3" + LINE + ".*");
    assertThat(text().lines().filter(l -> l.contains("epoch 3/3: loss"))).hasSize(1);
    assertThat(text()).endsWith(System.lineSeparator());
  }

  @Test
  void silence() {
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.SILENT);
    Trainer trainer = new Problem(1).trainer().callback(bar);
    trainer.callback(stopAfter(7)).fit(Problem.DATA);
    assertThat(text()).isEmpty();
  }

  @Test
  void theEndIsTold() {
    ProgressBar lines = new ProgressBar(out, ProgressBar.Style.LINES).label("a");
    Trainer trainer = new Problem(1).trainer().callback(lines);
    trainer.callback(
        new Callback() {
          @Override
          public void batch(Training training) {
            if (training.step() == 8) {
              trainer.interrupt();
            }
          }

          @Override
          public void epoch(Training training) {
            if (training.epoch() == 2) {
              training.stop();
            }
          }
        });
    trainer.fit(Problem.DATA);
    trainer.fit(Problem.DATA);
    List<String> lineList = text().lines().toList();
    assertThat(lineList).hasSize(4);
    assertThat(lineList.get(1)).isEqualTo("a, interrupted in epoch 2 after batch 2 of 6");
    assertThat(lineList.get(3)).isEqualTo("a, stopped after epoch 2");
  }

  @Test
  void durationsAndNumbers() {
    assertThat(EpochText.duration(7.4)).isEqualTo("0:07");
    assertThat(EpochText.duration(754)).isEqualTo("12:34");
    assertThat(EpochText.duration(3723)).isEqualTo("1:02:03");
    assertThat(EpochText.number(0)).isEqualTo("0.0000");
    assertThat(EpochText.number(0.01)).isEqualTo("0.0100");
    assertThat(EpochText.number(0.00123456)).isEqualTo("1.235e-03");
    assertThat(EpochText.number(-123456)).isEqualTo("-1.235e+05");
    assertThat(EpochText.number(Double.NaN)).isEqualTo("NaN");
    assertThat(EpochText.epoch(3, 100)).isEqualTo("epoch   3/100");
  }

  private static Callback stopAfter(int step) {
    return new Callback() {
      @Override
      public void batch(Training training) {
        if (training.step() == step) {
          training.stop();
        }
      }
    };
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
