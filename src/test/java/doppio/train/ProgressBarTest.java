package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.loss.CrossEntropy;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBarTest {
  private static final String LINE =
      ": loss \\d\\.\\d{4}, validation loss \\d\\.\\d{4}, accuracy \\d\\.\\d{4};"
          + " [\\d,]+ samples/s";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void withoutATerminalThereIsALineAnEpoch() {
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
  void theSilentStyleWritesNothing() {
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.SILENT);
    Trainer trainer = new Problem(1).trainer().callback(bar);
    trainer.callback(stopAfter(7)).fit(Problem.DATA);
    assertThat(text()).isEmpty();
  }

  @Test
  void theStyleForTerminalsIsSilentElsewhere() {
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.TERMINAL);
    assertThat(bar).hasToString("ProgressBar(SILENT)");
    new Problem(1).trainer().callback(bar).callback(stopAfter(7)).fit(Problem.DATA);
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
  void durationsAndNumbersAreShort() {
    assertThat(EpochText.duration(7.4)).isEqualTo("0:07");
    assertThat(EpochText.duration(754)).isEqualTo("12:34");
    assertThat(EpochText.duration(3723)).isEqualTo("1:02:03");
    assertThat(EpochText.shortDuration(7.4)).isEqualTo("7s");
    assertThat(EpochText.shortDuration(100)).isEqualTo("1m");
    assertThat(EpochText.shortDuration(5999)).isEqualTo("99m");
    assertThat(EpochText.shortDuration(6000)).isEqualTo("1h");
    assertThat(EpochText.shortDuration(400_000)).isEqualTo("4d");
    assertThat(EpochText.number(0)).isEqualTo("0.0000");
    assertThat(EpochText.number(0.01)).isEqualTo("0.0100");
    assertThat(EpochText.number(0.00123456)).isEqualTo("1.235e-03");
    assertThat(EpochText.number(-123456)).isEqualTo("-1.235e+05");
    assertThat(EpochText.number(Double.NaN)).isEqualTo("NaN");
    assertThat(EpochText.epoch(3, 100)).isEqualTo("epoch   3/100");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 30, 40, 60, 80, 200})
  void theBarFitsTheTerminal(int columns) {
    for (String label :
        List.of("", "训练\uD83D\uDE80", "a label that is long enough to be cut off")) {
      bytes.reset();
      ProgressBar bar = new ProgressBar(out, ProgressBar.Style.BAR).label(label).columns(columns);
      new Problem(1).trainer().callback(bar).fit(Problem.DATA);
      String first = text().substring(0, text().indexOf('\r'));
      assertThat(Columns.of(first)).isLessThan(columns);
      assertThat(first)
          .doesNotContain("?")
          .startsWith(label.isEmpty() ? "epoch" : label.substring(0, 2));
      if (columns >= 40 && label.length() < 10) {
        assertThat(first)
            .matches(".*epoch 1/3 (\\[#*-+\\] )?loss \\d\\.\\d{4}, .*(left|\\d[\\ds])");
      }
      if (columns == 40 && label.isEmpty()) {
        assertThat(first).matches("epoch 1/3 \\[#*-+\\] loss \\d\\.\\d{4}, \\d:\\d\\d left");
      }
      if (columns == 200) {
        assertThat(first).matches(".*\\[#{4}-{20}\\] loss .* samples/s, \\d+:\\d\\d left");
      }
    }
  }

  @Test
  void aLineCoversALongerBarOfWideCharacters() {
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.BAR).label("训练训练训练训练");
    new Problem(1).trainer().metric("m", (p, t) -> 1).callback(bar).fit(Problem.DATA);
    String[] drawn = text().substring(0, text().indexOf('\n')).split("\r", -1);
    assertThat(drawn.length).isGreaterThan(1);
    for (int i = 1; i < drawn.length; i++) {
      assertThat(Columns.of(drawn[i]))
          .isGreaterThanOrEqualTo(Columns.of(drawn[i - 1].stripTrailing()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000, Integer.MAX_VALUE})
  void anyBatchSizeHasABar(int batchSize) {
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.BAR);
    new Problem(1).trainer().batchSize(batchSize).callback(bar).fit(Problem.DATA);
    assertThat(text().lines().filter(l -> l.contains("epoch 3/3: loss"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 22, Integer.MAX_VALUE})
  void aBatchSizeThatIsChangedInMidEpochHoldsFromTheNextOneOn(int batchSize) {
    Trainer trainer = new Problem(1).trainer();
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.BAR);
    trainer.callback(Recorder.onBatch(t -> trainer.batchSize(batchSize))).callback(bar);
    History history = trainer.fit(Problem.DATA);
    int later = (int) ((22L + batchSize - 1) / batchSize);
    assertThat(history.epochs()).extracting(EpochResult::batches).containsExactly(6, later, later);
    assertThat(text().lines().filter(l -> l.contains("epoch 3/3: loss"))).hasSize(1);
  }

  @Test
  void fewerEpochsOnTheWayLeaveNoNegativeTime() {
    Trainer trainer = new Problem(1).trainer();
    trainer.callback(Recorder.onBatch(t -> trainer.epochs(1)));
    trainer.callback(new ProgressBar(out, ProgressBar.Style.BAR)).fit(Problem.DATA);
    assertThat(text()).doesNotContain(":-", "-:").contains("epoch 1/1: loss");
  }

  @Test
  void theEpochThatWasRestoredIsTold() {
    double[] scores = {3, 1, 2};
    int[] at = {0};
    Problem problem = new Problem(1);
    new Trainer(problem.model, new CrossEntropy(), problem.optimizer)
        .epochs(3)
        .validation(Problem.HELD_OUT)
        .metric("score", (p, t) -> scores[at[0]++])
        .callback(new ProgressBar(out, ProgressBar.Style.LINES).label("a"))
        .callback(new EarlyStopping(2).watch(Monitor.highest("score")).restoreBest())
        .fit(Problem.DATA);
    assertThat(text().lines().toList()).last().isEqualTo("a, the model is that of epoch 1");
  }

  @Test
  void settingsOutOfRangeAreRefusedByName() {
    ProgressBar bar = new ProgressBar(out);
    assertThatThrownBy(() -> bar.columns(19))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("columns must be at least 20, got 19");
    for (String bad : List.of("a\nb", "\t", "\u001b[1m")) {
      assertThatThrownBy(() -> bar.label(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a label has no control characters, got \"" + bad + "\"");
    }
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

  /** A clock that goes on by a second whenever it is looked at. */
  private static LongSupplier seconds() {
    AtomicLong now = new AtomicLong();
    return () -> now.getAndAdd(1_000_000_000);
  }

  @Test
  void theTimeLeftIsThatOfTheBatchesAndValidationsLeft() {
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.BAR, seconds()).columns(200);
    new Problem(1).trainer().callback(bar).fit(Problem.DATA);
    List<String> left =
        Pattern.compile("(\\d+:\\d\\d) left")
            .matcher(text())
            .results()
            .map(m -> m.group(1))
            .toList();
    // A batch takes a second. Of 18 there are 17 left after the first; a validation of 9 samples
    // counts as 9/4 of a third of a batch, 3/4 s, until one has taken its second.
    assertThat(left)
        .containsExactly(
            "0:19", "0:18", "0:17", "0:16", "0:15", "0:14", "0:14", "0:13", "0:12", "0:11", "0:10",
            "0:09", "0:08", "0:07", "0:06", "0:05", "0:04", "0:03", "0:02", "0:01");
  }

  @Test
  void theBarGrowsWithTheBatches() {
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.BAR, seconds()).columns(200);
    new Problem(1).trainer().epochs(1).callback(bar).fit(Problem.DATA);
    List<String> bars =
        Pattern.compile("\\[[#-]+]").matcher(text()).results().map(m -> m.group()).toList();
    assertThat(bars).hasSize(6);
    for (int i = 0; i < 6; i++) {
      int filled = 4 * (i + 1);
      assertThat(bars.get(i)).isEqualTo("[" + "#".repeat(filled) + "-".repeat(24 - filled) + "]");
    }
  }

  @Test
  void aBarIsRedrawnTenTimesASecondAtMost() {
    // The time of the JVM may be negative.
    for (long start : new long[] {0, -Long.MAX_VALUE / 2, Long.MAX_VALUE / 2}) {
      bytes.reset();
      AtomicLong now = new AtomicLong(start);
      LongSupplier clock = () -> now.getAndAdd(50_000_000);
      ProgressBar bar = new ProgressBar(out, ProgressBar.Style.BAR, clock);
      new Problem(1).trainer().epochs(1).callback(bar).fit(Problem.DATA);
      // At 50, 150 and 250 ms of 50 to 300: the first at once, the others 100 ms after the one
      // before.
      assertThat(text().split("\\[[#-]+]", -1)).hasSize(4);
    }
  }

  @Test
  void whatIsDrawnIsSeenAtOnce() {
    PrintStream lazy =
        new PrintStream(new BufferedOutputStream(bytes, 1 << 16), false, StandardCharsets.UTF_8);
    List<Integer> sizes = new ArrayList<>();
    new Problem(1)
        .trainer()
        .callback(new ProgressBar(lazy, ProgressBar.Style.BAR, seconds()))
        .callback(Recorder.onBatch(t -> sizes.add(bytes.size())))
        .callback(Recorder.onEpoch(t -> sizes.add(bytes.size())))
        .fit(Problem.DATA);
    assertThat(sizes).hasSize(21).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aFailureLeavesTheLineOfTheBar() {
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.BAR);
    Trainer trainer = new Problem(1).trainer().callback(bar);
    trainer.callback(
        Recorder.onBatch(
            t -> {
              throw new IllegalStateException("failed");
            }));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA)).hasMessage("failed");
    assertThat(text()).startsWith("epoch 1/3 [").endsWith(System.lineSeparator());
    assertThat(text().lines()).hasSize(1);
  }

  @Test
  void anInterruptionBetweenTwoEpochsNamesTheEpoch() {
    ProgressBar bar = new ProgressBar(out, ProgressBar.Style.LINES);
    Trainer trainer = new Problem(1).trainer().callback(bar);
    trainer.callback(Recorder.onEpoch(t -> trainer.interrupt()));
    trainer.fit(Problem.DATA);
    assertThat(text().lines().toList().get(1)).isEqualTo("interrupted after epoch 1");
  }

  @Test
  void itPrintsItsLabelAndStyle() {
    assertThat(new ProgressBar(out).label("a")).hasToString("ProgressBar(a, LINES)");
  }
}
